"""Tell people something, once per (person, key), inside the caller's transaction; delivery follows after commit."""

import logging
import time
from collections.abc import Iterable
from datetime import datetime

from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from accounts.models import Notice, User

logger = logging.getLogger(__name__)

_quiet_until = 0.0  # monotonic seconds: while the broker is down, nobody waits for it again and again


def tell(
    people: Iterable[User],
    *,
    key: str,
    title: str,
    at: datetime,
    body: str = "",
    path: str = "",
    weight: str = Notice.Weight.INFO,
) -> None:
    post(
        Notice(person=person, key=key, title=title[:120], body=body, path=path, weight=weight, created_at=at)
        for person in people
    )


def post(notices: Iterable[Notice]) -> None:
    """Many notices at once, for a sweep; those a person has already are left as they are."""
    rows = list(notices)
    if rows:
        # The order keeps two sweeps that tell the same people from waiting for each other's rows crosswise.
        rows.sort(key=lambda row: (row.person_id, row.key))
        Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
        deliver_soon()


def deliver_soon() -> None:
    if not any(waiting[1] is _kick for waiting in connection.run_on_commit):  # once per transaction is enough
        transaction.on_commit(_kick, robust=True)


def _kick() -> None:
    """Ask a worker to deliver now; if nobody can be asked, the sweep of beat delivers a little later."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    try:
        current_app.send_task("accounts.send_unsent", retry=False, expires=30)
    except (OperationalError, OSError) as error:
        _quiet_until = time.monotonic() + 30
        logger.warning("broker not reached, notices wait for the sweep: %s", error)
