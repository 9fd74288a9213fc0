"""What may be seen of the portal from outside: counters, for the holder of a token, and logs without personal data."""

import json
import logging
import sys
from typing import Any

import pytest
from django.test import Client

from shouyang.celery import send_request_id, take_request_id
from shouyang.logs import Formatter
from shouyang.models import Heartbeat
from shouyang.tracing import current
from tests.cast import MONDAY_TEN

pytestmark = pytest.mark.django_db


def test_metrics_are_for_the_holder_of_the_token(client: Client, settings: Any) -> None:
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a-token"
    assert client.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 404
    Heartbeat.objects.beat("petitions.ring_due", at=MONDAY_TEN, seconds=0.5)
    Heartbeat.objects.beat("petitions.ring_due", at=MONDAY_TEN, seconds=0.25)

    told = client.get("/metrics", headers={"Authorization": "Bearer a-token"}).text

    assert 'shouyang_sweep_runs{sweep="petitions.ring_due"} 2.0' in told
    assert 'shouyang_sweep_seconds{sweep="petitions.ring_due"} 0.25' in told
    assert 'shouyang_requests_total{method="GET",status="404",view="metrics"}' in told
    for name in ("request_seconds_bucket", "tick_lateness_seconds", "notices_unsent", "queue_length"):
        assert f"shouyang_{name}" in told


@pytest.mark.parametrize(("given", "kept"), [("a1b2c3d4-e5", True), ("short", False), ('x" level="INFO', False)])
def test_a_request_keeps_its_id_or_gets_one(client: Client, given: str, kept: bool) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": given})
    assert (answer["X-Request-ID"] == given) is kept
    assert len(answer["X-Request-ID"]) >= 8


def test_the_id_follows_into_the_task() -> None:
    token = current.set("from-the-browser")
    headers: dict[str, Any] = {}
    send_request_id(headers=headers)
    current.set("something-else")

    class Task:
        class request(dict[str, Any]):
            pass

    Task.request = Task.request(headers)  # type: ignore[assignment,misc]
    take_request_id(task=Task)
    assert current.get() == "from-the-browser"
    current.reset(token)


def test_a_log_line_is_json_without_the_request_or_the_row(rf: Any) -> None:
    token = current.set("an-id-of-a-request")
    said = "duplicate key\nDETAIL:  Key (phone)=(13812345678) already exists.\nfurther"
    try:
        raise ValueError(said)
    except ValueError:
        record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    record.request = rf.get("/petitions/?phone=13812345678")
    line = Formatter().format(record)
    current.reset(token)

    assert "13812345678" not in line
    told = json.loads(line)
    assert told["request_id"] == "an-id-of-a-request"
    assert told["level"] == "ERROR"
    assert "duplicate key" in told["exc_info"]


def test_every_request_leaves_one_line_that_names_the_view(client: Client, caplog: Any) -> None:
    with caplog.at_level(logging.INFO, logger="shouyang.tracing"):
        client.get("/healthz?phone=13812345678")
    (line,) = [record for record in caplog.records if record.name == "shouyang.tracing"]
    assert (line.view, line.method) == ("healthz", "GET")
    assert "13812345678" not in Formatter().format(line)
