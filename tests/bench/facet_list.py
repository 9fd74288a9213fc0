"""The list page under a facet, per second, against fifty fixed rows in a page of a new Django project.

What the portal has drawn it shows again until a petition changes, so one is registered every five seconds meanwhile:
in the city something happens to one every ten. What a page costs that nobody asked for before is measured beside it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count, cycle
from statistics import median
from threading import Event, Thread
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from accounts.models import User
from petitions import intake
from petitions.intake import Decision
from petitions.models import Petition
from tests.bench import city, web
from tests.bench.load import CLIENTS, Load, Request, get, load
from tests.bench.result import Result

PETITIONS = {"small": 100_000, "full": 1_000_000}
SECONDS = {"small": 5.0, "full": 20.0}
TURNS = "ROORROOR"  # a shared machine is faster at one moment than at another
ADDRESSES = (
    "/petitions/?facet=in_hand",
    "/petitions/?facet=awaiting_sign",
    "/petitions/?facet=overdue",
    "/petitions/?facet=open",
    "/petitions/?facet=closed",
)
SLOWEST = 3.0  # p99 within so many p50


def measure(size: str) -> Result:
    city.people()
    city.empty()
    city.petitions(PETITIONS[size], timezone.now(), finished=95)
    city.clocks_of_open(timezone.now())
    city.settle()
    runs: dict[str, list[Load]] = {"O": [], "R": []}
    with web.serving() as portal, web.serving(web.PLAIN) as plain:
        pages = page()
        load(portal, pages, seconds=2)
        load(plain, _table, seconds=1)
        for turn in TURNS:
            if turn == "R":
                runs[turn].append(load(plain, _table, seconds=SECONDS[size]))
                continue
            with registering():
                runs[turn].append(load(portal, pages, seconds=SECONDS[size]))
        anew = load(portal, page(anew=True), seconds=SECONDS[size])
    ours, reference = (median(one.rate for one in runs[turn]) for turn in "OR")
    p50, p99 = (median(getattr(one, mark) for one in runs["O"]) for mark in ("p50", "p99"))
    return Result(
        "list",
        "pages/s",
        ours,
        reference,
        f"fifty fixed rows in a page of a new Django project, {CLIENTS} clients each",
        reach=0.4,
        misses=[] if p99 <= SLOWEST * p50 else [f"p99 {p99:.0f} ms is more than {SLOWEST:.0f} × p50 {p50:.0f} ms"],
        notes={
            "petitions": f"{Petition.objects.count():,}; facets in turn: {', '.join(ADDRESSES)}",
            "milliseconds": f"p50 {p50:.1f}, p99 {p99:.1f}",
            "every page drawn anew": f"{anew.rate:,.0f}/s, ratio {anew.rate / reference:.2f}",
            "answers": {turn: [dict(one.statuses) for one in found] for turn, found in runs.items()},
            "processor ms an answer": {turn: found[-1].cpu for turn, found in runs.items()},
        },
    )


def page(*, anew: bool = False) -> Request:
    people = User.objects.filter(username__regex="^centre-(operator|reviewer|dispatcher)-").order_by("pk")[:CLIENTS]
    cookies = [web.signed_in(user) for user in people]
    if anew:  # no two requests have the same address
        number = count()
        return lambda client, n: get(f"{ADDRESSES[n % len(ADDRESSES)]}&n={next(number)}", cookies[client])
    turns = [cycle([get(address, cookie) for address in ADDRESSES]) for cookie in cookies]
    return lambda client, n: next(turns[client])


@contextmanager
def registering() -> Iterator[None]:
    """Somebody takes a call every five seconds."""
    done = Event()
    by = User.objects.filter(username__startswith="centre-operator-").order_by("pk")[0]
    samples = Petition.objects.order_by("pk").values("channel_id", "nature", "item_id", "place_id", "title", "content")[
        :100
    ]
    calls = iter(list(samples))

    def take_calls() -> None:
        wait = 2.5
        while not done.wait(wait):
            wait = 5.0
            intake.take(
                Petition(submission=uuid4(), anonymous=True, **next(calls)), Decision(), by=by, at=timezone.now()
            )
        connection.close()

    taking = Thread(target=take_calls)
    taking.start()
    try:
        yield
    finally:
        done.set()
        taking.join()


def _table(client: int, n: int) -> bytes:
    return get("/table/")
