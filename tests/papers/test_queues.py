"""What waits for whom: every number on a desk is the number of rows of the list that it opens."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from petitions.models import Meeting, Task, Topic
from petitions.paper_queues import waiting_papers
from petitions.papers import meetings
from petitions.papers.assignments import Charge, finish
from tests.cast import Cast, hours
from tests.papers.conftest import AT
from tests.shouyang.asking import Asker


@pytest.fixture
def task(cast: Cast, opened: Meeting, topic: Topic) -> Task:
    charge = Charge(cast.bureau, AT + hours(24 * 3), "划定夜市经营区")
    meetings.decide(opened, content="划定夜市", topic=topic, charge=charge, by=cast.reviewer, at=AT + hours(25))
    return Task.objects.get()


def waits(person: Any) -> dict[str, int]:
    return {queue.name: queue.total for queue in waiting_papers(person, timezone.now(), top=5) if queue.total}


def test_a_task_waits_for_its_unit_and_then_for_who_called_the_meeting(
    cast: Cast, task: Task, time_machine: Any
) -> None:
    time_machine.move_to(AT + hours(26))
    assert waits(cast.officer) == {"tasks-mine": 1}
    time_machine.move_to(AT + hours(24 * 4))
    assert waits(cast.head) == {"tasks-mine": 1, "tasks-overdue": 1}
    assert waits(cast.leader)["tasks-overdue"] == 1
    finish(task, text="完成", by=cast.head, at=AT + hours(24 * 4))
    assert waits(cast.leader)["tasks-to_accept"] == 1
    assert "tasks-to_accept" not in waits(cast.principal)


@pytest.mark.parametrize("username", ["leader", "principal", "reviewer", "organiser", "head", "officer"])
def test_every_number_of_a_desk_opens_as_many_rows(client: Client, cast: Cast, task: Task, username: str) -> None:
    person = getattr(cast, username)
    client.force_login(person)
    assert client.get("/").status_code == 200
    for queue in waiting_papers(person, timezone.now(), top=5):
        page = client.get(queue.href).content.decode()
        assert f"共 {queue.total} 件" in page, queue.name


def test_the_api_shows_what_the_pages_show(cast: Cast, task: Task) -> None:
    for kind, pk in (("tasks", task.pk), ("meetings", task.decision.meeting_id)):  # type: ignore[union-attr]
        assert Asker(cast.officer).get(f"/api/v1/{kind}/{pk}/").json()["id"] == pk
        assert Asker(cast.leader).get(f"/api/v1/{kind}/").json()["results"][0]["id"] == pk
        assert Asker(cast.liaison).get(f"/api/v1/{kind}/{pk}/").status_code == 404
        assert Asker(cast.liaison).get(f"/api/v1/{kind}/").json()["results"] == []
    assert Asker(cast.officer).get("/api/v1/briefings/").json()["results"] == []


def test_a_list_asks_no_more_for_more_rows(
    client: Client, cast: Cast, task: Task, django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.leader)
    for address in ("/tasks/", "/meetings/", "/topics/", "/briefings/"):
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200
