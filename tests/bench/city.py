"""A city in bulk, made by the database itself: units with people, petitions, clocks of every age."""

import random
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from accounts.models import Unit, User
from grids.models import CITY_CODE, Duty, Posting
from petitions.words import grams
from shouyang.demo import addresses, phrasings
from shouyang.demo.cast import CENTRE

PEOPLE_OF_A_UNIT = {Duty.RECEIVER: 1, Duty.HANDLER: 2, Duty.HEAD: 1}
PEOPLE_OF_THE_CENTRE = {
    Duty.OPERATOR: 8,
    Duty.DISPATCHER: 3,
    Duty.REVIEWER: 3,
    Duty.CALLER_BACK: 4,
    Duty.CENTRE_DIRECTOR: 1,
}


def people() -> None:
    """Every department with its receiver, handlers and head; the centre with its seats. Once per database."""
    if User.objects.filter(username="centre-operator-0").exists():
        return
    centre = Unit.objects.get(name=CENTRE)
    wanted = [(unit, PEOPLE_OF_A_UNIT, f"unit{unit.pk}") for unit in Unit.objects.filter(kind=Unit.Kind.DEPARTMENT)]
    postings = []
    for unit, duties, prefix in [*wanted, (centre, PEOPLE_OF_THE_CENTRE, "centre")]:
        for duty, count in duties.items():
            users = User.objects.bulk_create(
                User(username=f"{prefix}-{duty}-{n}", name=f"{unit.name[-4:]}{n}", password="!") for n in range(count)
            )
            postings += [
                Posting(user=user, duty=duty, unit=unit, place_id=CITY_CODE, since=date(2020, 1, 1)) for user in users
            ]
    Posting.objects.bulk_create(postings)


PETITIONS = """
INSERT INTO petitions_petition (number, lookup_code, submission, version, channel_id, nature, item_id, urgency, tags,
    title, content, wish, address, place_id, words, caller_name, caller_phone, caller_fingerprint, anonymous,
    confidential, status, unit_id, redo_count, registered_at, registered_by_id, concluded_at,
    archive_number)
SELECT 'SG' || to_char(at, 'YYYYMMDD') || lpad(n::text, 6, '0'), upper(substr(md5(n::text), 1, 6)),
    gen_random_uuid(), 5, channels[1 + n %% cardinality(channels)],
    (ARRAY['complaint', 'assistance', 'consultation', 'report', 'suggestion'])[1 + n %% 5],
    items[1 + n %% cardinality(items)], (ARRAY['normal', 'normal', 'normal', 'urgent', 'critical'])[1 + n %% 5],
    '{{}}', said.title || ' ' || n, said.content || md5(n::text), '尽快修好', said.address,
    places[1 + n %% cardinality(places)], said.words || ARRAY[substr(md5(n::text), 1, 4), substr(md5(n::text), 5, 4)],
    ''::bytea, ''::bytea, sha256((n %% 200000)::text::bytea), false, n %% 50 = 0,
    CASE WHEN n %% 100 < {finished} THEN 'closed' ELSE open_states[1 + n %% cardinality(open_states)] END,
    units[1 + n %% cardinality(units)], 0, at, NULL,
    CASE WHEN n %% 100 < {finished} THEN at + interval '2 days' END, ''
FROM generate_series(1, %(count)s) AS n,
    LATERAL (SELECT %(newest)s::timestamptz - n * (interval '365 days' / %(count)s) AS at) AS moment, {said},
    (SELECT array_agg(code) AS channels FROM petitions_channel) AS c,
    (SELECT array_agg(id) AS items FROM grids_item) AS i,
    (SELECT array_agg(code) AS places FROM grids_place WHERE kind = 'grid') AS p,
    (SELECT array_agg(DISTINCT unit_id) AS units FROM grids_posting WHERE duty = 'handler') AS u,
    (SELECT ARRAY['awaiting_sign', 'in_hand', 'in_hand', 'awaiting_approval', 'awaiting_review'] AS open_states) AS s
"""

ALIKE = """
LATERAL (SELECT '小区门口路灯不亮，夜间通行不便' AS title, '圣城街道某社区某小区' || n %% 400 || '号楼' AS address,
    '来电人反映小区门口的路灯已经三天不亮，老人小孩夜间通行不便，希望尽快维修。' AS content,
    ARRAY['路灯', '不亮', '小区'] AS words) AS said
"""
# What the people of the demo city say: one of so many letters, in no order.
LETTERS = "LATERAL (SELECT * FROM bench_letter WHERE id = 1 + abs(hashint8(n)) %% {count}) AS said"
LETTER_TABLE = """
DROP TABLE IF EXISTS bench_letter;
CREATE TABLE bench_letter (id bigint PRIMARY KEY, title text, address text, content text, words text[])
"""

# Clock n of 4 on a petition; every 10th rings now, three in ten later, the others have stopped.
CLOCKS = """
INSERT INTO petitions_clock (petition_id, promise, promise_class, unit_id, amount, span, started_at, due_at,
    provisional, ticks, effects, rung, next_tick_at, stopped_at, fault)
SELECT pt.id, promise, 'complaint', CASE WHEN promise <> 'review' THEN pt.unit_id END, 1, 'working_day',
    due - interval '1 day', due, false, ticks, ARRAY['yellow_card', 'red_card', 'phone_urging'], rung,
    CASE WHEN age < 4 THEN ticks[rung + 1] END, CASE WHEN age >= 4 THEN due - interval '1 hour' END, ''
FROM (SELECT id, unit_id, row_number() OVER (ORDER BY id) AS n FROM petitions_petition ORDER BY id LIMIT %(petitions)s)
    AS pt,
    unnest(ARRAY['sign', 'contact', 'resolve', 'review']) WITH ORDINALITY AS promises (promise, k),
    LATERAL (SELECT (pt.n * 4 + k) %% 10 AS age) AS a,
    LATERAL (SELECT CASE WHEN (pt.n * 4 + k) / 10 %% 10 < 6 THEN 0 WHEN (pt.n * 4 + k) / 10 %% 10 < 9 THEN 1 ELSE 2 END
        AS rung) AS r,
    LATERAL (SELECT CASE WHEN age = 0 THEN %(at)s::timestamptz - interval '1 day' * (rung - 1)
        ELSE %(at)s::timestamptz + interval '9 days' END - (pt.n %% 14400) * interval '1 second' AS due) AS d,
    LATERAL (SELECT ARRAY[due - interval '1 day', due, due + interval '1 day'] AS ticks) AS t
"""


# Every open petition keeps its promise to resolve in sight; a fifth of them are late.
CLOCKS_OF_OPEN = """
INSERT INTO petitions_clock (petition_id, promise, promise_class, unit_id, amount, span, started_at, due_at,
    provisional, ticks, effects, rung, fault)
SELECT id, 'resolve', 'complaint', unit_id, 5, 'working_day', registered_at,
    %(at)s::timestamptz + (id %% 500 - 100) * interval '30 minutes', false, '{}', '{}', 0, ''
FROM petitions_petition WHERE status NOT IN ('refused', 'answered', 'closed', 'archived')
"""


def petitions(count: int, newest: datetime, *, finished: int = 90, letters: int = 0) -> None:
    """`finished` of a hundred are closed; all say the same, or what stands in one of so many `letters`."""
    said = LETTERS.format(count=int(letters)) if letters else ALIKE
    if letters:
        _write_letters(letters)
    with connection.cursor() as cursor:
        cursor.execute(PETITIONS.format(finished=int(finished), said=said), {"count": count, "newest": newest})
        cursor.execute("VACUUM (ANALYZE) petitions_petition")


def _write_letters(count: int) -> None:
    rng, grids, natures = random.Random(12345), sorted(addresses.grounds()), ("complaint", "assistance", "report")
    with connection.cursor() as cursor:
        cursor.execute(LETTER_TABLE)
        with cursor.copy("COPY bench_letter FROM STDIN") as copy:
            for n in range(1, count + 1):
                at = timezone.now() - timedelta(days=365 * n / count)
                phrasing = phrasings.choose(rng, rng.choice(natures), timezone.localtime(at).month)
                address = addresses.pick(rng, rng.choice(grids), phrasing.shape)
                letter = phrasings.write(rng, phrasing, address, at)
                words = grams(f"{letter.title} {address.text} {letter.content}")
                copy.write_row((n, letter.title, address.text, letter.content, words))
        cursor.execute("ANALYZE bench_letter")


def clocks(petitions: int, at: datetime) -> None:
    """Four for each of so many petitions; a tenth of them ring at `at` or within the four hours before."""
    with connection.cursor() as cursor:
        cursor.execute(CLOCKS, {"petitions": petitions, "at": at})
        cursor.execute("VACUUM (ANALYZE) petitions_clock")


def clocks_of_open(at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(CLOCKS_OF_OPEN, {"at": at})


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE petitions_petition, petitions_clock, petitions_event, petitions_dispatch, petitions_callback,"
            " petitions_attachment, petitions_draft, accounts_notice, petitions_series RESTART IDENTITY CASCADE"
        )


def settle() -> None:
    """Between two measurements: no dead rows, no half-written log of the one before."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) petitions_clock, petitions_event, accounts_notice")
        cursor.execute("CHECKPOINT")
