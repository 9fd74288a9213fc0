"""The portal's own regular task."""

from celery import shared_task


@shared_task(name="shouyang.heartbeat")
def heartbeat() -> None:
    """Does nothing: that it was done (see shouyang.celery) shows that beat sends and a worker works."""
