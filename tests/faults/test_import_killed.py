"""A worker dies in the middle of an import: what it had committed stays, the rest comes once, nothing is half there."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from accounts.models import User
from grids import workflow
from grids.importing import running
from grids.models import HomeEvent, Household, Import, Posting, Resident, VisitClock
from shouyang import processes
from tests.cast import MONDAY_TEN, Cast
from tests.faults import sessions
from tests.faults.conftest import Programs
from tests.grids.homes import door, rules
from tests.grids.sheets import HEADS, checked, houses, row, xlsx
from tests.waiting import wait

XUEYUAN = "370783001902"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_an_import_that_is_killed_goes_on_where_it_was(
    cast: Cast, programs: Programs, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    run, neighbours = _two_communities(cast)
    worker = programs.start(processes.worker())
    wait(lambda: programs.queue.control.ping(timeout=0.5, limit=1), programs.said)
    running.go(run, at=MONDAY_TEN)
    with transaction.atomic(), connection.cursor() as cursor:
        # Somebody of the second community joins a household that is held here: the worker stands in the middle.
        cursor.execute("SELECT 1 FROM grids_household WHERE id = %s FOR NO KEY UPDATE", [neighbours.pk])
        programs.queue.send_task("grids.run_imports")
        wait(sessions.waiting, programs.said)
        programs.kill(worker)
    wait(lambda: not sessions.under_way())
    run.refresh_from_db()
    assert (run.state, run.settled) == (Import.State.LOADING, ["370783001901"])
    assert Resident.objects.count() == 2, "the first community is in, the second has nothing"

    Import.objects.update(lease_until=None)  # as two minutes later
    programs.start(processes.worker())
    programs.queue.send_task("grids.run_imports")
    wait(lambda: Import.objects.filter(state=Import.State.DONE).exists(), programs.said)
    assert Resident.objects.count() == 4
    assert Household.objects.count() == VisitClock.objects.count() == HomeEvent.objects.filter(action="found").count()
    assert HomeEvent.objects.filter(action="moved_in", household=neighbours).count() == 1


def _two_communities(cast: Cast) -> tuple[Import, Household]:
    rules()
    houses()
    houses(XUEYUAN)
    household = Household(dwelling=door("501", place=f"{XUEYUAN}001"), since=MONDAY_TEN.date())
    neighbours = workflow.found(household, key=uuid4(), by=_keeper(cast), at=MONDAY_TEN)
    assert neighbours
    rows: list[Any] = [["向阳社区", *row(2)], ["向阳社区", *row(3, room="502")]]
    rows += [["学院社区", *row(4)], ["学院社区", *row(5, room="502")]]
    raw = xlsx(rows, ["社区", *HEADS])
    run = checked(raw, cast.street, place="370783001", manner=Import.Manner.COMMUNITY)
    assert run.bad == 0, list(run.problems.values())
    return run, neighbours


def _keeper(cast: Cast) -> User:
    """Somebody who answers for the other community."""
    user = User.objects.create(username="xueyuan", name="赵学院")
    held = Posting.objects.get(user=cast.secretary)
    Posting.objects.create(user=user, duty=held.duty, unit=held.unit, place_id=XUEYUAN, since=held.since)
    return user
