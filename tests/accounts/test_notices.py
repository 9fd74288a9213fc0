"""Told once, delivered later, whatever happens to the broker, a channel or a worker."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from celery import current_app
from django.core import mail
from django.db import DatabaseError, connections, transaction
from kombu.exceptions import OperationalError
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts import channels, notices, tasks
from accounts.models import Notice, User
from accounts.notices import tell

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)


def told(*people: User, key: str = "SG1:due") -> None:
    tell(people, key=key, title="诉求将于 1 工作时后到期", path="/petitions/SG1/", at=NOW)


@pytest.fixture(autouse=True)
def kicks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    sent: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **_: sent.append(name))
    monkeypatch.setattr(notices, "_quiet_until", 0.0)
    return sent


@pytest.fixture
def pair(db: None) -> tuple[User, User]:
    return User.objects.create_user("head", name="杨振华"), User.objects.create_user("officer", name="马俊峰")


def test_the_same_thing_is_told_once_to_each_person(pair: tuple[User, User]) -> None:
    told(*pair)
    told(*pair)
    told(pair[0], key="SG1:overdue")
    assert Notice.objects.of(pair[0]).count() == 2
    assert Notice.objects.of(pair[1]).count() == 1


def test_a_notice_is_not_told_when_the_verb_fails(pair: tuple[User, User], kicks: list[str]) -> None:
    def verb() -> None:
        with transaction.atomic():
            told(*pair)
            raise ValueError("something went wrong after telling")

    with pytest.raises(ValueError, match="after telling"):
        verb()
    assert not Notice.objects.exists()
    assert kicks == []


def test_many_tellings_in_one_transaction_ask_for_one_delivery(
    pair: tuple[User, User], kicks: list[str], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for n in range(20):
            told(*pair, key=f"SG{n}")
    assert kicks == ["accounts.send_unsent"]


def test_a_broker_that_is_down_costs_nobody_anything(
    pair: tuple[User, User],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    asked = []

    def refuse(name: str, **_: object) -> None:
        asked.append(name)
        raise OperationalError("Connection refused")

    monkeypatch.setattr(current_app, "send_task", refuse)
    for n in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            told(*pair, key=f"SG{n}")
    assert len(asked) == 1, "while the broker is down nobody waits for it again and again"
    assert tasks.send_unsent() == 6, "the sweep of beat delivers what the kick could not"


def test_delivered_once_through_every_channel(pair: tuple[User, User], settings: Settings) -> None:
    settings.NOTICE_CHANNELS = ["in_app", "console", "email"]
    settings.PORTAL_ADDRESS = "https://portal.example"
    pair[0].email = "head@example.cn"
    pair[0].save()
    told(*pair)
    assert tasks.send_unsent() == 2
    assert tasks.send_unsent() == 0
    (letter,) = mail.outbox
    assert letter.to == ["head@example.cn"]
    assert "https://portal.example/petitions/SG1/" in letter.body
    assert letter.extra_headers["Message-ID"].startswith("<notice-")


def test_one_that_cannot_be_delivered_is_set_aside_and_stops_no_other(
    pair: tuple[User, User], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def choke(notice: Notice) -> None:
        if notice.key == "poison":
            raise OSError("mail server said no")

    monkeypatch.setitem(channels.CHANNELS, "email", choke)
    settings.NOTICE_CHANNELS = ["email"]
    told(pair[0], key="poison")
    for n in range(5):
        told(pair[1], key=f"SG{n}")
    with time_machine.travel(NOW, tick=False) as clock:
        assert tasks.send_unsent() == 5
        poison = Notice.objects.get(key="poison")
        assert (poison.sent_at, poison.attempts, poison.next_try_at) == (None, 1, NOW + timedelta(minutes=1))
        assert tasks.send_unsent() == 0
        clock.shift(timedelta(minutes=1))
        tasks.send_unsent()
        poison.refresh_from_db()
        assert (poison.attempts, poison.next_try_at) == (2, NOW + timedelta(minutes=3))
    assert tasks.waiting_after(200) == timedelta(hours=6)


def test_what_a_killed_worker_had_claimed_is_delivered_after_its_lease(pair: tuple[User, User]) -> None:
    told(*pair)
    with time_machine.travel(NOW, tick=False) as clock:
        assert len(tasks.claim(NOW)) == 2  # and the worker dies here
        assert tasks.send_unsent() == 0
        clock.shift(tasks.LEASE)
        assert tasks.send_unsent() == 2


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_deliver_everything_once(
    pair: tuple[User, User], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivered: list[int] = []
    monkeypatch.setitem(channels.CHANNELS, "email", lambda notice: delivered.append(notice.pk))
    settings.NOTICE_CHANNELS = ["email"]
    for n in range(300):
        told(*pair, key=f"SG{n}")
    start = threading.Barrier(2)

    def sweep() -> None:
        start.wait()
        tasks.send_unsent()
        connections.close_all()

    threads = [threading.Thread(target=sweep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(delivered) == len(set(delivered)) == 600


@pytest.mark.django_db(transaction=True)
def test_a_row_another_sweep_holds_is_left_to_it(pair: tuple[User, User]) -> None:
    told(*pair)
    found: list[int] = []

    def claim() -> None:
        found.append(len(tasks.claim(NOW)))
        connections.close_all()

    with transaction.atomic():
        list(Notice.objects.of(pair[0]).select_for_update(no_key=True))
        other = threading.Thread(target=claim)
        other.start()
        other.join()
    assert found == [1]


def test_what_was_told_stays_told(pair: tuple[User, User]) -> None:
    told(*pair)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        Notice.objects.all().delete()
    assert Notice.objects.count() == 2
