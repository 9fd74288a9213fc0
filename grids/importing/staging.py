"""The dry run: lines go into their table sealed, and the database says who is there twice, in file or city."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.sealing import keyring
from grids.importing import crew, known_care
from grids.importing.checking import CHOSEN
from grids.importing.files import Sheet
from grids.importing.matching import names_of
from grids.importing.row import Problem, Reader
from grids.importing.sayings import ALSO
from grids.models import (
    Building,
    Care,
    Compound,
    Dwelling,
    Household,
    Import,
    ImportCare,
    ImportLine,
    ImportProblem,
    Place,
    Resident,
)
from grids.said import normalise

MOST_PROBLEMS, MOST_REMARKS = 5_000, 1_000  # kept; the rest is counted
MOST_HOUSES = 20  # compounds with new buildings that are named
KEYS_CHANGE = "检索密钥正在轮换，这时查不全重复的人；请等轮换完成后再导入。"
# Only what the joins go by, and a tenth of the usual sample: looking at more took longer than what it saves.
SAMPLE = "SET LOCAL default_statistics_target = 10"
ANALYZE = (
    "ANALYZE grids_importline (run_id, community, compound, building, unit, room, mark, id_fingerprint),"
    " grids_importcare"
)
COPY = f"COPY grids_importline ({', '.join(crew.COPIED)}) FROM STDIN"
COPY_CARES = f"COPY grids_importcare ({', '.join(crew.CARED)}) FROM STDIN"
OWNERS: dict[str, type[Any]] = {"kind": Household, "colour": Household, "tenure": Dwelling, "occupancy": Dwelling}

DOOR = "community, compound, building, unit, room"
# Where each line's door, household and person are on record already. Run again, it finds what has come meanwhile.
FIND_DOORS = """
UPDATE grids_importline line SET dwelling_id = found.id, household_id = found.household, households = found.households
FROM (
    SELECT compound.community_id, compound.name AS compound, building.name AS building, door.unit, door.room, door.id,
        min(home.id) AS household, count(home.id) AS households
    FROM grids_compound compound
    JOIN grids_building building ON building.compound_id = compound.id
    JOIN grids_dwelling door ON door.building_id = building.id
    LEFT JOIN grids_household home ON home.dwelling_id = door.id AND home.ended_at IS NULL
    WHERE compound.community_id = ANY(%(communities)s) GROUP BY compound.id, building.id, door.id
) found
WHERE line.run_id = %(run)s AND line.community = found.community_id AND line.compound = found.compound
    AND line.building = found.building AND line.unit = found.unit AND line.room = found.room
"""
FORGET = """
UPDATE grids_importline SET dwelling_id = NULL, household_id = NULL, households = 0, resident_id = NULL
WHERE run_id = %(run)s AND community = ANY(%(communities)s) AND (dwelling_id, resident_id) IS DISTINCT FROM (NULL, NULL)
"""
FIND_BY_NUMBER = """
UPDATE grids_importline line SET resident_id = person.id FROM grids_resident person
WHERE line.run_id = %(run)s AND line.community = ANY(%(communities)s) AND line.id_fingerprint = person.id_fingerprint
    AND person.left_at IS NULL
"""
FIND_BY_NAME = """
UPDATE grids_importline line SET resident_id = person.id
FROM grids_resident person JOIN grids_household home ON home.id = person.household_id
WHERE line.run_id = %(run)s AND line.community = ANY(%(communities)s) AND line.resident_id IS NULL
    AND home.dwelling_id = line.dwelling_id AND home.ended_at IS NULL AND person.left_at IS NULL
    AND person.name_fingerprint = line.name_fingerprint
    AND (person.id_fingerprint IS NULL OR line.id_fingerprint IS NULL)
"""
# Without this the planner takes it that nearly all are on record, and looks the few others up one by one.
FOUND = "ANALYZE grids_importline (dwelling_id, household_id, households, resident_id)"
# Each says what is wrong with which line; `other` is what it is compared with.
ELSEWHERE = """
SELECT line.number, home.id FROM grids_importline line JOIN grids_resident person ON person.id = line.resident_id
JOIN grids_household home ON home.id = person.household_id
WHERE line.run_id = %(run)s AND line.community = ANY(%(communities)s)
    AND home.dwelling_id IS DISTINCT FROM line.dwelling_id ORDER BY line.number
"""
# Grouped, not sorted: a window over so many lines would lie on the disk.
SAME_NUMBER = """
SELECT line.number, same.first FROM grids_importline line JOIN (
    SELECT id_fingerprint, min(number) AS first FROM grids_importline
    WHERE run_id = %(run)s AND id_fingerprint IS NOT NULL GROUP BY id_fingerprint HAVING count(*) > 1
) same USING (id_fingerprint)
WHERE line.run_id = %(run)s AND line.community = ANY(%(communities)s) AND line.number > same.first ORDER BY line.number
"""
SAME_NAME = f"""
SELECT line.number, same.first FROM grids_importline line JOIN (
    SELECT {DOOR}, name_fingerprint, min(number) AS first FROM grids_importline
    WHERE run_id = %(run)s AND community = ANY(%(communities)s) AND ({DOOR}, name_fingerprint) IN (
        SELECT {DOOR}, name_fingerprint FROM grids_importline WHERE run_id = %(run)s AND id_fingerprint IS NULL)
    GROUP BY {DOOR}, name_fingerprint HAVING count(*) > 1
) same USING ({DOOR}, name_fingerprint)
WHERE line.run_id = %(run)s AND line.number > same.first ORDER BY line.number
"""
# Who is on record brings nothing that would be a second one.
TWO_HEADS = f"""
SELECT line.number, same.first FROM grids_importline line JOIN (
    SELECT {DOOR}, mark, COALESCE(min(number) FILTER (WHERE resident_id IS NOT NULL), min(number)) AS first
    FROM grids_importline
    WHERE run_id = %(run)s AND community = ANY(%(communities)s) AND relation = 'head' GROUP BY {DOOR}, mark
    HAVING count(*) > 1
) same USING ({DOOR}, mark)
WHERE line.run_id = %(run)s AND line.relation = 'head' AND line.number <> same.first ORDER BY line.number
"""
SECOND_HEAD = """
SELECT line.number, line.household_id FROM grids_importline line
WHERE line.run_id = %(run)s AND line.community = ANY(%(communities)s) AND line.household_id IS NOT NULL
    AND line.resident_id IS NULL AND line.relation = 'head' AND EXISTS (
        SELECT FROM grids_resident person
        WHERE person.household_id = line.household_id AND person.relation = 'head' AND person.left_at IS NULL)
ORDER BY line.number
"""
CROWDED = f"""
SELECT number, households FROM grids_importline
WHERE run_id = %(run)s AND community = ANY(%(communities)s) AND resident_id IS NULL AND households > 0
    AND (households > 1 OR ({DOOR}) IN (
        SELECT {DOOR} FROM grids_importline WHERE run_id = %(run)s AND households > 0
        GROUP BY {DOOR} HAVING min(mark) <> max(mark)))
ORDER BY number
"""
# Somebody new who may be somebody on record elsewhere; nobody can tell who has no number, here or there.
LOOK_ALIKE = """
SELECT DISTINCT ON (line.number) line.number, line.community, home.id
FROM grids_importline line
JOIN grids_resident person ON person.name_fingerprint = line.name_fingerprint AND person.born_on = line.born_on
    AND person.left_at IS NULL AND (person.id_fingerprint IS NULL OR line.id_fingerprint IS NULL)
JOIN grids_household home ON home.id = person.household_id AND home.dwelling_id IS DISTINCT FROM line.dwelling_id
WHERE line.run_id = %(run)s AND line.community = ANY(%(communities)s) AND line.resident_id IS NULL
ORDER BY line.number, home.id
"""
ALIKE = "另一户（H{:07d}）有同名、同一天出生的人，没有证件号码可以区分；如是同一人，请删去这一行，在户页面上办理迁入。"
ROOM = "SET LOCAL work_mem = '96MB'"  # for the groups and joins of one import at a time
Objection = tuple[str, str, Callable[[int], str]]  # what finds it, the column it is about, what it says
TO_THE_FILE: tuple[Objection, ...] = (
    (SAME_NUMBER, "id_number", lambda other: f"与第 {other} 行的证件号码相同，请核对是不是同一个人。"),
    (SAME_NAME, "name", lambda other: f"与第 {other} 行同一房屋、同一姓名，且没有证件号码可以区分。"),
    (TWO_HEADS, "relation", lambda other: f"与第 {other} 行在同一户，一户只能有一位户主。"),
)
# The file stays what it was when it was looked through, the city does not.
TO_THE_CITY: tuple[Objection, ...] = (
    (
        ELSEWHERE,
        "id_number",
        lambda other: f"此证件号码已登记在另一户（H{other:07d}）；如是迁居，请在户页面上办理迁入。",
    ),
    (
        SECOND_HEAD,
        "relation",
        lambda other: f"这一户（H{other:07d}）已登记了户主，一户只能有一位户主；如已换户主，请先在户页面上更改。",
    ),
    (CROWDED, "room", lambda other: f"这套房屋已登记 {other} 户，分不清属于哪一户，请在户页面上办理。"),
)
COUNT = f"""
SELECT count(*) FILTER (WHERE resident_id IS NULL), count(*) FILTER (WHERE resident_id IS NOT NULL),
    count(DISTINCT ({DOOR}, mark)) FILTER (WHERE resident_id IS NULL AND household_id IS NULL),
    count(DISTINCT ({DOOR})) FILTER (WHERE dwelling_id IS NULL)
FROM grids_importline WHERE run_id = %(run)s AND community = ANY(%(communities)s)
"""
NEW_HOUSES = """
SELECT line.compound, count(DISTINCT line.building), compound.id IS NULL
FROM grids_importline line
LEFT JOIN grids_compound compound ON compound.community_id = line.community AND compound.name = line.compound
LEFT JOIN grids_building building ON building.compound_id = compound.id AND building.name = line.building
WHERE line.run_id = %(run)s AND line.community = ANY(%(communities)s) AND building.id IS NULL
GROUP BY line.community, line.compound, compound.id ORDER BY 3 DESC, 1
"""


def reader_for(run: Import, sheet: Sheet) -> Reader:
    """What is known of the places the run may touch."""
    places = Place.objects.within(run.place_id)
    communities = {place.name: place.code for place in places.of_kind(Place.Kind.COMMUNITY)}
    grids = list(places.of_kind(Place.Kind.GRID).values_list("code", "name"))
    compounds = Compound.objects.filter(community__code__startswith=run.place_id)
    known: dict[tuple[str, str], dict[str, tuple[str, int]]] = {}
    houses = Building.objects.filter(compound__community__code__startswith=run.place_id)
    for name, number, compound, community in houses.values_list(
        "name", "number", "compound__name", "compound__community_id"
    ):
        here = known.setdefault((community, compound), {})
        here.update(dict.fromkeys(names_of(name), (name, number)))
    return Reader(
        columns=dict(run.mapping),
        heads=sheet.heads,
        community=next(iter(communities.values())) if len(communities) == 1 else "",
        communities=communities,
        grids={code: code for code, _ in grids} | {name: code for code, name in grids},
        compounds={(one.community_id, normalise(one.name)): one.name for one in compounds},
        buildings=known,
        choices={name: _choices(name) for name in CHOSEN} | {"care_category": _categories()},
        makes_buildings=run.makes_buildings,
        demo=settings.DEMO,
        formulas=sheet.formulas,
        today=timezone.localdate(),
    )


def fill(run: Import, sheet: Sheet, reader: Reader, told: Callable[[int], None]) -> Counter[str]:
    """The lines of the file into their table; counts the bad rows of each community."""
    forget(run)
    kept, bad, done = _Problems(run), Counter[str](), 0
    pieces = crew.chunks(sheet.rows, crew.AT_A_TIME)
    for checked in crew.checked(reader, run.pk, keyring, pieces, total=sheet.total):
        copy(checked.block)
        copy(checked.cares, COPY_CARES)
        kept.add(checked.problems)
        bad += checked.bad
        done += checked.rows
        told(done)
    look_over()
    run.problems_found, run.total = kept.found, done
    return bad


def copy(block: bytes, statement: str = COPY) -> None:
    if block:
        with connection.cursor() as cursor, cursor.copy(statement) as into:
            into.write(block)


def look_over() -> None:
    """Tells the planner what the lines are like."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SAMPLE)
        cursor.execute(ANALYZE)


def judge(
    run: Import, communities: Iterable[str], heads: dict[str, str], objections: Iterable[Objection]
) -> Iterator[Problem]:
    """Looks every line up in the city; yields what speaks against it."""
    if len(keyring().searches) > 1:
        raise ValueError(KEYS_CHANGE)
    asked: dict[str, Any] = {"run": run.pk, "communities": list(communities)}
    with connection.cursor() as cursor:
        for statement in (ROOM, FORGET, FIND_DOORS, FIND_BY_NUMBER, FIND_BY_NAME, SAMPLE, FOUND):
            cursor.execute(statement, asked if "%(" in statement else None)
        for statement, column, sentence in objections:
            cursor.execute(statement, asked)
            found = cursor.fetchall()
            of = _communities_of(run, [number for number, _ in found])
            for number, other in found:
                yield Problem(number, heads.get(column, ""), "", sentence(other), community=of[number])


def count(run: Import, communities: Iterable[str]) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"run": run.pk, "communities": list(communities)})
        people, known, households, dwellings = cursor.fetchone()
        cursor.execute(NEW_HOUSES, {"run": run.pk, "communities": list(communities)})
        houses = [{"compound": name, "buildings": many, "new": new} for name, many, new in cursor.fetchall()]
    cares = known_care.count(run, communities)
    found = {"people": people, "known": known, "households": households, "dwellings": dwellings, "cares": cares}
    return found | {"houses": houses[:MOST_HOUSES], "more_houses": len(houses[MOST_HOUSES:])}


def look_alikes(run: Import, communities: Iterable[str], heads: dict[str, str]) -> Iterator[Problem]:
    """Whom somebody should look at twice; nothing of it stops a line."""
    with connection.cursor() as cursor:
        cursor.execute(LOOK_ALIKE, {"run": run.pk, "communities": list(communities)})
        for number, community, other in cursor.fetchall():
            sentence = ALIKE.format(other)
            yield Problem(number, heads.get("name", ""), "", sentence, stops=False, community=community)


def drop(run: Import, numbers: Iterable[int]) -> None:
    """Lines that were found wrong, so that what is left is what would come in."""
    ImportLine.objects.filter(run=run, number__in=list(numbers))._raw_delete("default")


def keep_problems(run: Import, problems: Iterable[Problem]) -> int:
    kept = _Problems(run)
    kept.add(problems)
    return kept.found


def forget(run: Import) -> None:
    with transaction.atomic():
        forget_lines(run)
        ImportProblem.objects.filter(run=run)._raw_delete("default")


def forget_lines(run: Import) -> None:
    for staged in (ImportLine, ImportCare):
        staged._default_manager.filter(run=run)._raw_delete("default")


class _Problems:
    """As many as somebody can read; the others are counted."""

    def __init__(self, run: Import) -> None:
        self.run = run
        self.found = 0
        self.room = {True: MOST_PROBLEMS, False: MOST_REMARKS}
        for stops in self.room:
            self.room[stops] -= ImportProblem.objects.filter(run=run, stops=stops).count()

    def add(self, problems: Iterable[Problem]) -> None:
        rows = []
        for problem in problems:
            self.found += problem.stops
            if self.room[problem.stops] > 0:
                self.room[problem.stops] -= 1
                rows.append(ImportProblem(run=self.run, **problem._asdict()))
        ImportProblem.objects.bulk_create(rows, batch_size=1000)


def _communities_of(run: Import, numbers: list[int]) -> dict[int, str]:
    lines = ImportLine.objects.filter(run=run, number__in=numbers)
    return dict(lines.values_list("number", "community")) if numbers else {}


def _choices(name: str) -> dict[str, str]:
    field = OWNERS.get(name, Resident)._meta.get_field(name)
    return {str(label): str(value) for value, label in field.choices} | ALSO.get(name, {})


def _categories() -> dict[str, str]:
    return {label.replace(" ", ""): value for value, label in Care.Category.choices} | ALSO["care_category"]
