"""A photo that should not be there, of another home or of a face, is removed: its file goes, its row stays."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from accounts.notnow import NotNow
from grids.models import Duty, Hazard, HazardEvent, HazardPhoto
from grids.scope import holds
from grids.workflow import photographs
from grids.workflow.holding import once

ALREADY = "这张照片已经删除。"
CLEARED = "这处隐患已经销号，要删除照片，请找社区书记。"
SHOWS_ALONE = "当场处置没有写处置结果，只凭这张照片证明，不能删除。"
ANOTHER_FIRST = "请先补拍一张处置后的照片。"
Action = HazardEvent.Action


def remove_photo(photo: HazardPhoto, *, why: str, key: UUID, by: User, at: datetime) -> bool:
    """False when this press was done before."""
    with transaction.atomic():
        hazard = Hazard.objects.select_for_update(no_key=True).get(pk=photo.event.hazard_id)
        photo.refresh_from_db(fields=["removed"])
        if not may_remove(by, photo, hazard):
            raise PermissionDenied
        if not once(key, by=by, at=at, household=hazard.household):
            return False
        if hindered := why_not(by, photo, hazard):
            raise NotNow(hindered)
        photo.removed = HazardEvent.objects.create(
            hazard=hazard, action=Action.UNPHOTOGRAPHED, at=at, by=by, note=why, detail={"photo": photo.pk}
        )
        photo.save(update_fields=["removed"])
        transaction.on_commit(partial(photographs.let_go, HazardPhoto.objects.filter(pk=photo.pk)), robust=True)
    return True


def may_remove(user: User, photo: HazardPhoto, hazard: Hazard) -> bool:
    """Who added it, and the community's secretary."""
    return photo.event.by_id == user.pk or _is_secretary(user, hazard)


def offered(user: User, photo: HazardPhoto, hazard: Hazard) -> bool:
    """Whether her page shows the button: what else stands in the way is told behind it."""
    return not _over(user, photo, hazard) and may_remove(user, photo, hazard)


def why_not(user: User, photo: HazardPhoto, hazard: Hazard) -> str:
    """Why not now; empty when it can be removed."""
    if over := _over(user, photo, hazard):
        return over
    if _shows_alone(photo, hazard):
        return SHOWS_ALONE if hazard.state == Hazard.State.CLEARED else SHOWS_ALONE + ANOTHER_FIRST
    return ""


def _over(user: User, photo: HazardPhoto, hazard: Hazard) -> str:
    if photo.removed_id:
        return ALREADY
    return CLEARED if hazard.state == Hazard.State.CLEARED and not _is_secretary(user, hazard) else ""


def _is_secretary(user: User, hazard: Hazard) -> bool:
    return holds(user, Duty.COMMUNITY_SECRETARY, place=hazard.place_id)


def _shows_alone(photo: HazardPhoto, hazard: Hazard) -> bool:
    """Whether nothing else would tell what was done: no words, and no other photo from then until the next trouble."""
    of = _solving_shown_by(hazard.events.order_by("at", "pk"))
    solving = of.get(photo.event_id)
    others = (one.event_id for one in photographs.of(hazard) if one.pk != photo.pk)
    return solving is not None and not solving.note and solving not in map(of.get, others)


def _solving_shown_by(events: Iterable[HazardEvent]) -> dict[int, HazardEvent]:
    """By event: the solving that a photo of this event shows, if it shows one."""
    found: dict[int, HazardEvent] = {}
    solving: HazardEvent | None = None
    for event in events:
        if event.action == Action.SOLVED:
            solving = event
        elif event.action == Action.RECHECKED and not event.detail.get("cleared"):
            solving = None
        if solving:
            found[event.pk] = solving
    return found
