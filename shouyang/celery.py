"""The Celery application: worker and beat start from here."""

import os
import time
from logging.config import dictConfig
from typing import Any

from celery import Celery, Task
from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouyang.settings")

app = Celery("shouyang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def log_as_the_portal_does(**_: Any) -> None:
    from django.conf import settings

    dictConfig(settings.LOGGING)


@before_task_publish.connect
def send_request_id(headers: dict[str, Any], **_: Any) -> None:
    from shouyang import tracing

    headers["request_id"] = tracing.current.get() or tracing.new_id()


@task_prerun.connect
def take_request_id(task: Task, **_: Any) -> None:
    from shouyang import tracing

    tracing.current.set(tracing.acceptable(task.request.get("request_id")) or tracing.new_id())
    task.request.begun = time.monotonic()


@task_postrun.connect
def note_what_was_done(task: Task, state: str, **_: Any) -> None:
    """A sweep that runs to its end leaves its heartbeat; one that failed shows by the age of the last."""
    from django.conf import settings
    from django.utils import timezone

    from shouyang.models import Heartbeat

    if state == "SUCCESS" and any(entry["task"] == task.name for entry in settings.CELERY_BEAT_SCHEDULE.values()):
        seconds = time.monotonic() - task.request.get("begun", time.monotonic())
        Heartbeat.objects.beat(task.name, at=timezone.now(), seconds=seconds)
