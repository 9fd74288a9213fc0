"""A hazard is found, solved on the spot or sent on, and looked at again by whoever found it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.files import gone_if_undone
from accounts.models import User
from accounts.notnow import NotNow
from accounts.pictures import Bare
from grids.models import Hazard, HazardEvent, Leave, ListedItem, Premises
from grids.permissions import VISITORS
from grids.scope import holds, today
from grids.workflow.holding import once
from grids.workflow.photographs import keep
from grids.workflow.premises import patrolled

RECHECK_AFTER = timedelta(days=7)  # of what was solved on the spot
STALE = "这处隐患刚刚被别人处理过，请看过最新情况再操作。"
NOT_LISTED = "这一事项不在现行的入格事项清单里，不能要求网格员排查；是群众反映的，请用“上报诉求”。"
TOO_SOON = "当天处置的从明天起复查。"
NOTHING_SHOWN = "请写清当场做了什么，例如“已劝离，通道已清空”，或拍一张处置后的照片。"
NO_PHOTO = "请拍照，或选一张照片。"
NOT_CONCLUDED = "上报的诉求还没有办结，办结后会提醒您复查。"

State = Hazard.State
FROM = {
    "solve": (State.FOUND,),
    "send_on": (State.FOUND,),
    "recheck": (State.SOLVED, State.SENT_ON),
    "photograph": (State.FOUND, State.SOLVED, State.SENT_ON),
}
LABELS = {"solve": "已当场处置", "send_on": "上报", "recheck": "复查", "photograph": "补拍照片"}


def find(
    hazard: Hazard,
    *,
    key: UUID,
    by: User,
    at: datetime,
    photos: Sequence[Bare] = (),
    after_words: str = "",
    after_photos: Sequence[Bare] = (),
) -> Hazard | None:
    """A new one, with what was done about it there and then if it was; None when this press was done before."""
    if not holds(by, *VISITORS, place=hazard.place_id):
        raise PermissionDenied
    with gone_if_undone() as written, transaction.atomic():
        if not once(key, by=by, at=at, household=hazard.household):
            return None
        keep(enter(hazard, by=by, at=at), photos, written, named="photos")
        if hazard.premises_id:
            held = Premises.objects.select_for_update(no_key=True).get(pk=hazard.premises_id)
            patrolled(held, by=by, at=at, note="发现隐患", hazard=hazard.pk)
        if after_words or after_photos:
            keep(_solved(hazard, after_words, by, at), after_photos, written, named="after_photos")
    return hazard


def enter(hazard: Hazard, *, by: User, at: datetime) -> HazardEvent:
    """On record, inside of a submission. What is not in the catalogue of the day is not looked for in a grid."""
    listed = ListedItem.objects.in_force(timezone.localdate(at))
    if not listed.filter(item=hazard.item_id).exists():
        raise NotNow(NOT_LISTED)
    hazard.state, hazard.found_by, hazard.found_at = State.FOUND, by, at
    hazard.save(force_insert=True)
    return _record(hazard, HazardEvent.Action.FOUND, by, at, hazard.words)


def solve(
    hazard: Hazard,
    *,
    after_words: str = "",
    after_photos: Sequence[Bare] = (),
    key: UUID,
    by: User,
    at: datetime,
    seen: int | None = None,
) -> Hazard | None:
    """Told in words, or shown in a photo."""
    if not (after_words or after_photos):
        raise ValidationError({"after_words": NOTHING_SHOWN})
    with gone_if_undone() as written, hold("solve", hazard, key=key, by=by, at=at, seen=seen) as held:
        if held:
            keep(_solved(held, after_words, by, at), after_photos, written, named="after_photos")
    return held


def photograph(hazard: Hazard, *, photos: Sequence[Bare], key: UUID, by: User, at: datetime) -> Hazard | None:
    """Nothing else changes: whoever is about to do something with it may go on."""
    if not photos:
        raise ValidationError({"photos": NO_PHOTO})
    with gone_if_undone() as written, hold("photograph", hazard, key=key, by=by, at=at) as held:
        if held:
            keep(_record(held, HazardEvent.Action.PHOTOGRAPHED, by, at), photos, written, named="photos")
    return held


def sent_on(hazard: Hazard, number: str, *, by: User, at: datetime) -> None:
    """Inside of a `hold`, by whoever has made a petition of it."""
    _turn(hazard, State.SENT_ON, recheck_on=None)
    _record(hazard, HazardEvent.Action.SENT_ON, by, at, petition=number)


def concluded(ended: Iterable[tuple[Hazard, datetime]]) -> int:
    """The petitions of these have come to an end, whatever end: somebody goes and looks. Their rows are locked."""
    rows = list(ended)
    for hazard, at in rows:
        hazard.recheck_on, hazard.version = timezone.localdate(at), hazard.version + 1
    Hazard.objects.bulk_update([hazard for hazard, _ in rows], ["recheck_on", "version"])
    HazardEvent.objects.bulk_create(
        HazardEvent(hazard=hazard, action=HazardEvent.Action.CONCLUDED, at=at) for hazard, at in rows
    )
    return len(rows)


def recheck(
    hazard: Hazard,
    *,
    cleared: bool,
    words: str,
    photos: Sequence[Bare] = (),
    key: UUID,
    by: User,
    at: datetime,
    seen: int | None = None,
) -> Hazard | None:
    """Gone, or there again: then it is dealt with as if it had just been found."""
    with gone_if_undone() as written, hold("recheck", hazard, key=key, by=by, at=at, seen=seen) as held:
        if held:
            _turn(held, State.CLEARED if cleared else State.FOUND, recheck_on=None, cleared_at=at if cleared else None)
            event = _record(held, HazardEvent.Action.RECHECKED, by, at, words, cleared=cleared)
            keep(event, photos, written, named="photos")
    return held


@contextmanager
def hold(
    action: str, hazard: Hazard, *, key: UUID, by: User, at: datetime, seen: int | None = None
) -> Iterator[Hazard | None]:
    """None when this press was done before."""
    with transaction.atomic():
        hazard.refresh_from_db(from_queryset=Hazard.objects.select_for_update(no_key=True))
        if not may(action, by, hazard):
            raise PermissionDenied
        if not once(key, by=by, at=at, household=hazard.household):
            yield None
            return
        if why := hindrance(action, hazard, at):
            raise NotNow(why)
        if seen is not None and seen != hazard.version:
            raise NotNow(STALE)
        yield hazard


def may(action: str, user: User, hazard: Hazard) -> bool:
    """Who found it looks again, or her deputy while she is away; others only when she no longer serves there."""
    if not holds(user, *VISITORS, place=hazard.place_id):
        return False
    if action != "recheck" or hazard.found_by_id == user.pk:
        return True
    if Leave.objects.current(today()).filter(user=hazard.found_by, deputy=user).exists():
        return True
    return not holds(hazard.found_by, *VISITORS, place=hazard.place_id)


def hindrance(action: str, hazard: Hazard, at: datetime) -> str:
    """Why not now; empty when it can be done."""
    if hazard.state not in FROM[action]:
        return f"这处隐患现在是“{hazard.get_state_display()}”，不能再{LABELS[action]}。"
    if action != "recheck":
        return ""
    if hazard.recheck_on is None:
        return NOT_CONCLUDED
    solved_today = hazard.state == State.SOLVED and hazard.recheck_on - RECHECK_AFTER >= timezone.localdate(at)
    return TOO_SOON if solved_today else ""


def available(user: User, hazard: Hazard, at: datetime) -> list[str]:
    return [name for name in FROM if not hindrance(name, hazard, at) and may(name, user, hazard)]


def _solved(hazard: Hazard, after_words: str, by: User, at: datetime) -> HazardEvent:
    day = timezone.localdate(at) + RECHECK_AFTER
    _turn(hazard, State.SOLVED, after_words=after_words, recheck_on=day)
    return _record(hazard, HazardEvent.Action.SOLVED, by, at, after_words)


def _turn(hazard: Hazard, state: str, **values: object) -> None:
    changes = {"state": state, "version": hazard.version + 1, **values}
    for name, value in changes.items():
        setattr(hazard, name, value)
    hazard.save(update_fields=list(changes))


def _record(
    hazard: Hazard, action: str, by: User | None, at: datetime, note: str = "", **detail: object
) -> HazardEvent:
    return HazardEvent.objects.create(hazard=hazard, action=action, by=by, at=at, note=note, detail=detail)
