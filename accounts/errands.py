"""Ask a worker to do now what its sweep would do a little later anyway: after commit, once per transaction."""

import logging
import time
from collections.abc import Callable
from functools import cache, partial

from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

_quiet_until = 0.0  # monotonic seconds: while the broker is down, nobody waits for it again and again


def soon(task: str) -> None:
    errand = _errand(task)
    if not any(waiting[1] is errand for waiting in connection.run_on_commit):
        transaction.on_commit(errand, robust=True)


@cache
def _errand(task: str) -> Callable[[], None]:
    return partial(_send, task)


def _send(task: str) -> None:
    """If nobody can be asked, the sweep of beat finds the same rows."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return
    try:
        current_app.send_task(task, retry=False, expires=30)
    except (OperationalError, OSError) as error:
        _quiet_until = time.monotonic() + 30
        logger.warning("broker not reached, %s waits for its sweep: %s", task, error)
