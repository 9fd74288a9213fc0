"""What happened in a home, newest first: visits, moves, and every changed field with its old and its new words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Q

from accounts.masking import mask_name, mask_numbers
from accounts.models import User
from accounts.sealed import SealedTextField
from grids.models import Care, Change, Dwelling, HomeEvent, Household, Need, Resident, Tenancy, Visit

SHOWN = 20  # of each kind
ROWS: dict[str, type[models.Model]] = {
    Change.Subject.DWELLING: Dwelling,
    Change.Subject.TENANCY: Tenancy,
    Change.Subject.HOUSEHOLD: Household,
    Change.Subject.RESIDENT: Resident,
    Change.Subject.CARE: Care,
}
OF_A_PERSON = (Change.Subject.RESIDENT, Change.Subject.CARE)
# Of an event that tells of another household too: what it was to this one.
OTHER_HOME: dict[str, str] = {
    HomeEvent.Action.MOVED_IN: "来自",
    HomeEvent.Action.MOVED_OUT: "迁往",
    HomeEvent.Action.ENDED: "并入",
    HomeEvent.Action.MERGED: "另一户",
}


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    by: str
    what: str
    note: str = ""
    home: str = ""  # the number of another household, with which `what` ends

    @property
    def home_pk(self) -> int:
        return int(self.home[1:])


class Owner(NamedTuple):
    name: str  # as it may be shown
    ended_at: datetime | None = None  # of a care


def story(household: Household) -> list[Line]:
    """In three questions, each with the names of the people; one more each where a change was somebody's own, where
    somebody was named to help, and where a need has got its answer."""
    visits = household.visits.select_related("by")[:SHOWN]
    events = household.events.select_related("by", "resident").order_by("-at", "-id")[:SHOWN]
    changes = household.changes.select_related("by").order_by("-at", "-id")[:SHOWN]
    people, owners, needs = _people(changes), _owners(changes), _needs(events)
    lines = [
        *map(_visit, visits),
        *(_event(event, needs) for event in events),
        *(_change(change, people, owners) for change in changes),
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def said(field: Any, words: str) -> str:
    """A stored value as people read it; of what is sealed only that it is there."""
    if not words:
        return "空"
    if isinstance(field, SealedTextField):
        return "（已隐去）"
    if field.choices:
        return str(dict(field.flatchoices).get(words, words))
    if isinstance(field, models.ForeignKey):
        return "已指定"
    return {"True": "是", "False": "否"}.get(words, words)


def _visit(visit: Visit) -> Line:
    what = f"{visit.get_manner_display()}走访：{visit.get_met_display()}，民情：{visit.get_finding_display()}"
    return Line(visit.at, visit.by.name, what, mask_numbers(visit.note))


def _event(event: HomeEvent, needs: dict[int, Need]) -> Line:
    detail, note = event.detail, event.note
    what = event.get_action_display()
    if event.action == HomeEvent.Action.RECOLOURED:
        colours = dict(Household._meta.get_field("colour").flatchoices)
        what = f"{what}：{colours.get(detail.get('from'))} → {colours.get(detail.get('to'))}"
    if event.action == HomeEvent.Action.ENDED:
        what = f"{what}：{Household.Ending(detail['ending']).label}"
    if event.action == HomeEvent.Action.SETTLED:
        need = needs[detail["need"]]
        what = f"{need.get_kind_display()}{Need.State(detail['state']).label}：{mask_numbers(need.words)}"
        note = need.answer
    if on := detail.get("on"):
        what = f"{what}（{on}）"
    if home := _other_home(detail):
        what = f"{what}，{OTHER_HOME[event.action]}"
    what = _of(mask_name(event.resident.name) if event.resident else "", what)
    return Line(event.at, event.by.name if event.by else "系统", what, mask_numbers(note), home)


def _other_home(detail: dict[str, Any]) -> str:
    """Its number; the twin of a person has none, but a key."""
    found = detail.get("household") or detail.get("twin")
    return found if isinstance(found, str) else ""


def _of(name: str, what: str) -> str:
    return f"{name}：{what}" if name else what


def _needs(events: Iterable[HomeEvent]) -> dict[int, Need]:
    wanted = [event.detail["need"] for event in events if event.action == HomeEvent.Action.SETTLED]
    return Need.objects.in_bulk(wanted) if wanted else {}


def _owners(changes: Iterable[Change]) -> dict[tuple[str, int], Owner]:
    """Whose row was changed; care is somebody's too."""
    rows = {(change.subject, change.row) for change in changes}
    people, cares = ({row for subject, row in rows if subject == one} for one in OF_A_PERSON)
    if not people and not cares:
        return {}
    found = Resident.objects.filter(Q(pk__in=people) | Q(cares__in=cares)).values_list(
        "pk", "name", "cares", "cares__ended_at"
    )
    owners: dict[tuple[str, int], Owner] = {}
    for person, name, care, ended_at in found:
        owners[Change.Subject.RESIDENT, person] = Owner(mask_name(name))
        owners[Change.Subject.CARE, care or 0] = Owner(mask_name(name), ended_at)
    return owners


def _people(changes: Iterable[Change]) -> dict[str, str]:
    """The names of those who stand in the record by their number."""
    wanted = {words for change in changes if _names_a_person(change) for words in (change.old, change.new) if words}
    found = User.objects.filter(pk__in=wanted).values_list("pk", "name") if wanted else []
    return {str(pk): name for pk, name in found}


def _names_a_person(change: Change) -> bool:
    return ROWS[change.subject]._meta.get_field(change.field).related_model is User


def _change(change: Change, people: dict[str, str], owners: dict[tuple[str, int], Owner]) -> Line:
    field: Any = ROWS[change.subject]._meta.get_field(change.field)
    owner = owners.get((change.subject, change.row), Owner(""))
    if change.subject == Change.Subject.CARE and change.field == "category":  # never edited: it begins, and ends
        did = "结束了" if change.at == owner.ended_at else "登记了"
        return Line(change.at, change.by.name, _of(owner.name, f"{did}重点关爱 {Care(pk=change.row).number}"))
    what = _of(owner.name, f"改了{change.get_subject_display()}的{field.verbose_name}")
    named = people if _names_a_person(change) else {}
    old, new = (named.get(words) or said(field, words) for words in (change.old, change.new))
    return Line(change.at, change.by.name, what, f"{old} → {new}")
