"""The search box among a million petitions, as operators use it, against the list page under an indexed facet.

The petitions say what the people of the demo city say, so that words are as common, as rare and as bound to each other
as in a real register. Nothing is asked twice: every page of both sides is drawn anew.
"""

import random
from collections import Counter
from collections.abc import Callable
from itertools import count
from statistics import median
from urllib.parse import quote

from django.db import connection
from django.utils import timezone

from accounts.models import User
from petitions.models import Petition
from tests.bench import city, web
from tests.bench.load import CLIENTS, Load, Request, get, load
from tests.bench.result import Result

PETITIONS = {"small": 200_000, "full": 1_000_000}
SECONDS = {"small": 5.0, "full": 20.0}
LETTERS = 20_000
TURNS = "ROORROOR"  # a shared machine is faster at one moment than at another
INDEXED = ("in_hand", "awaiting_sign", "closed")
FARTHEST = 5.0  # p95 of searches within so many p95 of the list
COMMON, RARE = 0.02, 0.0005  # of all petitions


def measure(size: str) -> Result:
    city.people()
    city.empty()
    _prepare(PETITIONS[size])
    kinds = _kinds()
    runs: dict[str, list[Load]] = {"O": [], "R": []}
    with web.serving() as portal:
        search, pages = _request(list(kinds.values())), _list()
        load(portal, search, seconds=2)
        load(portal, pages, seconds=2)
        for turn in TURNS:
            request = search if turn == "O" else pages
            runs[turn].append(load(portal, request, seconds=SECONDS[size]))
        each = {name: load(portal, _request([kind]), seconds=SECONDS[size] / 2) for name, kind in kinds.items()}
    ours, reference = (median(one.p95 for one in runs[turn]) for turn in "OR")
    late = ours > FARTHEST * reference
    return Result(
        "search",
        "ms (p95)",
        ours,
        reference,
        f"the list page under an indexed facet, drawn anew, {CLIENTS} clients each",
        misses=[f"p95 {ours:.0f} ms is more than {FARTHEST:.0f} × {reference:.0f} ms"] if late else [],
        notes={
            "petitions": f"{Petition.objects.count():,}, of {LETTERS:,} letters",
            "searches/s": f"{median(one.rate for one in runs['O']):,.0f}, list pages/s"
            f" {median(one.rate for one in runs['R']):,.0f}",
            "milliseconds": {turn: f"p50 {found[-1].p50:.1f}, p99 {found[-1].p99:.1f}" for turn, found in runs.items()},
            "p95 of each kind": {name: f"{one.p95:.0f} ms" for name, one in each.items()},
            "answers": {turn: [dict(one.statuses) for one in found] for turn, found in runs.items()},
            "processor ms an answer": {turn: found[-1].cpu for turn, found in runs.items()},
        },
    )


def _prepare(petitions: int) -> None:
    """The index of words is built when the rows are there: word by word it would take an hour."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX petition_words")
        city.petitions(petitions, timezone.now(), finished=95, letters=LETTERS)
        cursor.execute("SET maintenance_work_mem = '256MB'")
        cursor.execute("CREATE INDEX petition_words ON petitions_petition USING gin (words)")
        cursor.execute("RESET maintenance_work_mem")
    city.clocks_of_open(timezone.now())
    city.settle()


def _kinds() -> dict[str, Callable[[random.Random], str]]:
    """What is typed into the box: each kind makes up one more whenever it is asked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT title, words FROM bench_letter ORDER BY id")
        letters = [(title, words) for title, words in cursor.fetchall()]
    often = Counter(word for _, words in letters for word in words if len(word) > 1)
    common = [word for word, n in often.items() if n > COMMON * len(letters)]
    rare = [word for word, n in often.items() if n < RARE * len(letters)]
    numbers = list(Petition.objects.order_by("-pk").values_list("number", flat=True)[:5000])

    def two(rng: random.Random) -> str:
        return " ".join(rng.sample([word for word in rng.choice(letters)[1] if len(word) > 1], 2))

    def phrase(rng: random.Random) -> str:
        title: str = rng.choice(letters)[0]
        begin = rng.randrange(max(1, len(title) - 4))
        return title[begin : begin + 4]

    return {
        "a common word": lambda rng: rng.choice(common),
        "a rare word": lambda rng: rng.choice(rare),
        "two words of one letter": two,
        "two common words": lambda rng: " ".join(rng.sample(common, 2)),
        "four characters of a title": phrase,
        "words that nobody said": lambda rng: "".join(rng.sample("麒麟凤凰饕餮貔貅螭吻", 4)),
        "a whole number": lambda rng: rng.choice(numbers),
        "the begin of a number": lambda rng: rng.choice(numbers)[: rng.choice((6, 8, 10, 12))],
        "a telephone": lambda rng: f"120{rng.randrange(90_000_000):08d}",
    }


def _request(kinds: list[Callable[[random.Random], str]]) -> Request:
    """Words are found by the list, where the box sends them; a number or a telephone by the box itself."""
    cookies, rng, number = _cookies(), random.Random(7), count()

    def request(client: int, n: int) -> bytes:
        words, one_more = kinds[n % len(kinds)](rng), next(number)
        whole = words.isascii() and len(words) > 10 and (words[0] == "1" or len(words) >= 15)
        address = "/search/" if whole else "/petitions/"
        return get(f"{address}?q={quote(words)}&n={one_more}", cookies[client])

    return request


def _list() -> Request:
    cookies, number = _cookies(), count()
    return lambda client, n: get(f"/petitions/?facet={INDEXED[n % len(INDEXED)]}&n={next(number)}", cookies[client])


def _cookies() -> list[str]:
    operators = User.objects.filter(username__startswith="centre-operator-").order_by("pk")[:CLIENTS]
    return [web.signed_in(user) for user in operators]
