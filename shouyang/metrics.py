"""What Prometheus may read: requests, counted by every web process; the promises' machinery, asked of the database."""

import secrets
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from accounts.models import Delivery, Notice
from petitions.models import Clock
from shouyang.models import Heartbeat

Path(settings.METRICS_DIR).mkdir(parents=True, exist_ok=True)  # every process writes its counters there
requests_total = Counter("shouyang_requests", "Requests answered", ["method", "view", "status"])
request_seconds = Histogram("shouyang_request_seconds", "Time to answer a request", ["view"])


counter_of, timer_of = cache(requests_total.labels), cache(request_seconds.labels)  # looked up once, not each time


def observe(method: str, view: str, status: int, seconds: float) -> None:
    counter_of(method, view, str(status)).inc()
    timer_of(view).observe(seconds)


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Not found, rather than forbidden, for whoever has no token."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    if not settings.METRICS_TOKEN or not secrets.compare_digest(given, settings.METRICS_TOKEN.encode()):
        raise Http404
    registry = CollectorRegistry()
    MultiProcessCollector(registry, settings.METRICS_DIR)
    registry.register(Machinery())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class Machinery:
    def collect(self) -> Iterator[Metric]:
        now = timezone.now()
        runs = GaugeMetricFamily("shouyang_sweep_runs", "Times a sweep has finished", labels=["sweep"])
        took = GaugeMetricFamily("shouyang_sweep_seconds", "How long its last run took", labels=["sweep"])
        age = GaugeMetricFamily("shouyang_sweep_age_seconds", "Since it last finished", labels=["sweep"])
        for beat in Heartbeat.objects.all():
            runs.add_metric([beat.name], beat.runs)
            took.add_metric([beat.name], beat.seconds)
            age.add_metric([beat.name], (now - beat.at).total_seconds())
        yield from (runs, took, age)
        first = Clock.objects.ringing(now).order_by("next_tick_at").values_list("next_tick_at", flat=True).first()
        late = (now - first).total_seconds() if first else 0
        yield GaugeMetricFamily("shouyang_tick_lateness_seconds", "How long the oldest tick has waited", value=late)
        unsent = Notice.objects.unsent().count() + Delivery.objects.outstanding().count()
        yield GaugeMetricFamily("shouyang_notices_unsent", "Notices that have yet to go out, per channel", value=unsent)
        given_up = Delivery.objects.given_up().count()
        yield GaugeMetricFamily("shouyang_notices_given_up", "Notices a channel never took", value=given_up)
        yield GaugeMetricFamily("shouyang_queue_length", "Messages no worker has taken", value=queue_length())


def queue_length() -> float:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as broker:
            return float(broker.llen("celery"))
    except redis.RedisError:
        return float("nan")
