"""The portal's own regular tasks."""

from celery import shared_task
from django.utils import timezone

from grids import reminding
from shouyang import records


@shared_task(name="shouyang.heartbeat")
def heartbeat() -> None:
    """Does nothing: that it was done (see shouyang.celery) shows that beat sends and a worker works."""


@shared_task(name="shouyang.seal_records")
def seal_records() -> None:
    records.seal(timezone.now())
    records.check_what_was_asked(timezone.now())


@shared_task(name="shouyang.check_records")
def check_records() -> None:
    records.ask(None, timezone.now())
    records.check_what_was_asked(timezone.now())


@shared_task(name="shouyang.remind_of_staffing")
def remind_of_staffing() -> None:
    reminding.remind(timezone.now())
