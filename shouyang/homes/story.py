"""What happened in a home, newest first: visits, moves, and every changed field with its old and its new words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from accounts.masking import mask_numbers
from accounts.models import User
from accounts.sealed import SealedTextField
from grids.models import Care, Change, Dwelling, HomeEvent, Household, Resident, Tenancy, Visit

SHOWN = 20  # of each kind
OF_ANOTHER_HOME: dict[str, str] = {
    HomeEvent.Action.MOVED_IN: "自 {} 迁入",
    HomeEvent.Action.MOVED_OUT: "迁往 {}",
    HomeEvent.Action.MERGED: "与 {} 重复登记",
}
ROWS: dict[str, type[models.Model]] = {
    Change.Subject.DWELLING: Dwelling,
    Change.Subject.TENANCY: Tenancy,
    Change.Subject.HOUSEHOLD: Household,
    Change.Subject.RESIDENT: Resident,
    Change.Subject.CARE: Care,
}


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    by: str
    what: str
    note: str = ""


def story(household: Household) -> list[Line]:
    """In three questions, each with the names of the people; a fourth where somebody was named to help."""
    visits = household.visits.select_related("by")[:SHOWN]
    events = household.events.select_related("by").order_by("-at", "-id")[:SHOWN]
    changes = household.changes.select_related("by").order_by("-at", "-id")[:SHOWN]
    people = _people(changes)
    lines = [*map(_visit, visits), *map(_event, events), *(_change(change, people) for change in changes)]
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


def _event(event: HomeEvent) -> Line:
    detail = event.detail
    what = event.get_action_display()
    if event.action == HomeEvent.Action.RECOLOURED:
        colours = dict(Household._meta.get_field("colour").flatchoices)
        what = f"{what}：{colours.get(detail.get('from'))} → {colours.get(detail.get('to'))}"
    if event.action == HomeEvent.Action.ENDED:
        what = f"{what}：{Household.Ending(detail['ending']).label}"
    if "other" in detail:
        what = f"{what}：{OF_ANOTHER_HOME[event.action].format(detail['other'])}"
    return Line(event.at, event.by.name if event.by else "系统", what, mask_numbers(event.note))


def _people(changes: Iterable[Change]) -> dict[str, str]:
    """The names of those who stand in the record by their number."""
    wanted = {words for change in changes if _names_a_person(change) for words in (change.old, change.new) if words}
    found = User.objects.filter(pk__in=wanted).values_list("pk", "name") if wanted else []
    return {str(pk): name for pk, name in found}


def _names_a_person(change: Change) -> bool:
    return ROWS[change.subject]._meta.get_field(change.field).related_model is User


def _change(change: Change, people: dict[str, str]) -> Line:
    field: Any = ROWS[change.subject]._meta.get_field(change.field)
    what = f"改了{change.get_subject_display()}的{field.verbose_name}"
    named = people if _names_a_person(change) else {}
    old, new = (named.get(words) or said(field, words) for words in (change.old, change.new))
    return Line(change.at, change.by.name, what, f"{old} → {new}")
