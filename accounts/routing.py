"""Which notice goes out on which channel: one delivery for each, written before anything is sent."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from accounts.models import Channel, Delivery, Notice

BATCH = 500


def hand_over(at: datetime) -> int:
    """Take a batch of notices that no channel has heard of; five statements, whatever its size."""
    with transaction.atomic():
        batch = list(
            Notice.objects.unsent()
            .select_related("person")
            .select_for_update(skip_locked=True, no_key=True, of=("self",))
            .order_by("id")[:BATCH]
        )
        if batch:
            Delivery.objects.bulk_create(_deliveries(batch, at), ignore_conflicts=True)
            Notice.objects.filter(pk__in=[notice.pk for notice in batch]).update(sent_at=at)
    return len(batch)


def take_out_of_use(at: datetime) -> int:
    """What waits on a channel that was switched off is not sent when somebody switches it on weeks later."""
    waiting = Delivery.objects.outstanding().filter(channel__active=False)
    return waiting.update(given_up_at=at, problem="渠道已停用")


def _deliveries(batch: list[Notice], at: datetime) -> list[Delivery]:
    channels = list(Channel.objects.filter(active=True))
    duties: dict[int, set[str]] = {}
    if any(channel.duties for channel in channels):
        # Who holds which duty is known further up (grids), where nothing of this app is imported from.
        duties = import_string(settings.DUTIES_OF_PEOPLE)({notice.person_id for notice in batch})
    found = [
        Delivery(notice=notice, channel=channel, key=None if channel.personal else notice.key, next_try_at=at)
        for notice in batch
        for channel in channels
        if channel.wants(notice, duties.get(notice.person_id, set()))
    ]
    # In one order, so that two sweeps which tell one group the same do not wait for each other crosswise.
    return sorted(found, key=lambda delivery: (delivery.channel_id, delivery.key or "", delivery.notice_id))
