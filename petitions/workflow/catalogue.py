"""The dispatch catalogue is kept: a ruling enters it, is worded anew, is ended."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import Unit, User
from accounts.notnow import NotNow
from grids.models import Item, Place
from grids.scope import duties_of
from petitions import ledger
from petitions.models import Petition, Ruling
from petitions.models.ruling import KEEPERS

GONE = "这条派单目录刚刚被别人改过或停用，请刷新后再操作。"


def enter_ruling(
    *,
    item: Item,
    place: Place,
    words: Iterable[str],
    unit: Unit,
    basis: str,
    by: User,
    at: datetime,
    petition: Petition | None = None,
) -> Ruling:
    """Another ruling on the same matter takes the place of the one before."""
    book, told = ledger.current(), sorted(set(words))
    with book.transaction():
        before = book.ruling(item, place, told)
        if before is not None:
            _end(before, by=by, at=at, why="有了新的裁定")
        ruling = Ruling(
            item=item,
            place=place,
            words=told,
            unit=unit,
            basis=basis,
            petition=petition,
            ruled_at=at,
            ruled_by=by,
            replaces=before,
        )
        book.add(ruling)
        return ruling


@transaction.atomic
def word_ruling(
    ruling: Ruling,
    *,
    item: Item,
    place: Place,
    words: Iterable[str],
    unit: Unit,
    basis: str,
    by: User,
    at: datetime,
) -> Ruling:
    """Other words for it: a new row, by this person, from now on; the old one stays readable."""
    before = _locked(ruling, by)
    _end(before, by=by, at=at, why="改写")
    told = sorted(set(words))
    if ledger.current().ruling(item, place, told) is not None:
        raise NotNow("同一事项、范围和关键词已经有一条在用的目录，请改那一条。")
    return Ruling.objects.create(
        item=item,
        place=place,
        words=told,
        unit=unit,
        basis=basis,
        petition=before.petition,
        ruled_at=at,
        ruled_by=by,
        replaces=before,
    )


@transaction.atomic
def end_ruling(ruling: Ruling, *, why: str, by: User, at: datetime) -> None:
    _end(_locked(ruling, by), by=by, at=at, why=why)


def _locked(ruling: Ruling, by: User) -> Ruling:
    if not duties_of(by) & set(KEEPERS):
        raise PermissionDenied
    found = Ruling.objects.active().select_for_update(no_key=True, of=("self",)).filter(pk=ruling.pk).first()
    if found is None:
        raise NotNow(GONE)
    return found


def _end(ruling: Ruling, *, by: User, at: datetime, why: str) -> None:
    ledger.current().change(ruling, ended_at=at, ended_by=by, ended_why=why)
