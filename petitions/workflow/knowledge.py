"""The knowledge base is kept: somebody writes an entry, another one checks it, and it ends."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from accounts.notnow import NotNow
from grids.models import Item
from grids.scope import duties_of
from petitions.models import Entry
from petitions.models.entry import ENTRY_CHECKERS, ENTRY_WRITERS

ENTRY_GONE = "这条知识刚刚被别人核对、改写或停用，请刷新后再操作。"


@transaction.atomic
def write_entry(
    *,
    title: str,
    text: str,
    items: Iterable[Item],
    source: str,
    valid_from: date,
    valid_until: date | None,
    by: User,
    at: datetime,
    instead_of: Entry | None = None,
) -> Entry:
    """It is not in force before another person has checked it; until then the one it replaces still is."""
    if not duties_of(by) & set(ENTRY_WRITERS):
        raise PermissionDenied
    if instead_of is not None:
        _locked(instead_of)
        instead_of.later.unchecked().update(ended_at=at, ended_by=by, ended_why="有了更新的改写稿")
    entry = Entry(
        title=title,
        text=text,
        source=source,
        valid_from=valid_from,
        valid_until=valid_until,
        written_at=at,
        written_by=by,
        replaces=instead_of,
    )
    entry.index_words()
    entry.save()
    entry.items.set(items)
    return entry


@transaction.atomic
def check_entry(entry: Entry, *, by: User, at: datetime) -> None:
    if not duties_of(by) & set(ENTRY_CHECKERS):
        raise PermissionDenied
    entry = _locked(entry)
    if entry.checked_at is not None:
        raise NotNow(ENTRY_GONE)
    if entry.written_by_id == by.pk:
        raise NotNow("拟稿人不能核对自己写的条目，请换一个人核对。")
    if entry.replaces is not None and entry.replaces.ended_at is None:
        _end(entry.replaces, by=by, at=at, why="改写")
    entry.checked_at, entry.checked_by = at, by
    entry.save(update_fields=["checked_at", "checked_by"])


@transaction.atomic
def end_entry(entry: Entry, *, why: str, by: User, at: datetime) -> None:
    if not duties_of(by) & set(ENTRY_WRITERS):
        raise PermissionDenied
    _end(_locked(entry), by=by, at=at, why=why)


def _locked(entry: Entry) -> Entry:
    """An entry and the one that would take its place are locked in the order of their age."""
    keys = [pk for pk in (entry.replaces_id, entry.pk) if pk]
    rows = Entry.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=keys).order_by("pk")
    found = next((one for one in rows if one.pk == entry.pk), None)
    if found is None or found.ended_at is not None:
        raise NotNow(ENTRY_GONE)
    return found


def _end(entry: Entry, *, by: User, at: datetime, why: str) -> None:
    entry.ended_at, entry.ended_by, entry.ended_why = at, by, why
    entry.save(update_fields=["ended_at", "ended_by", "ended_why"])
