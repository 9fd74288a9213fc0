"""Is the portal well? Asked of the things themselves, within seconds, even when they do not answer."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import psycopg
import redis
from celery import current_app
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Delivery
from shouyang.models import Heartbeat

SWEEP = "petitions.ring_due"
HEARTBEAT = "shouyang.heartbeat"
PATIENCE = 30  # seconds without a heartbeat


@dataclass(frozen=True)
class Health:
    database: bool
    broker: bool
    worker: bool
    beat: bool
    heartbeat_age: float | None  # seconds
    last_sweep_age: float | None  # seconds
    notices_given_up: int | None  # of the last day, whose channel never took them; the inbox has them

    @property
    def well(self) -> bool:
        return self.database and self.broker and self.worker and self.beat


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    health = examine(timezone.now())
    return JsonResponse({"ok": health.well} | asdict(health), status=200 if health.well else 503)


def examine(at: datetime) -> Health:
    database = database_answers()
    broker = broker_answers()
    heartbeat_age, last_sweep_age = (age(HEARTBEAT, at), age(SWEEP, at)) if database else (None, None)
    return Health(
        database=database,
        broker=broker,
        worker=broker and worker_answers(),
        beat=heartbeat_age is not None and heartbeat_age < PATIENCE,
        heartbeat_age=heartbeat_age,
        last_sweep_age=last_sweep_age,
        notices_given_up=given_up(at - timedelta(days=1)) if database else None,
    )


def database_answers() -> bool:
    """A connection of its own: the pool would wait ten seconds for a database that is gone."""
    try:
        with psycopg.connect(settings.DATABASE_URL, connect_timeout=2) as connection:
            return connection.execute("select 1").fetchone() == (1,)
    except psycopg.Error:
        return False


def broker_answers() -> bool:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as broker:
            return bool(broker.ping())
    except redis.RedisError:
        return False


def worker_answers() -> bool:
    try:
        return bool(current_app.control.ping(timeout=1, limit=1))
    except current_app.connection_for_write().connection_errors:
        return False


def age(name: str, at: datetime) -> float | None:
    try:
        last = Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
    except DatabaseError:
        return None
    return round((at - last).total_seconds(), 1) if last else None


def given_up(since: datetime) -> int | None:
    try:
        return Delivery.objects.filter(given_up_at__gt=since).count()
    except DatabaseError:
        return None
