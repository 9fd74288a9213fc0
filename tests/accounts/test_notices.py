"""Told once, delivered later, whatever happens to the broker, a channel or a worker."""

import threading
from datetime import UTC, datetime

import pytest
from celery import current_app
from django.db import DatabaseError, connections, transaction
from kombu.exceptions import OperationalError
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts import errands, routing, tasks
from accounts.models import Notice, User
from accounts.notices import tell

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)


def told(*people: User, key: str = "SG1:due") -> None:
    tell(people, key=key, title="诉求将于 1 工作时后到期", path="/petitions/SG1/", at=NOW)


@pytest.fixture(autouse=True)
def kicks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    sent: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **_: sent.append(name))
    monkeypatch.setattr(errands, "_quiet_until", 0.0)
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
    tasks.send_unsent()
    assert not Notice.objects.unsent().exists(), "the sweep of beat hands over what the kick could not"


@pytest.mark.django_db(transaction=True)
def test_a_row_another_sweep_holds_is_left_to_it(pair: tuple[User, User]) -> None:
    told(*pair)
    found: list[int] = []

    def claim() -> None:
        found.append(routing.hand_over(NOW))
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
