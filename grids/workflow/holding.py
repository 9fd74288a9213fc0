"""The frame around every verb about a home: one press of a button, one lock, one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.notnow import NotNow
from grids.models import HomeEvent, Household, Resident, Submission
from grids.permissions import KEEPERS
from grids.scope import holds

ENDED = "这一户已经注销，请刷新后再看。"


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
    with transaction.atomic():
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


def once(key: UUID, *, by: User, at: datetime, household: Household | None) -> bool:
    """Inside the transaction of what is pressed: of two equal presses, the second waits and hears False."""
    _, first = Submission.objects.get_or_create(
        key=key, defaults={"by": by, "at": at, "received_at": timezone.now(), "household": household}
    )
    return first
