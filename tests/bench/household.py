"""The page of a household, per second, among 350,000 residents, against fifty fixed rows in a page of a new Django.

Grid workers open the homes of their own grids that have the longest histories, one after the other and round again, as
a phone does each time it opens today's list. What a page costs when it is drawn for the first time is told beside it.
"""

from itertools import cycle
from statistics import median

from django.db.models import Count

from accounts.models import User
from grids.models import Household
from tests.bench import homes, web
from tests.bench.load import CLIENTS, Load, Request, get, load
from tests.bench.result import Result

SECONDS = {"small": 5.0, "full": 20.0}
TURNS = "ROORROOR"  # a shared machine is faster at one moment than at another
OF_A_GRID = 20  # homes: those of a day
PASSES = 3  # before it counts: each of the two processes draws every page once
REACH = 0.4


def measure(size: str) -> Result:
    homes.settle()
    web.make_plain_table()
    workers = homes.workers()
    pages, others = _pages(workers, 0), _pages(workers, OF_A_GRID)
    runs: dict[str, list[Load]] = {"O": [], "R": []}
    with web.serving() as portal, web.serving(web.PLAIN) as plain:
        load(plain, _table, seconds=1)
        load(portal, others, seconds=2)  # templates are read, connections opened
        first = load(portal, pages, seconds=1)
        answered = sum(first.statuses.values())
        while answered < PASSES * CLIENTS * OF_A_GRID:
            answered += sum(load(portal, pages, seconds=2).statuses.values())
        for turn in TURNS:
            site, request = (portal, pages) if turn == "O" else (plain, _table)
            runs[turn].append(load(site, request, seconds=SECONDS[size]))
    ours, reference = (median(one.rate for one in runs[turn]) for turn in "OR")
    return Result(
        "household",
        "pages/s",
        ours,
        reference,
        f"fifty fixed rows in a page of a new Django project, {CLIENTS} clients each",
        reach=REACH,
        notes=homes.sizes()
        | {
            "drawn for the first time": f"{first.rate:,.0f} pages/s, processor ms an answer: {first.cpu}",
            "milliseconds": {turn: f"p50 {found[-1].p50:.1f}, p95 {found[-1].p95:.1f}" for turn, found in runs.items()},
            "answers": {turn: [dict(one.statuses) for one in found] for turn, found in runs.items()},
            "processor ms an answer": {turn: found[-1].cpu for turn, found in runs.items()},
        },
    )


def _pages(workers: list[User], since: int) -> Request:
    turns = [cycle(_homes(user, cookie, since)) for user, cookie in zip(workers, homes.cookies(workers), strict=True)]
    return lambda client, n: next(turns[client])


def _homes(user: User, cookie: str, since: int) -> list[bytes]:
    seen = Household.objects.visible_to(user).living().annotate(looks=Count("visits")).order_by("-looks", "pk")
    return [get(f"/homes/{pk}/", cookie) for pk in seen.values_list("pk", flat=True)[since : since + OF_A_GRID]]


def _table(client: int, n: int) -> bytes:
    return get("/table/")
