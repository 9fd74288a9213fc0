"""Topics that come from no petition, and topics that are taken back before a meeting hears them."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.notnow import NotNow
from grids.scope import holds
from petitions import step
from petitions.models import Topic
from petitions.models.meeting import SEE_EVERY_MEETING


def raise_matter(*, title: str, reason: str, level: str, by: User, at: datetime | None = None) -> Topic:
    if not holds(by, *SEE_EVERY_MEETING):
        raise PermissionDenied
    return Topic.objects.create(
        title=title,
        reason=reason,
        level=level,
        raised_at=at or timezone.now(),
        raised_by=by,
        state=Topic.State.WAITING,
        result="",
    )


def withdraw(topic: Topic, *, note: str, by: User, at: datetime | None = None) -> None:
    """What was solved meanwhile needs no meeting. What a supervision notice has put there is heard."""
    if not holds(by, *SEE_EVERY_MEETING):
        raise PermissionDenied
    at = at or timezone.now()
    with transaction.atomic():
        topic.refresh_from_db(from_queryset=Topic.objects.select_for_update(no_key=True))
        if topic.state != Topic.State.WAITING:
            raise NotNow(f"议题现在是“{topic.get_state_display()}”，不能撤回。")
        if topic.raised_by is None and topic.petition and topic.petition.is_open:
            raise NotNow("督办同时提请的议题，在诉求办结以前不能撤回。")
        topic.state, topic.result = Topic.State.WITHDRAWN, note
        topic.save(update_fields=["state", "result"])
        if topic.petition:
            with step.step("withdraw_topic", topic.petition, by=by, at=at) as this:
                this.note = note
