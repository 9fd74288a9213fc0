"""Deliver notices from their rows: the broker may lose every message, the next sweep finds what is unsent."""

import logging
from datetime import datetime, timedelta

from celery import shared_task
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import lockout
from accounts.channels import deliver
from accounts.models import Notice

logger = logging.getLogger(__name__)

BATCH = 100
LEASE = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=6)


@shared_task(name="accounts.send_unsent")
def send_unsent() -> int:
    sent = 0
    while batch := claim(timezone.now()):
        sent += send(batch)
    return sent


@shared_task(name="accounts.forget_knocks")
def forget_knocks() -> int:
    return lockout.forget(before=timezone.now() - timedelta(days=1))


def claim(at: datetime) -> list[Notice]:
    """Take a batch on a lease, in a short transaction of its own, so that no row is locked while mail is sent.

    A worker killed between claim and record leaves its batch to the sweep after the lease: delivery is
    *at least once*. Each mail has a fixed Message-ID; in the inbox a notice is one row whatever happens.
    """
    with transaction.atomic():
        batch = list(
            Notice.objects.unsent()
            .filter(next_try_at__lte=at)
            .select_related("person")
            .select_for_update(skip_locked=True, no_key=True, of=("self",))
            .order_by("next_try_at", "id")[:BATCH]
        )
        Notice.objects.filter(pk__in=[notice.pk for notice in batch]).update(
            next_try_at=at + LEASE, attempts=F("attempts") + 1
        )
    for notice in batch:
        notice.attempts += 1
    return batch


def send(batch: list[Notice]) -> int:
    """Deliver what can be delivered; a notice that fails is set aside for a while and stops no other."""
    sent = []
    for notice in batch:
        try:
            deliver(notice)
        except Exception:
            wait = waiting_after(notice.attempts)
            logger.exception("notice %s not delivered, attempt %s, next in %s", notice.pk, notice.attempts, wait)
            Notice.objects.filter(pk=notice.pk).update(next_try_at=timezone.now() + wait)
        else:
            sent.append(notice.pk)
    return Notice.objects.filter(pk__in=sent, sent_at=None).update(sent_at=timezone.now())


def waiting_after(attempts: int) -> timedelta:
    """1, 2, 4 … minutes, at most six hours."""
    return min(timedelta(minutes=2 ** min(attempts - 1, 12)), LONGEST_WAIT)
