"""The one form of a household page: its forms, what was changed in them, and a clash put as a question."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.forms import BoundField
from django.http import QueryDict
from django.utils import timezone

from accounts.masking import mask_name
from accounts.models import User
from accounts.notnow import NotNow
from accounts.row_keys import row_key
from grids import workflow
from grids.models import Care, Dwelling, Hazard, Household, Resident, Tenancy
from grids.team import Team
from grids.workflow import Clash, Clashing, Edit, NotInTime, NumberTaken
from shouyang.homes.masked import MASKS
from shouyang.homes.press import key_of
from shouyang.homes.row_forms import FORMS, RowForm, form_of, prefix_of, whose
from shouyang.homes.story import said
from shouyang.homes.visit_form import VisitForm

TAKEN = "take-"  # “take-r12-workplace”: mine, or theirs


@dataclass
class Submitted:
    household: Household
    data: QueryDict
    now: datetime
    key: UUID = field(init=False)

    def __post_init__(self) -> None:
        self.visit = VisitForm(self.data, now=self.now)
        if self.only_edits:
            self.visit.forget_errors()
        self.key = key_of(self.data)
        team = Team(self.household.dwelling.place, timezone.localdate(self.now))
        self.rows = [form_of(row, team, self.data, self._taken(prefix_of(row))) for row in self._sent()]

    @property
    def only_edits(self) -> bool:
        return self.data.get("do") == "edit"

    def is_valid(self) -> bool:
        checked = [form.is_valid() for form in self.rows]
        return self.visit.is_valid() and all(checked)

    def edits(self) -> list[Edit]:
        return [edit for form in self.rows if (edit := form.edit())]

    def take(self, by: User) -> list[Hazard]:
        """The verb; the hazards that were found. Raises `Clashing`, with nothing written."""
        if self.only_edits:
            workflow.edit(self.household, self.edits(), key=self.key, by=by, at=self.now)
            return []
        return workflow.visit(
            self.household,
            self.visit.seen(),
            edits=self.edits(),
            found=self.visit.found(),
            key=self.key,
            by=by,
            at=self.visit.when(),
            received_at=self.now,
        )

    def refuse(self, why: NotNow) -> None:
        """Said beside the field it is about, or above the visit."""
        self.visit.is_valid()
        taken = why.resident if isinstance(why, NumberTaken) else None
        about = next((form for form in self.rows if form.row == taken), None)
        if about:
            about.add_error("id_number", why.sentence)
        else:
            self.visit.add_error("at" if isinstance(why, NotInTime) else None, why.sentence)

    @property
    def wrong(self) -> list[tuple[str, str]]:
        """The fields that are to be put right, in the order of the page: where each is, and what it is called there."""
        named = [("", self.visit), *((f"{form.title} · ", form) for form in self.rows)]
        return [(_place_of(bound), f"{of}{bound.label}") for of, form in named for bound in form if bound.errors]

    def _sent(self) -> list[Any]:
        """The rows whose fields came along, also of who has left, or what has ended, meanwhile: the verb says so."""
        dwelling: Dwelling = self.household.dwelling
        tenancy: Tenancy | None = getattr(dwelling, "tenancy", None)
        home = [row for row in (self.household, dwelling, tenancy) if row and f"{prefix_of(row)}-base" in self.data]
        people = Resident.objects.filter(household=self.household, pk__in=_keys(Resident, self.data))
        cares = Care.objects.filter(resident__household=self.household, pk__in=_keys(Care, self.data))
        return [*home, *people.order_by("pk"), *cares.select_related("resident", "helper").order_by("pk")]

    def _taken(self, prefix: str) -> dict[str, str]:
        start = f"{TAKEN}{prefix}-"
        return {name.removeprefix(start): str(self.data[name]) for name in self.data if name.startswith(start)}


@dataclass(frozen=True, slots=True)
class Question:
    """One field that somebody else has changed too."""

    name: str
    label: str
    theirs: str
    mine: str
    by: str
    at: datetime


def questions(clashing: Clashing) -> list[Question]:
    return [_question(clash) for clash in clashing.clashes]


def carried(data: QueryDict, clashing: Clashing) -> list[tuple[str, str]]:
    """All that was typed, to be sent again, with the versions that the author has now seen."""
    seen = {f"{prefix_of(clash.edit.row)}-seen": str(_version(clash)) for clash in clashing.clashes}
    asked = {question.name for question in questions(clashing)}
    dropped = {"csrfmiddlewaretoken", *seen, *asked}
    kept = [(name, value) for name in data if name not in dropped for value in data.getlist(name)]
    return [*kept, *seen.items()]


def _place_of(bound: BoundField) -> str:
    """A choice of several buttons is no one field: its sentence stands for it."""
    return bound.id_for_label or f"{bound.auto_id}_error"


def _version(clash: Clash) -> int:
    row: Any = type(clash.edit.row)._default_manager.get(pk=clash.edit.row.pk)
    return int(row.version)


def _question(clash: Clash) -> Question:
    row = clash.edit.row
    return Question(
        f"{TAKEN}{prefix_of(row)}-{clash.field}",
        f"{_of(row)}{clash.label}",
        _shown(row, clash.field, clash.theirs),
        _shown(row, clash.field, clash.yours),
        clash.by.name,
        clash.at,
    )


def _of(row: Any) -> str:
    return f"{who}的" if (who := whose(row)) else ""


def _shown(row: Any, name: str, value: Any) -> str:
    field = row._meta.get_field(name)
    if isinstance(value, Resident):
        return mask_name(value.name)
    if isinstance(value, User):
        return value.name
    mask = MASKS.get(type(row), {}).get(name)
    if mask:
        return mask(value) or "空"
    return str(value or "空") if name == "note" else said(field, "" if value is None else str(value))


def _keys(kind: type[models.Model], names: Iterable[str]) -> list[int]:
    prefix = FORMS[kind][0]
    found = [name.removeprefix(prefix).removesuffix("-base") for name in names if name.endswith("-base")]
    return [key for one in found if (key := row_key(one))]


__all__ = ["Question", "RowForm", "Submitted", "carried", "questions"]
