"""What the pages of a household and of a day are drawn from, as a digest: two pages under the same mark say the same.

Each is one statement that PostgreSQL plans once, because no value changes what it expects to find: where it expects
more than it would knowing the value, it plans anew at every question, and that took longer than to answer it.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db import connection

from accounts import sealing
from accounts.models import User
from grids.models import HELPING, OF_HOMES
from grids.rounds import AHEAD
from grids.scope import places_of
from petitions import choices
from petitions.models.petition import OF_A_PLACE, OPEN
from shouyang.homes.at_door import TOLD
from shouyang.homes.visit_form import item_choices

GRID = 15  # digits of a grid's code
PETITIONS = f"""
FROM petitions_petition petition JOIN grids_item item ON item.id = petition.item_id
WHERE petition.status IN ({", ".join(f"'{state}'" for state in sorted(OPEN))}) AND
"""
PETITION = """
string_agg(concat_ws(' ', petition.number, petition.version, petition.title, petition.status, petition.confidential,
    petition.place_id, item.name, item.visibility), ' ' ORDER BY petition.id)
"""
HAZARD = "string_agg(concat_ws(' ', hazard, item.name), ' ' ORDER BY hazard.id)"
# Of whom one may be named to help: all their postings, whatever their time, since the day is in the mark besides. Each
# place and duty is looked up by itself: of all at once, PostgreSQL would rather read all postings and all people.
WITHIN = ", ".join(f"left(door.place_id, {digits})" for digits in (6, 9, 12, GRID))
DUTIES = ", ".join(f"'{duty}'" for duty in HELPING)
POSTED = """
string_agg(concat_ws(' ', post,
    (SELECT concat_ws(' ', person.name, person.is_active) FROM accounts_user person WHERE person.id = post.user_id),
    (SELECT unit.line FROM accounts_unit unit WHERE unit.id = post.unit_id)
), ' ' ORDER BY post.id)
"""
TEAM = f"""
CASE WHEN cared.words IS NOT NULL THEN (
    SELECT string_agg((SELECT {POSTED} FROM grids_posting post
        WHERE post.place_id = around.code AND post.duty = held.duty), ' ')
    FROM unnest(ARRAY[{WITHIN}]) AS around (code) CROSS JOIN unnest(ARRAY[{DUTIES}]) AS held (duty)) END,
"""
HOUSEHOLD = f"""
SELECT door.place_id, md5(concat_ws(' ', {{more}} home::text, door::text, place.name, letting::text, rule::text,
    (SELECT string_agg(person::text, ' ' ORDER BY person.id) FROM grids_resident person
        WHERE person.household_id = home.id AND person.left_at IS NULL),
    cared.words,
    (SELECT concat_ws(' ', clock.due_on, clock.crisis_at) FROM grids_visitclock clock
        WHERE clock.household_id = home.id AND clock.stopped_at IS NULL),
    (SELECT {HAZARD} FROM grids_hazard hazard JOIN grids_item item ON item.id = hazard.item_id
        WHERE hazard.household_id = home.id AND hazard.state <> 'cleared'),
    (SELECT string_agg(concat_ws(' ', need, finder.name), ' ' ORDER BY need.id) FROM grids_need need
        JOIN accounts_user finder ON finder.id = need.found_by_id
        WHERE need.household_id = home.id AND need.state = 'open'),
    (SELECT {PETITION} {PETITIONS} (
        petition.caller_fingerprint = ANY(ARRAY(
            SELECT home.phone_fingerprint UNION ALL SELECT person.phone_fingerprint FROM grids_resident person
            WHERE person.household_id = home.id AND person.left_at IS NULL))
        OR petition.place_id = door.place_id AND {TOLD}))))
FROM grids_household home JOIN grids_dwelling door ON door.id = home.dwelling_id
JOIN grids_place place ON place.code = door.place_id JOIN grids_visitrule rule ON rule.colour = home.colour
LEFT JOIN grids_tenancy letting ON letting.dwelling_id = door.id
LEFT JOIN LATERAL (SELECT string_agg(concat_ws(' ', care, helper.name), ' ' ORDER BY care.id) AS words
    FROM grids_resident person JOIN grids_care care ON care.resident_id = person.id
    LEFT JOIN accounts_user helper ON helper.id = care.helper_id
    WHERE person.household_id = home.id AND person.left_at IS NULL AND care.ended_at IS NULL) cared ON true
WHERE home.id = %(household)s
"""
READ, EDITED = HOUSEHOLD.format(more=""), HOUSEHOLD.format(more=TEAM)
# How many places there are, and the day, are words of the statement; which places is a value. What lies in them is
# looked up as arrays of numbers: of an index that is one way down for all of them, and not one for each.
DAY = f"""
WITH here AS (SELECT unnest(%(homes)s::text[]) AS code LIMIT {{homes}}),
home AS MATERIALIZED (
    SELECT id FROM grids_household WHERE dwelling_id = ANY(ARRAY(
        SELECT door.id FROM here JOIN grids_dwelling door ON door.place_id = here.code))
)
SELECT md5(concat_ws(' ',
    (SELECT string_agg(concat_ws(' ', clock.household_id, clock.due_on, clock.crisis_at, home.colour, door.unit,
            door.room, door.walk, house.name, compound.name, (SELECT count(*) FROM grids_resident person
                WHERE person.household_id = clock.household_id AND person.left_at IS NULL)), ' ' ORDER BY clock.id)
        FROM grids_visitclock clock JOIN grids_household home ON home.id = clock.household_id
        JOIN grids_dwelling door ON door.id = home.dwelling_id JOIN grids_building house ON house.id = door.building_id
        JOIN grids_compound compound ON compound.id = house.compound_id
        WHERE clock.household_id = ANY(ARRAY(SELECT id FROM home)) AND clock.stopped_at IS NULL
            AND (clock.due_on <= '{{until}}' OR clock.crisis_at IS NOT NULL)),
    (SELECT {HAZARD} FROM grids_hazard hazard JOIN grids_item item ON item.id = hazard.item_id
        WHERE hazard.state <> 'cleared'
            AND (hazard.found_by_id = %(user)s OR hazard.place_id = ANY(ARRAY(SELECT code FROM here)))),
    (SELECT string_agg(concat_ws(' ', shop.id, shop.name, shop.address, shop.patrol_due_on), ' ' ORDER BY shop.id)
        FROM grids_premises shop WHERE shop.place_id = ANY(ARRAY(SELECT code FROM here))
            AND shop.closed_at IS NULL AND shop.patrol_due_on <= '{{on}}'),
    (SELECT {PETITION} {PETITIONS} petition.place_id = ANY(ARRAY(SELECT unnest(%(petitions)s::text[])))),
    (SELECT string_agg(concat_ws(' ', need, door.address), ' ' ORDER BY need.id)
        FROM grids_need need JOIN grids_household home ON home.id = need.household_id
        JOIN grids_dwelling door ON door.id = home.dwelling_id
        WHERE need.household_id = ANY(ARRAY(SELECT id FROM home)) AND need.state = 'open')))
"""


class Marked(NamedTuple):
    place: str
    mark: tuple[object, ...] | None  # None while search keys change: then what one key finds is not all


def of_household(household: int, on: date, *, edited: bool) -> Marked | None:
    """None if there is no such household. Who may be named to help is read only where it can be chosen."""
    with connection.cursor() as cursor:
        cursor.execute(EDITED if edited else READ, {"household": household})
        row = cursor.fetchone()
    if row is None:
        return None
    (place, digest), keys = row, sealing.edition()
    return Marked(place, (digest, on, keys, hash(tuple(item_choices()))) if keys else None)


def of_day(user: User, on: date) -> tuple[object, ...] | None:
    keys = sealing.edition()
    if keys is None:
        return None
    homes, petitions = _inside(user, OF_HOMES), _inside(user, OF_A_PLACE)
    statement = DAY.format(homes=len(homes), on=on, until=on + AHEAD)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"user": user.pk, "homes": homes, "petitions": petitions})
        return on, keys, *cursor.fetchone()


def _inside(user: User, duties: Iterable[str]) -> list[str]:
    """All places inside what she answers for with these duties."""
    codes = places_of(user, *duties)
    if all(len(code) == GRID for code in codes):  # there is nothing inside a grid
        return codes
    return [code for code in choices.places() if code.startswith(tuple(codes))]
