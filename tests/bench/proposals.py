"""How often the right item, unit and grid stand first or among three while a call is written down, and how fast.

The portal learns from one month of the demo city and is asked about the next one, whose callers go on and whose random
seed is another. Both months are told in the same phrasings, which flatters: so the figure that counts is the harder
one, where each item in turn has one of its phrasings kept out of the month that is learned from, and is asked for in
just these words. The reference is the names of the catalogue alone, on the same petitions.
"""

import random
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from time import perf_counter
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from accounts.models import User
from grids.models import Item, Place
from petitions import ledger, lessons, lookalikes, proposals, terms, workflow
from petitions.models import Lesson, Petition
from shouyang.demo import arrivals
from shouyang.demo.city import Told, load_fictional_units, told
from shouyang.demo.memory import MemoryLedger
from shouyang.demo.phrasings import Phrasing
from tests.bench import city, web
from tests.bench.load import Load, load, post
from tests.bench.result import Result

UNTIL = datetime(2026, 11, 22, 17, tzinfo=ZoneInfo("Asia/Shanghai"))  # a fixed month: its seasons are in the figures
MONTH = timedelta(days=arrivals.DAYS)
FOLDS = 6  # no item has fewer phrasings
ASKED = {"small": 2_400, "full": 6_000}
PAST = {"small": 100_000, "full": 1_000_000}
SECONDS = {"small": 20.0, "full": 40.0}
HINTS = "/petitions/new/hints/"
QUICK = 80.0  # milliseconds, p95

# The month again and again, spread over the time since: every copy has all the words of its original.
AGAIN = """
INSERT INTO petitions_petition ({columns}) SELECT {values} FROM petitions_petition, generate_series(1, %(times)s) AS n
"""


def measure(size: str) -> Result:
    city.people()
    load_fictional_units()
    city.empty()
    terms.forget()
    lessons.learn()
    month, unseen = _two_months()
    _register(month)
    asked = random.Random(4).sample(unseen, ASKED[size])
    harder = _harder(month, unseen, ASKED[size] // FOLDS)
    lessons.learn()
    again = [said for said in asked if _history(said)]
    notes = {
        "item, in words kept out of the month before": _said(harder["whole"]) + _filled_in(harder["whole"]),
        "item, in such words, typed by half": _said(harder["half"]),
        "item, in such words, by the names of the catalogue alone": _said(harder["by name"]),
        "item, in words heard in the month before (flatters)": _said(_items(asked)),
        "unit of the first item (flatters; the city dispatches by its catalogue)": f"{_units(asked):.1%} first",
        "grid by the address (flatters; the city's own landmarks)": _said(_grids(asked, with_address=True)),
        "grid by the caller's earlier petitions, without an address": _said(_grids(again, with_address=False)),
    }
    quick, learning = _quick(size, asked)
    return Result(
        "proposals",
        "% of items among three",
        100 * _among(harder["whole"], 3),
        100 * _among(harder["by name"], 3),
        "the names of the catalogue alone, in the same words",
        reach=1.4,
        misses=[] if quick.p95 <= QUICK else [f"p95 {quick.p95:.0f} ms is more than {QUICK:.0f} ms"],
        notes=notes
        | {
            "milliseconds": f"p50 {quick.p50:.1f}, p95 {quick.p95:.1f}, p99 {quick.p99:.1f} for the answer to an"
            f" operator's browser; {Petition.objects.count():,} petitions",
            "processor ms an answer": quick.cpu,
            "answers": dict(quick.statuses),
            "learning": f"{learning:.1f} s once an hour",
        },
    )


def _two_months() -> tuple[list[Told], list[Told]]:
    items = {item.code: item for item in Item.objects.select_related("lead")}
    places = {place.code: place for place in Place.objects.select_related("unit").defer("boundary")}
    callers = arrivals.callers(random.Random(1))
    months = []
    for seed, until in ((2, UNTIL - MONTH), (3, UNTIL)):
        rng = random.Random(seed)
        found = []
        for at in arrivals.times(rng, until):
            said = told(rng, next(callers), at, items, places)
            said.petition.registered_at = at
            found.append(said)
        months.append(found)
    return months[0], months[1]


def _register(month: Iterable[Told]) -> None:
    """All of them closed: what happened to them is not asked here."""
    book, by = MemoryLedger(news_since=UNTIL), User.objects.get(username="centre-operator-0")
    with ledger.using(book):
        for said in month:
            workflow.register(said.petition, by=by, at=said.petition.registered_at, accepted=True)
    book.save()
    Petition.objects.update(status="closed", concluded_at=UNTIL - MONTH)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) petitions_petition")


# --- How often ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    rank: int | None  # where the right one stood, from 0
    sure: bool = False  # the first one was filled in unasked


Answers = list[Answer]


def _harder(month: Sequence[Told], unseen: Sequence[Told], asked: int) -> dict[str, Answers]:
    """In words that nobody used before: as a whole, when half of them are typed, and with nothing learned."""
    answers: dict[str, Answers] = {"whole": [], "half": [], "by name": []}
    for fold in range(FOLDS):
        kept_out = _one_of_each_item({said.phrasing for said in unseen}, fold)
        those = [said for said in unseen if said.phrasing in kept_out and said.words.refusal is None]
        those = random.Random(fold).sample(those, min(asked, len(those)))
        with transaction.atomic():
            silent = [said.petition.pk for said in month if said.phrasing in kept_out]
            Petition.objects.filter(pk__in=silent).update(words=[])
            lessons.learn()
            answers["whole"] += _items(those)
            answers["half"] += _items(those, part=0.5)
            Lesson.objects.all().delete()
            answers["by name"] += _items(those)
            transaction.set_rollback(True)
    return answers


def _one_of_each_item(said: set[Phrasing], fold: int) -> set[Phrasing]:
    of_item: dict[str, list[Phrasing]] = {}
    for phrasing in sorted(said, key=lambda one: (one.item, one.case)):
        of_item.setdefault(phrasing.item, []).append(phrasing)
    return {several[fold % len(several)] for several in of_item.values()}


def _items(asked: Iterable[Told], part: float = 1.0) -> Answers:
    """By what the caller says; the title is written afterwards, if at all."""
    answers = []
    for said in asked:
        found = proposals.items_for(said.petition.content[: round(part * len(said.petition.content))])
        answers.append(_answer(said.petition.item_id, [one.item.pk for one in found], any(one.sure for one in found)))
    return answers


def _grids(asked: Iterable[Told], *, with_address: bool) -> Answers:
    answers = []
    for said in asked:
        found = proposals.places_for(said.petition.address if with_address else "", _history(said))
        answers.append(_answer(said.petition.place_id, [one.place.code for one in found]))
    return answers


def _answer(right: Any, proposed: list[Any], sure: bool = False) -> Answer:
    return Answer(proposed.index(right) if right in proposed else None, sure)


def _history(said: Told) -> list[Petition]:
    phone = said.petition.caller_phone
    return lookalikes.history(phone, to=User.objects.get(username="centre-operator-0")) if phone else []


def _units(asked: Sequence[Told]) -> float:
    """From the words alone to the unit, against the one that the catalogue has for what was really meant."""
    right = 0
    for said in asked:
        petition = said.petition
        first = next(iter(proposals.items_for(petition.content)), None)
        proposed = proposals.unit_for(first.item, petition.place, petition.content) if first else None
        right += proposed is not None and proposed.unit == petition.item.unit_for(petition.place)
    return right / len(asked)


def _among(answers: Answers, most: int) -> float:
    return sum(one.rank is not None and one.rank < most for one in answers) / len(answers)


def _said(answers: Answers) -> str:
    return f"{_among(answers, 1):.1%} first, {_among(answers, 3):.1%} among three"


def _filled_in(answers: Answers) -> str:
    sure = [one for one in answers if one.sure]
    return f"; {len(sure) / len(answers):.1%} filled in unasked, {_among(sure, 1):.1%} of these right" if sure else ""


# --- How fast -------------------------------------------------------------------------------------------------


def _quick(size: str, asked: Sequence[Told]) -> tuple[Load, float]:
    """One operator's browser after another, each with the call half written down and then as a whole."""
    _fill_up(PAST[size])
    begun = perf_counter()
    lessons.learn()
    learning = perf_counter() - begun
    city.settle()
    by = User.objects.get(username="centre-operator-0")
    cookie = web.signed_in(by)
    questions = cycle([post(HINTS, urlencode(fields).encode(), cookie) for said in asked for fields in _typed(said)])
    with web.serving() as portal:
        load(portal, lambda client, n: next(questions), seconds=3, clients=1)
        return load(portal, lambda client, n: next(questions), seconds=SECONDS[size], clients=1), learning


def _typed(said: Told) -> Iterable[dict[str, str]]:
    petition = said.petition
    fields = {
        "csrfmiddlewaretoken": web.TOKEN,
        "submission": str(uuid.uuid4()),
        "caller_phone": petition.caller_phone,
        "content": petition.content[: len(petition.content) // 2],
        "nature": petition.nature,
        "channel": "12345",
        "next": "dispatch",
    }
    yield fields
    yield fields | {
        "content": petition.content,
        "address": petition.address,
        "place": petition.place_id,
        "item": petition.item.code,
    }


def _fill_up(to: int) -> None:
    columns = {field.column: f'"{field.column}"' for field in Petition._meta.concrete_fields if not field.primary_key}
    values = columns | {
        "number": "'B' || lpad((n * 100000 + row_number() OVER ())::text, 15, '0')",
        "submission": "gen_random_uuid()",
        "registered_at": "now() - interval '1 hour' - (now() - registered_at) * (n::float / %(times)s)",
    }
    with connection.cursor() as cursor:
        cursor.execute(
            AGAIN.format(columns=", ".join(columns.values()), values=", ".join(values.values())),
            {"times": -(-to // Petition.objects.count()) - 1},
        )
        cursor.execute("VACUUM (ANALYZE) petitions_petition")
