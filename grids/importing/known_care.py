"""What lines say of the care of people who are on record: it is added where none of its kind runs, and no more.

Nothing that is on record is changed. It is computed anew by the dry run and by the import, each at its own moment.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection

from grids.importing.row import Problem
from grids.models import Import

OF_THE_CARE = ("category", "category_fingerprint", "degree", "need", "guardian", "health", "device", "assessed_on")
# `sure`: known by her number; or by her name, when nobody else behind the door has it and one line alone means her.
ON_RECORD = f"""
SELECT line.number, line.community, person.id AS person, person.household_id AS home,
    {", ".join(f"care.{name}" for name in OF_THE_CARE)},
    COALESCE(person.id_fingerprint = line.id_fingerprint, false) OR (
        NOT EXISTS (
            SELECT FROM grids_resident namesake JOIN grids_household beside ON beside.id = namesake.household_id
            WHERE namesake.name_fingerprint = person.name_fingerprint AND namesake.left_at IS NULL
                AND namesake.id <> person.id AND beside.dwelling_id = line.dwelling_id AND beside.ended_at IS NULL)
        AND line.resident_id NOT IN (
            SELECT resident_id FROM grids_importline WHERE run_id = %(run)s AND resident_id IS NOT NULL
            GROUP BY resident_id HAVING count(*) > 1)
    ) AS sure,
    EXISTS (
        SELECT FROM grids_care running WHERE running.resident_id = person.id AND running.ended_at IS NULL
            AND running.category_fingerprint = care.category_fingerprint
    ) AS runs
FROM grids_importcare care
JOIN grids_importline line ON line.run_id = care.run_id AND line.number = care.number
JOIN grids_resident person ON person.id = line.resident_id AND person.left_at IS NULL
WHERE care.run_id = %(run)s AND line.community = ANY(%(communities)s)
"""
ADDED = f"SELECT * FROM ({ON_RECORD}) known WHERE sure AND NOT runs"
TOLD = f"""
SELECT number, community, bool_and(sure), count(*) FILTER (WHERE NOT runs), count(*) FILTER (WHERE runs)
FROM ({ON_RECORD}) known GROUP BY number, community ORDER BY number
"""
UNSURE = "此人已在册，但只按姓名对上，分不清是哪一位；重点关爱没有导入，请在户页面上登记。"


def count(run: Import, communities: Iterable[str]) -> int:
    ((added,),) = _asked(f"SELECT count(*) FROM ({ADDED}) added", run, communities)
    return int(added)


def numbers(run: Import, communities: Iterable[str]) -> list[int]:
    """Of the lines that add some."""
    return [number for (number,) in _asked(f"SELECT DISTINCT number FROM ({ADDED}) added", run, communities)]


def remarks(run: Import, communities: Iterable[str], head: str) -> Iterator[Problem]:
    """What becomes of them, line by line."""
    for number, community, sure, added, running in _asked(TOLD, run, communities):
        yield Problem(number, head, "", _sentence(sure, added, running), stops=False, community=community)


def _sentence(sure: bool, added: int, running: int) -> str:
    if not sure:
        return UNSURE
    if not added:
        return "此人已在册，表里的重点关爱都已登记过，不改动。"
    rest = f"；另有 {running} 项已登记过，不改动" if running else "，其他资料不改动"
    return f"此人已在册，补登重点关爱 {added} 项{rest}。"


def _asked(statement: str, run: Import, communities: Iterable[str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"run": run.pk, "communities": list(communities)})
        return list(cursor.fetchall())
