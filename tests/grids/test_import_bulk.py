"""The first people of the city are written with the indexes of their table set aside, which are the same afterwards."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from grids.importing import bulk, running
from grids.models import Import, Resident
from tests.cast import MONDAY_TEN, Cast
from tests.grids.homes import rules
from tests.grids.sheets import brought, checked, houses, row, worked, xlsx

HOMES = [row(n, room=str(500 + n)) for n in range(2, 8)]
THE_SAME = """
SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'grids_resident'::regclass
UNION SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'grids_resident'::regclass
"""
MADE_ANEW = """
SELECT indexrelid FROM pg_index WHERE indrelid = 'grids_resident'::regclass AND NOT indisprimary
UNION SELECT oid FROM pg_constraint WHERE conrelid = 'grids_resident'::regclass AND contype = 'f'
"""


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path, db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT = tmp_path
    rules()
    houses()
    monkeypatch.setattr(bulk, "WORTH_IT", len(HOMES))


@pytest.mark.django_db(transaction=True)
def test_what_was_set_aside_is_back_and_the_next_import_leaves_it_alone(cast: Cast) -> None:
    before, made = asked(THE_SAME), asked(MADE_ANEW)
    assert len(made) == 5, "four indexes, and the household that a resident is of"
    brought(xlsx(HOMES), cast.secretary)
    assert Resident.objects.count() == len(HOMES)
    assert asked(THE_SAME) == before
    assert not asked(MADE_ANEW) & made

    made = asked(MADE_ANEW)
    brought(xlsx([row(n, room=str(500 + n)) for n in range(12, 18)]), cast.secretary)
    assert Resident.objects.count() == 2 * len(HOMES)
    assert asked(MADE_ANEW) == made


@pytest.mark.django_db(transaction=True)
def test_a_few_people_are_not_worth_it(cast: Cast) -> None:
    made = asked(MADE_ANEW)
    brought(xlsx(HOMES[1:]), cast.secretary)
    assert Resident.objects.count() == len(HOMES) - 1
    assert asked(MADE_ANEW) == made


@pytest.mark.django_db(transaction=True)
def test_whoever_reads_for_long_is_not_waited_for(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "PATIENCE", "SET LOCAL lock_timeout = '50ms'")
    before, made = asked(THE_SAME), asked(MADE_ANEW)
    reader = connection.copy()
    reader.set_autocommit(False)
    with reader.cursor() as cursor:
        cursor.execute(bulk.SOMEBODY)
    try:
        brought(xlsx(HOMES), cast.secretary)
    finally:
        reader.rollback()
        reader.close()
    assert Resident.objects.count() == len(HOMES)
    assert (asked(THE_SAME), asked(MADE_ANEW)) == (before, made)


@pytest.mark.django_db(transaction=True)
def test_an_import_that_fails_brings_everything_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    before, made = asked(THE_SAME), asked(MADE_ANEW)
    run = checked(xlsx(HOMES), cast.secretary)
    running.go(run, at=MONDAY_TEN)
    without: list[set[Any]] = []

    def fails(*args: Any) -> None:
        without.append(asked(MADE_ANEW))
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(bulk, "build", fails)
        claimed = running.claim(MONDAY_TEN)
        assert claimed
        assert not running.work(claimed)
    assert without == [set()], "it stood in the middle"
    assert not Resident.objects.exists()
    assert (asked(THE_SAME), asked(MADE_ANEW)) == (before, made)

    worked(run)
    assert Import.objects.get(pk=run.pk).state == Import.State.DONE
    assert Resident.objects.count() == len(HOMES)
    assert asked(THE_SAME) == before


def asked(statement: str) -> set[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return {value for (value,) in cursor.fetchall()}
