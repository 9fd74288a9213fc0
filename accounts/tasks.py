"""Send notices and write exports from their rows: the broker may lose every message, the next sweep finds them."""

import logging
from datetime import datetime, timedelta
from functools import partial

from celery import shared_task
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import channels, exports, lockout, routing
from accounts.models import Delivery

logger = logging.getLogger(__name__)

BATCH = 25  # a silent server holds each message up for eight seconds; all of them must fit into the lease
LEASE = timedelta(minutes=5)


@shared_task(name="accounts.send_unsent")
def send_unsent() -> int:
    while routing.hand_over(timezone.now()):
        pass
    routing.take_out_of_use(timezone.now())
    sent = 0
    while batch := claim(timezone.now()):
        sent += send(batch)
    return sent


@shared_task(name="accounts.write_exports")
def write_exports() -> None:
    """One after the other; what failed is left for the next sweep."""
    while (export := exports.claim(timezone.now())) and exports.write(export, at=timezone.now()):
        pass


@shared_task(name="accounts.expire_exports")
def expire_exports() -> int:
    return exports.expire(timezone.now())


@shared_task(name="accounts.forget_knocks")
def forget_knocks() -> int:
    return lockout.forget(before=timezone.now() - timedelta(days=1))


def claim(at: datetime) -> list[Delivery]:
    """Take a batch on a lease, in a short transaction of its own, so that no row is locked while messages are sent.

    A worker killed between claim and record leaves its batch to the sweep after the lease: delivery is
    *at least once*; in the inbox a notice is one row whatever happens.
    """
    with transaction.atomic():
        batch = list(
            Delivery.objects.outstanding()
            .filter(next_try_at__lte=at)
            .select_related("notice__person", "channel")
            .select_for_update(skip_locked=True, no_key=True, of=("self",))
            .order_by("next_try_at", "id")[:BATCH]
        )
        Delivery.objects.filter(pk__in=[delivery.pk for delivery in batch]).update(
            next_try_at=at + LEASE, attempts=F("attempts") + 1
        )
    for delivery in batch:
        delivery.attempts += 1
    return batch


def send(batch: list[Delivery]) -> int:
    """Send what can be sent; what fails waits for its own next try on its own channel, and stops no other."""
    sent = 0
    for delivery in batch:
        if problem := channels.problem_with(partial(channels.send, delivery.channel, delivery.notice)):
            delivery.fail(timezone.now(), problem)
            logger.warning("delivery %s failed, attempt %s: %s", delivery.pk, delivery.attempts, problem)
        else:
            delivery.succeed(timezone.now())
            sent += 1
    Delivery.objects.bulk_update(batch, ["sent_at", "problem", "next_try_at", "given_up_at"])
    return sent
