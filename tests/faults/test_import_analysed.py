"""What the planner knows in the middle of an import, also when autovacuum comes by, which sees no new row yet."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from grids.importing import loading
from grids.models import Resident
from tests.cast import Cast
from tests.grids.homes import rules
from tests.grids.sheets import brought, checked, houses, row, xlsx

HOMES = 120


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["grids_dwelling", "grids_resident"])
def test_the_planner_knows_what_an_import_has_written(
    cast: Cast, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    settings.MEDIA_ROOT = tmp_path
    rules()
    houses()
    expected: list[int] = []

    def come_by(*args: Any) -> None:
        """Before the commit. Like autovacuum, it does not wait for a table that is being looked at."""
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute(f"ANALYZE (SKIP_LOCKED) {table}")
        other.close()
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) SELECT FROM {table}")
            expected.append(cursor.fetchone()[0][0]["Plan"]["Plan Rows"])

    monkeypatch.setattr(loading, "ask_for_checks", come_by)
    brought(xlsx([row(n, room=str(n)) for n in range(1, HOMES + 1)]), cast.secretary)
    assert Resident.objects.count() == HOMES
    assert expected == [HOMES]


@pytest.mark.django_db
def test_the_planner_knows_that_nobody_of_a_new_file_is_on_record(
    cast: Cast, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    rules()
    houses()
    run = checked(xlsx([row(n, room=str(n)) for n in range(1, HOMES + 1)]), cast.secretary)
    lines = run.lines.filter(resident_id=None, household_id=None)
    plan = json.loads(lines.explain(format="json"))[0]["Plan"]
    assert plan["Plan Rows"] == lines.count() == HOMES
