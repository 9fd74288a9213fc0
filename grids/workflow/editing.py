"""Changing fields of a home: different fields merge, the same field stops and asks; old and new are both kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from accounts.models import User
from accounts.notnow import NotNow
from accounts.sealed import FingerprintField
from accounts.sealing import fingerprint
from grids import visit_clocks
from grids.models import Care, Change, Dwelling, HomeEvent, Household, Resident, Tenancy, ask_for_checks
from grids.workflow.holding import Home, hold, refuse_taken

SUBJECTS: dict[type[models.Model], str] = {
    Dwelling: Change.Subject.DWELLING,
    Tenancy: Change.Subject.TENANCY,
    Household: Change.Subject.HOUSEHOLD,
    Resident: Change.Subject.RESIDENT,
    Care: Change.Subject.CARE,
}
NOT_OF_THIS_HOME = "要修改的内容已不属于这一户，请刷新后再改。"


@dataclass(frozen=True, slots=True)
class Edit:
    """New values for a row, and the version of the row that their author had before her eyes."""

    row: models.Model
    base: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody else has changed the same field meanwhile, to something else."""

    edit: Edit
    field: str
    label: str
    theirs: Any
    yours: Any
    by: User
    at: datetime


class Clashing(NotNow):
    """Nothing of the submission was written; its author chooses, and sends it again with the newest versions."""

    def __init__(self, clashes: list[Clash]) -> None:
        self.clashes = clashes
        fields = "、".join(clash.label for clash in clashes)
        super().__init__(f"{fields}刚刚被别人改过，请选定以哪个为准后再提交。")


def edit(household: Household, edits: Iterable[Edit], *, key: UUID, by: User, at: datetime) -> None:
    with hold(household, key=key, by=by, at=at) as home:
        if home is not None:
            apply(home, edits)


def apply(home: Home, edits: Iterable[Edit]) -> None:
    """Inside of a submission that holds the home. Raises `Clashing` before anything is written."""
    wanted = [(one, _current(home, one)) for one in edits]
    if clashes := [clash for one, row in wanted for clash in _clashes(one, row)]:
        raise Clashing(clashes)
    named = any(isinstance(row, Household) and "phone" in one.values for one, row in wanted)
    for one, row in wanted:
        along = not named and _is_the_homes_phone(home, row) and one.values.get("phone")
        write(home, row, one.values)
        if along:
            write(home, home.household, {"phone": along})


def said_at(row: models.Model, base: int) -> dict[str, str]:
    """What the fields that were changed since version `base` said then, as the words of the record."""
    since = Change.objects.filter(subject=SUBJECTS[type(row)], row=row.pk, version__gt=base)
    return dict(since.order_by("-version", "-id").values_list("field", "old"))  # of several, the earliest stands


def index(row: models.Model) -> None:
    """Brings every fingerprint of the row to its words."""
    for field in row._meta.concrete_fields:
        if isinstance(field, FingerprintField):
            setattr(row, field.attname, fingerprint(getattr(row, field.of)) or None)


def _current(home: Home, one: Edit) -> models.Model:
    if isinstance(one.row, Household):
        if one.row.pk != home.household.pk:
            raise NotNow(NOT_OF_THIS_HOME)
        return home.household
    row = type(one.row)._default_manager.filter(pk=one.row.pk).first()  # the lock on the household holds its rows
    if row is None or _home_of(row) not in (home.household.pk, home.household.dwelling_id):
        raise NotNow(NOT_OF_THIS_HOME)
    return row


def _is_the_homes_phone(home: Home, row: models.Model) -> bool:
    """The number under which the home is called is hers: she is its contact, or nobody else here has it."""
    household = home.household
    if not isinstance(row, Resident) or not row.phone or row.phone != household.phone:
        return False
    others = Resident.objects.living_here().with_phone(row.phone).filter(household=household).exclude(pk=row.pk)
    return row.pk == household.contact_id or not others.exists()


def _home_of(row: models.Model) -> int | None:
    match row:
        case Dwelling():
            return row.pk
        case Tenancy():
            return row.dwelling_id
        case Resident():
            return row.household_id if row.left_at is None else None
        case Care():
            return row.resident.household_id if row.ended_at is None else None
    return None


def _changed(row: models.Model, values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if getattr(row, name) != value}


def _clashes(one: Edit, row: models.Model) -> list[Clash]:
    changed = _changed(row, one.values)
    since = Change.objects.filter(
        subject=SUBJECTS[type(row)], row=row.pk, version__gt=one.base, field__in=changed
    ).select_related("by")
    latest = {change.field: change for change in since.order_by("version")}
    return [
        Clash(one, name, str(_field(row, name).verbose_name), getattr(row, name), changed[name], change.by, change.at)
        for name, change in latest.items()
    ]


def write(home: Home, row: models.Model, values: dict[str, Any]) -> None:
    """Inside of a submission that holds the home, into a row read there: what differs, with its old and new words."""
    changed = _changed(row, values)
    if not changed:
        return
    old = {name: _field(row, name).value_to_string(row) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    if "id_number" in changed and isinstance(row, Resident):
        refuse_taken(home, row)
    index(row)
    row.version += 1  # type: ignore[attr-defined]
    row.save()
    Change.objects.bulk_create(
        Change(
            household=home.household,
            subject=SUBJECTS[type(row)],
            row=row.pk,
            field=name,
            old=_words(old[name]),
            new=_words(_field(row, name).value_to_string(row)),
            version=row.version,  # type: ignore[attr-defined]
            by=home.by,
            at=home.at,
        )
        for name in changed
    )
    if isinstance(row, Dwelling) and row.occupancy in (Dwelling.Occupancy.LET, Dwelling.Occupancy.SHARED):
        Tenancy.objects.get_or_create(dwelling=row)
    if "place" in changed and isinstance(row, Dwelling):
        ask_for_checks([old["place"], row.place_id], home.at)
    if "colour" in changed and isinstance(row, Household):
        visit_clocks.recolour(row, home.at)
        home.record(HomeEvent.Action.RECOLOURED, **{"from": old["colour"], "to": row.colour})


def _words(value: Any) -> str:
    return "" if value in (None, "None") else str(value)


def _field(row: models.Model, name: str) -> Any:
    return row._meta.get_field(name)
