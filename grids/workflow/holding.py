"""The frame around every verb about a home: one press of a button, one lock, one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.notnow import NotNow
from grids.models import HomeEvent, Household, Resident, Submission
from grids.permissions import KEEPERS
from grids.scope import holds

ENDED = "这一户已经注销，请刷新后再看。"
ONE_HOME = "resident_lives_in_one_home"


class NumberTaken(NotNow):
    """Somebody is on record under this document number; `resident` would have been the second, where that is known."""

    def __init__(self, where: str = "另一户", resident: Resident | None = None) -> None:
        self.resident = resident
        super().__init__(f"此证件号码已登记在{where}，请核对号码；如是迁居，请用“从另一户迁入”。")


@dataclass
class Home:
    """A household while one submission holds it."""

    household: Household
    by: User
    at: datetime

    def record(self, action: str, *, resident: Resident | None = None, note: str = "", **detail: object) -> None:
        HomeEvent.objects.create(
            household=self.household,
            resident=resident,
            action=action,
            at=self.at,
            by=self.by,
            note=note,
            detail=detail,
        )


@contextmanager
def hold(
    household: Household, *, key: UUID, by: User, at: datetime, duties: tuple[str, ...] = KEEPERS
) -> Iterator[Home | None]:
    """None when this press was done before: the verb returns, and its page says so as if it had just been done."""
    with _one_home_each(), transaction.atomic():
        locked = Household.objects.select_for_update(no_key=True).select_related(None).get(pk=household.pk)
        locked.dwelling = household.dwelling if household.dwelling_id == locked.dwelling_id else locked.dwelling
        if not holds(by, *duties, place=locked.dwelling.place_id):
            raise PermissionDenied
        if not once(key, by=by, at=at, household=locked):
            yield None
            return
        if not locked.lives:
            raise NotNow(ENDED)
        yield Home(locked, by, at)


@contextmanager
def hold_two(
    household: Household, other: Household, *, key: UUID, by: User, at: datetime
) -> Iterator[tuple[Home, Home] | None]:
    """As `hold`, and the home besides from which somebody comes.

    Both rows are locked in the order of their numbers: of two who move people both ways, one waits.
    """
    with transaction.atomic():
        both = Household.objects.filter(pk__in=(household.pk, other.pk)).order_by("pk")
        locked = {row.pk: row for row in both.select_for_update(no_key=True)}
        with hold(household, key=key, by=by, at=at) as home:
            yield (home, Home(locked[other.pk], by, at)) if home else None


def refuse_taken(home: Home, resident: Resident) -> None:
    """One person lives in one home: the document number is looked for under every search key."""
    if not resident.id_number:
        return
    known = Resident.objects.living_here().numbered(resident.id_number).exclude(pk=resident.pk).first()
    if known is not None:
        raise NumberTaken("这一户" if known.household_id == home.household.pk else "另一户", resident)


@contextmanager
def _one_home_each() -> Iterator[None]:
    """Of two who enter one number in two homes at the same moment, the second hears what she would have heard later."""
    try:
        yield
    except IntegrityError as broken:
        why = broken.__cause__
        if isinstance(why, psycopg.Error) and why.diag.constraint_name == ONE_HOME:
            raise NumberTaken from broken
        raise


def once(key: UUID, *, by: User, at: datetime, household: Household | None) -> bool:
    """Inside the transaction of what is pressed: of two equal presses, the second waits and hears False."""
    _, first = Submission.objects.get_or_create(
        key=key, defaults={"by": by, "at": at, "received_at": timezone.now(), "household": household}
    )
    return first
