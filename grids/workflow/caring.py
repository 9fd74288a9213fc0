"""Who is looked after more closely, since when, and until when."""

from datetime import datetime
from uuid import UUID

from accounts.models import User
from accounts.notnow import NotNow
from grids.models import Care, Change, Resident
from grids.workflow.editing import index
from grids.workflow.holding import Home, hold
from grids.workflow.moving import HAS_LEFT


def add_care(resident: Resident, care: Care, *, key: UUID, by: User, at: datetime) -> None:
    with hold(resident.household, key=key, by=by, at=at) as home:
        if home is None:
            return
        here = Resident.objects.living_here().filter(pk=resident.pk, household=home.household)
        if not here.exists():
            raise NotNow(HAS_LEFT)
        index(care)
        known = Care.objects.filter(resident=resident, ended_at=None, category_fingerprint=care.category_fingerprint)
        if known.exists():
            raise NotNow("此人已登记过这一类关爱。")
        care.resident = resident
        care.save()
        _record(home, care, old="", new=care.category)


def end_care(care: Care, *, key: UUID, by: User, at: datetime) -> None:
    with hold(care.resident.household, key=key, by=by, at=at) as home:
        if home is not None:
            end(home, care)


def end(home: Home, care: Care) -> None:
    """Inside of a submission that holds the home."""
    if not Care.objects.filter(pk=care.pk, ended_at=None).update(ended_at=home.at):
        raise NotNow("这一项关爱已经结束，请刷新后再看。")
    _record(home, care, old=care.category, new="")


def _record(home: Home, care: Care, *, old: str, new: str) -> None:
    Change.objects.create(
        household=home.household,
        subject=Change.Subject.CARE,
        row=care.pk,
        field="category",
        old=old,
        new=new,
        version=care.version,
        by=home.by,
        at=home.at,
    )
