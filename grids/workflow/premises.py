"""Shops and other premises are registered, edited, patrolled, closed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.notnow import NotNow
from grids.models import Premises, PremisesEvent
from grids.models.premises import SEALED
from grids.permissions import KEEPERS, VISITORS
from grids.scope import holds
from grids.workflow.holding import once
from grids.workflow.spelling import words

Action = PremisesEvent.Action
CLOSED = "这家商户已登记停业，请先恢复营业再操作。"
OPEN = "这家商户正在营业。"
CODE_KNOWN = "此统一社会信用代码已登记为“{}”，请核对。"


def register(premises: Premises, *, key: UUID, by: User, at: datetime) -> Premises | None:
    """None when this press was done before. Nobody has been there yet: the first patrol is promised from today."""
    if not holds(by, *KEEPERS, place=premises.place_id):
        raise PermissionDenied
    with transaction.atomic():
        if not once(key, by=by, at=at, household=None):
            return None
        _code_is_free(premises)
        premises.patrol_due_on = premises.next_patrol(timezone.localdate(at))
        premises.save(force_insert=True)
        _record(premises, Action.REGISTERED, by, at)
    return premises


def edit(premises: Premises, values: dict[str, Any], *, base: int, key: UUID, by: User, at: datetime) -> None:
    """Different fields merge; the same field stops and asks, and nothing is written."""
    with hold(premises, key=key, by=by, at=at, duties=KEEPERS) as held:
        if held is None:
            return
        changed = {name: value for name, value in values.items() if getattr(held, name) != value}
        if theirs := changed_since(held, base) & changed.keys():
            fields = "、".join(_label(name) for name in sorted(theirs))
            raise NotNow(f"{fields}刚刚被别人改过，请看过最新内容再改。")
        if changed:
            _write(held, changed, by, at)


def patrol(premises: Premises, *, note: str, key: UUID, by: User, at: datetime) -> None:
    with hold(premises, key=key, by=by, at=at, duties=VISITORS) as held:
        if held:
            patrolled(held, by=by, at=at, note=note)


def close(premises: Premises, *, note: str, key: UUID, by: User, at: datetime) -> None:
    with hold(premises, key=key, by=by, at=at, duties=KEEPERS) as held:
        if held:
            held.closed_at, held.patrol_due_on = at, None
            held.save(update_fields=["closed_at", "patrol_due_on"])
            _record(held, Action.CLOSED, by, at, note)


def reopen(premises: Premises, *, key: UUID, by: User, at: datetime) -> None:
    with hold(premises, key=key, by=by, at=at, duties=KEEPERS, closed=True) as held:
        if held:
            held.closed_at, held.patrol_due_on = None, held.next_patrol(timezone.localdate(at))
            held.save(update_fields=["closed_at", "patrol_due_on"])
            _record(held, Action.REOPENED, by, at)


def patrolled(premises: Premises, *, by: User, at: datetime, note: str = "", **detail: object) -> None:
    """Somebody has been there; the premises are locked. One who sends it in late turns no later day back."""
    on = timezone.localdate(at)
    if premises.closed_at is not None:
        raise NotNow(CLOSED)
    if premises.inspected_on is None or premises.inspected_on <= on:
        premises.inspected_on, premises.patrol_due_on = on, premises.next_patrol(on)
        premises.save(update_fields=["inspected_on", "patrol_due_on"])
    _record(premises, Action.PATROLLED, by, at, note, **detail)


@contextmanager
def hold(
    premises: Premises, *, key: UUID, by: User, at: datetime, duties: tuple[str, ...], closed: bool = False
) -> Iterator[Premises | None]:
    with transaction.atomic():
        premises.refresh_from_db(from_queryset=Premises.objects.select_for_update(no_key=True))
        if not holds(by, *duties, place=premises.place_id):
            raise PermissionDenied
        if not once(key, by=by, at=at, household=None):
            yield None
            return
        if closed != (premises.closed_at is not None):
            raise NotNow(OPEN if closed else CLOSED)
        yield premises


def _write(premises: Premises, changed: dict[str, Any], by: User, at: datetime) -> None:
    was = {name: words(premises, name) for name in changed}
    for name, value in changed.items():
        setattr(premises, name, value)
    _code_is_free(premises)
    premises.version += 1
    if "kind" in changed:
        premises.patrol_due_on = premises.next_patrol(premises.inspected_on or timezone.localdate(at))
    premises.save()
    # Words of sealed fields stand in no other column.
    fields = {name: None if name in SEALED else [was[name], words(premises, name)] for name in changed}
    _record(premises, Action.EDITED, by, at, version=premises.version, fields=fields)


def changed_since(premises: Premises, base: int) -> set[str]:
    """The fields that others have written since this version."""
    later = premises.events.filter(action=Action.EDITED, detail__version__gt=base)
    return {name for fields in later.values_list("detail__fields", flat=True) for name in fields}


def code_taken(premises: Premises) -> str:
    """Why this code cannot be; empty when it can. In one grid a business stands once, elsewhere it has branches."""
    if not premises.credit_code:
        return ""
    same = Premises.objects.open().filter(credit_code=premises.credit_code, place=premises.place_id)
    twin = same.exclude(pk=premises.pk).first()
    return CODE_KNOWN.format(twin.name) if twin else ""


def _code_is_free(premises: Premises) -> None:
    if why := code_taken(premises):
        raise NotNow(why)


def _label(name: str) -> str:
    return str(Premises._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _record(premises: Premises, action: str, by: User, at: datetime, note: str = "", **detail: object) -> None:
    PremisesEvent.objects.create(premises=premises, action=action, by=by, at=at, note=note, detail=detail)
