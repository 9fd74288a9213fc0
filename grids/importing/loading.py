"""Lines that were found right become homes: a few statements for any number, inside the caller's transaction.

Every household gets what the verb `found` would have given it: its event, and the clock of its first visit.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.utils import timezone
from psycopg import sql

from accounts.models import User
from grids import visit_clocks
from grids.importing import bulk
from grids.importing.known_care import ADDED, OF_THE_CARE, ON_RECORD
from grids.importing.staging import SAMPLE
from grids.models import (
    Building,
    Care,
    Change,
    Compound,
    Dwelling,
    HomeEvent,
    Household,
    Resident,
    VisitClock,
    ask_for_checks,
)

DOOR = "community, compound, building, unit, room"
LINES = "grids_importline line WHERE line.run_id = %(run)s AND line.community = ANY(%(communities)s)"

NEW_PEOPLE = f"SELECT count(*) FROM {LINES} AND line.resident_id IS NULL"
COMPOUNDS = f"SELECT DISTINCT line.compound, line.community FROM {LINES} ON CONFLICT DO NOTHING"
BUILDINGS = f"""
SELECT DISTINCT ON (compound.id, line.building) line.building, line.building_number, compound.id
FROM (SELECT DISTINCT community, compound, building, building_number FROM {LINES}) line
JOIN grids_compound compound ON compound.community_id = line.community AND compound.name = line.compound
ON CONFLICT DO NOTHING
"""
# Which grid answers: what the file says; the grid of all its neighbours in the building, or else in the compound;
# otherwise the community, where the coverage report finds it.
DWELLINGS = f"""
WITH house AS (
    SELECT building.id, building.name, building.number, compound.id AS compound_id, compound.name AS compound,
        compound.community_id,
        (SELECT CASE WHEN min(place_id) = max(place_id) THEN min(place_id) END FROM grids_dwelling
            WHERE building_id = building.id AND length(place_id) = 15) AS beside
    FROM grids_compound compound JOIN grids_building building ON building.compound_id = compound.id
    WHERE compound.community_id = ANY(%(communities)s)
), placed AS (
    SELECT house.*, COALESCE(beside, CASE WHEN min(beside) OVER around = max(beside) OVER around
        THEN min(beside) OVER around END) AS place
    FROM house WINDOW around AS (PARTITION BY compound_id)
)
SELECT DISTINCT ON (house.id, line.unit, line.room) house.id, line.unit, line.room,
    COALESCE(NULLIF(line.grid, ''), house.place, line.community), line.address, line.said,
    lpad(house.compound_id::text, 8, '0') || lpad(house.number::text, 5, '0') || line.walk, line.tenure, line.occupancy
FROM (
    SELECT community, compound, building, unit, room, grid, tenure, occupancy, min(address) AS address,
        min(said) AS said, min(walk) AS walk
    FROM {LINES} AND line.dwelling_id IS NULL
    GROUP BY community, compound, building, unit, room, grid, tenure, occupancy
) line
JOIN placed house ON house.community_id = line.community AND house.compound = line.compound
    AND house.name = line.building
ORDER BY house.id, line.unit, line.room, line.grid DESC, line.tenure DESC, line.occupancy DESC
ON CONFLICT DO NOTHING
"""
# Who belongs to no household yet, and behind which door: found by its words once, and by number ever after. That a
# number stands here once lets the planner pass the wide lines by, instead of gathering them.
NEWCOMERS = (
    f"""
CREATE TEMPORARY TABLE newcomer ON COMMIT DROP AS
SELECT line.number, door.id AS dwelling, line.mark, line.relation <> 'head' AS led, line.since, line.kind, line.colour,
    line.phone, line.phone_fingerprint
FROM (SELECT * FROM {LINES} AND line.resident_id IS NULL AND line.household_id IS NULL) line
JOIN grids_compound compound ON compound.community_id = line.community AND compound.name = line.compound
JOIN grids_building building ON building.compound_id = compound.id AND building.name = line.building
JOIN grids_dwelling door ON door.building_id = building.id AND door.unit = line.unit AND door.room = line.room
""",
    "CREATE UNIQUE INDEX ON newcomer (number)",
    "ANALYZE newcomer (number, dwelling, mark)",
)
# New households, numbered before they are written, so that their people find them.
ARRIVING = """
CREATE TEMPORARY TABLE arriving ON COMMIT DROP AS
SELECT nextval((SELECT pg_get_serial_sequence('grids_household', 'id')::regclass)) AS id, first.* FROM (
    SELECT DISTINCT ON (dwelling, mark) dwelling, mark, kind, colour, phone, phone_fingerprint,
        COALESCE(min(since) OVER (PARTITION BY dwelling, mark ORDER BY led, phone_fingerprint IS NULL, number
            ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), %(on)s::date) AS since
    FROM newcomer ORDER BY dwelling, mark, led, phone_fingerprint IS NULL, number
) first
"""
HOUSEHOLDS = "SELECT id, dwelling, kind, colour, phone, phone_fingerprint, since FROM arriving"
CLOCKS = """
SELECT arriving.id, promise.colour, promise.started_on, promise.due_on, promise.escalates_on, 0, promise.due_on
FROM arriving JOIN unnest(%(colours)s::text[], %(started)s::date[], %(due)s::date[], %(escalates)s::date[])
    AS promise (colour, started_on, due_on, escalates_on) USING (colour)
"""
FOUND = "SELECT id, 'found', %(at)s, %(by)s FROM arriving"
PERSON = (
    "relation", "name", "name_fingerprint", "sex", "born_on", "document", "id_number", "id_fingerprint", "phone",
    "phone_fingerprint", "ethnicity", "registered_at", "lives_where_registered", "education", "marriage", "politics",
    "party_branch", "employment", "workplace", "emergency_contact", "insured", "volunteer", "skills", "consent",
)  # fmt: skip
OF_THE_PERSON = ", ".join(f"line.{name}" for name in PERSON)
PEOPLE = f"""
SELECT arriving.id, COALESCE(line.since, arriving.since), {OF_THE_PERSON}
FROM arriving JOIN newcomer USING (dwelling, mark)
JOIN grids_importline line ON line.run_id = %(run)s AND line.number = newcomer.number
"""
JOINING = f"""
SELECT line.household_id, COALESCE(line.since, %(on)s), {OF_THE_PERSON}
FROM {LINES} AND line.resident_id IS NULL AND line.household_id IS NOT NULL ORDER BY line.number
"""
# Told beside any of its people; what stands beside the head comes first.
HEAD_FIRST = "line.relation <> 'head', line.number"
HARDSHIP = f"""
UPDATE grids_household home SET hardship = COALESCE(told.hardship, ''), welfare = COALESCE(told.welfare, '')
FROM (
    SELECT arriving.id,
        (array_agg(line.hardship ORDER BY {HEAD_FIRST}) FILTER (WHERE line.hardship <> ''))[1] AS hardship,
        (array_agg(line.welfare ORDER BY {HEAD_FIRST}) FILTER (WHERE line.welfare <> ''))[1] AS welfare
    FROM (SELECT * FROM {LINES} AND (line.hardship <> '' OR line.welfare <> '')) line
    JOIN newcomer USING (number)
    JOIN arriving ON (arriving.dwelling, arriving.mark) = (newcomer.dwelling, newcomer.mark)
    GROUP BY arriving.id
) told WHERE told.id = home.id
"""
# Of people who are new: in one household nobody else has the same name and the same number, or lack of one. Of those
# who are on record: what none of its kind runs of.
CARES = f"""
SELECT person.id, %(on)s::date, {", ".join(f"care.{name}" for name in OF_THE_CARE)}
FROM grids_importcare care
JOIN (SELECT * FROM {LINES} AND line.resident_id IS NULL) line ON line.number = care.number
LEFT JOIN newcomer ON newcomer.number = line.number
LEFT JOIN arriving ON (arriving.dwelling, arriving.mark) = (newcomer.dwelling, newcomer.mark)
JOIN grids_resident person ON person.household_id = COALESCE(line.household_id, arriving.id) AND person.left_at IS NULL
    AND person.name_fingerprint = line.name_fingerprint
    AND person.id_fingerprint IS NOT DISTINCT FROM line.id_fingerprint
WHERE care.run_id = %(run)s
UNION ALL SELECT person, %(on)s::date, {", ".join(OF_THE_CARE)} FROM ({ADDED}) added
"""
# What has just been written is looked up next. Should autovacuum come by before the commit, it would find pages without
# a row in them and say that the table is empty; after this it waits, and the planner knows better.
HOUSES_ARE_THERE = "ANALYZE grids_compound (community_id, name), grids_building (compound_id, name)"
DOORS_ARE_THERE = "ANALYZE grids_dwelling (building_id, unit, room)"
PEOPLE_ARE_THERE = "ANALYZE grids_resident (household_id, name_fingerprint)"
THEIR_HOMES = f"""
SELECT id FROM grids_household WHERE id IN (
    SELECT line.household_id FROM {LINES} AND line.resident_id IS NULL AND line.household_id IS NOT NULL
    UNION ALL SELECT home FROM ({ON_RECORD}) known
)
ORDER BY id FOR NO KEY UPDATE
"""


def load(
    run: int,
    communities: Sequence[str],
    *,
    makes_buildings: bool,
    by: User,
    at: datetime,
    told: Callable[[], None] = lambda: None,
) -> None:
    """`told` hears of each of its six steps."""
    on = timezone.localdate(at)
    promises = [visit_clocks.promise(rule, on, newcomer=True) for rule in visit_clocks.rules().values()]
    said: dict[str, Any] = {"run": run, "communities": list(communities), "at": at, "by": by.pk, "on": on}
    said |= {
        "colours": [made.colour for made in promises],
        "started": [made.started_on for made in promises],
        "due": [made.due_on for made in promises],
        "escalates": [made.escalates_on for made in promises],
    }
    aside = bulk.set_aside(_asked(NEW_PEOPLE, said))
    if makes_buildings:
        _insert(Compound, ("name", "community_id"), COMPOUNDS, said)
        _insert(Building, ("name", "number", "compound_id"), BUILDINGS, said)
    _execute(HOUSES_ARE_THERE, {})
    door = ("building_id", "unit", "room", "place_id", "address", "said", "walk", "tenure", "occupancy")
    _execute(SAMPLE, {})
    _insert(Dwelling, door, DWELLINGS, said)
    _execute(DOORS_ARE_THERE, {})
    told()
    _execute(THEIR_HOMES, said)
    for statement in (*NEWCOMERS, ARRIVING, "ANALYZE arriving (id, dwelling, mark, colour)"):
        _execute(statement, said)
    told()
    home = ("id", "dwelling_id", "kind", "colour", "phone", "phone_fingerprint", "since")
    _insert(Household, home, HOUSEHOLDS, said)
    _execute(HARDSHIP, said)
    told()
    clock = ("household_id", "colour", "started_on", "due_on", "escalates_on", "rung", "next_tick_on")
    _insert(VisitClock, clock, CLOCKS, said)
    _insert(HomeEvent, ("household_id", "action", "at", "by_id"), FOUND, said)
    told()
    _insert(Resident, ("household_id", "since", *PERSON), PEOPLE, said)
    if aside:
        bulk.build(aside)
    _join(said)
    told()
    _execute(PEOPLE_ARE_THERE, {})
    _look_after(said)
    _execute("DROP TABLE newcomer, arriving", {})
    ask_for_checks(communities, at)
    told()


def _join(said: dict[str, Any]) -> None:
    """Those who come to a household that is on record: each with an event, as the verb `move_in` writes it."""
    joined = _insertion(Resident, ("household_id", "since", *PERSON), JOINING)
    event = _insertion(
        HomeEvent,
        ("household_id", "resident_id", "action", "at", "by_id"),
        "SELECT household_id, id, 'moved_in', %(at)s::timestamptz, %(by)s::bigint FROM joined",
    )
    _execute(f"WITH joined AS ({joined} RETURNING id, household_id) {event}", said)


def _look_after(said: dict[str, Any]) -> None:
    """Each care with a change, as the verb `add_care` writes it."""
    told = ("resident_id", "since", *OF_THE_CARE)
    change = _insertion(
        Change,
        ("household_id", "subject", "row", "field", "new", "version", "by_id", "at"),
        "SELECT person.household_id, 'care', cared.id, 'category', cared.category, 1, %(by)s::bigint,"
        " %(at)s::timestamptz FROM cared JOIN grids_resident person ON person.id = cared.resident_id",
    )
    _execute(f"WITH cared AS ({_insertion(Care, told, CARES)} RETURNING id, resident_id, category) {change}", said)


def _insert(model: type[models.Model], columns: tuple[str, ...], select: str, said: dict[str, Any]) -> None:
    _execute(_insertion(model, columns, select), said)


def _insertion(model: type[models.Model], columns: tuple[str, ...], select: str) -> str:
    """`columns` come from the select, in its order; every other column gets what its field would give a new row."""
    table = model._meta.db_table
    others: list[str] = []
    values: list[str] = []
    for field in model._meta.concrete_fields:
        if field.column is None or field.column in columns or field.primary_key or field.null:
            continue
        others.append(field.column)
        values.append(_literal(field.get_db_prep_save(field.get_default(), connection)))
    names = ", ".join((*columns, *others))
    if not others:
        return f"INSERT INTO {table} ({names}) {select}"
    body, conflict, rest = select.partition("ON CONFLICT")
    given = ", ".join(f"c{n}" for n in range(len(columns)))
    wrapped = f"SELECT {given}, {', '.join(values)} FROM ({body}) AS chosen ({given})"
    return f"INSERT INTO {table} ({names}) {wrapped} {conflict}{rest}"


def _literal(value: Any) -> str:
    return sql.Literal(value).as_string(None).replace("%", "%%")


def _execute(statement: str, said: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, _of(statement, said) or None)


def _asked(statement: str, said: dict[str, Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, _of(statement, said))
        return cursor.fetchone()[0]


def _of(statement: str, said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if f"%({name})s" in statement}
