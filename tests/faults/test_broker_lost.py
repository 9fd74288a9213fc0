"""The broker carries messages and may lose all of them: a call is taken without it, and everybody is told later."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings
from django.utils import timezone

from accounts import errands
from accounts.models import Notice
from petitions import workflow
from shouyang import processes
from shouyang.embedded import keepsakes
from shouyang.embedded.valkey import Valkey
from tests.cast import Cast, call
from tests.faults.conftest import Programs
from tests.waiting import wait

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Valkey]:
    """A broker of this test's own, to be stopped and emptied."""
    home = tmp_path / "broker"
    home.mkdir()
    valkey = Valkey(home)
    valkey.start()
    celery = Celery("test", broker=keepsakes.redis_url(home))
    celery.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    monkeypatch.setattr(errands, "current_app", celery)
    monkeypatch.setattr(errands, "_quiet_until", 0.0)
    yield valkey
    valkey.stop()


def told_but_unsent(cast: Cast) -> Notice:
    petition = call(cast, at=timezone.now())
    workflow.dispatch(petition, to=cast.bureau, by=cast.dispatcher, at=timezone.now())
    return Notice.objects.of(cast.officer).get(sent_at=None)


def send_as_beat_does(programs: Programs, valkey: Valkey, notice: Notice) -> None:
    address = keepsakes.redis_url(valkey.home) or ""
    programs.start(processes.worker(), REDIS_URL=address)
    Celery("beat", broker=address).send_task("accounts.send_unsent")
    wait(lambda: Notice.objects.filter(pk=notice.pk).exclude(sent_at=None).exists(), programs.said)


def test_a_call_is_taken_while_the_broker_is_down(cast: Cast, programs: Programs, broker: Valkey) -> None:
    broker.stop()
    begun = time.monotonic()
    notice = told_but_unsent(cast)
    assert time.monotonic() - begun < 5, "nobody waits for a broker that is not there"
    assert notice.sent_at is None

    broker.start()
    send_as_beat_does(programs, broker, notice)


def test_a_flushed_broker_loses_no_notice(cast: Cast, programs: Programs, broker: Valkey) -> None:
    notice = told_but_unsent(cast)
    with errands.current_app.connection_for_write() as connection:
        client = connection.default_channel.client
        assert client.llen("celery") >= 1, "a worker was asked"
        client.flushall()
    assert Notice.objects.get(pk=notice.pk).sent_at is None

    send_as_beat_does(programs, broker, notice)


def test_a_worker_outlives_its_broker(cast: Cast, programs: Programs, broker: Valkey) -> None:
    address = keepsakes.redis_url(broker.home) or ""
    worker = programs.start(processes.worker(), REDIS_URL=address)
    queue = Celery("beat", broker=address)
    wait(lambda: queue.control.ping(timeout=0.5, limit=1), programs.said)
    broker.stop()
    notice = told_but_unsent(cast)
    broker.start()
    assert keepsakes.redis_url(broker.home) == address

    queue.send_task("accounts.send_unsent")
    wait(lambda: Notice.objects.filter(pk=notice.pk).exclude(sent_at=None).exists(), programs.said)
    assert worker.poll() is None, "it is the same process"
