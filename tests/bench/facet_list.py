"""The list page under a facet, per second, against fifty fixed rows in the smallest Django page."""

from itertools import cycle
from statistics import median
from urllib.parse import quote

from django.utils import timezone

from accounts.models import User
from petitions.models import Petition
from tests.bench import city, web
from tests.bench.load import CLIENTS, Load, Request, get, load
from tests.bench.result import Result

PETITIONS = {"small": 100_000, "full": 1_000_000}
SECONDS = {"small": 5.0, "full": 20.0}
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
        for turn in "ROOR":
            site, request = (portal, pages) if turn == "O" else (plain, _table)
            runs[turn].append(load(site, request, seconds=SECONDS[size]))
    ours, reference = (median(one.rate for one in runs[turn]) for turn in "OR")
    p50, p99 = (median(getattr(one, mark) for one in runs["O"]) for mark in ("p50", "p99"))
    return Result(
        "list",
        "pages/s",
        ours,
        reference,
        f"fifty fixed rows in a minimal Django page, {CLIENTS} clients each",
        reach=0.4,
        misses=[] if p99 <= SLOWEST * p50 else [f"p99 {p99:.0f} ms is more than {SLOWEST:.0f} × p50 {p50:.0f} ms"],
        notes={
            "petitions": f"{Petition.objects.count():,}; facets in turn: {', '.join(ADDRESSES)}",
            "milliseconds": f"p50 {p50:.1f}, p99 {p99:.1f}",
            "answers": {turn: [dict(one.statuses) for one in found] for turn, found in runs.items()},
            "processor ms an answer": {turn: found[-1].cpu for turn, found in runs.items()},
        },
    )


def page() -> Request:
    reviewers = User.objects.filter(username__regex="^centre-(operator|reviewer|dispatcher)-").order_by("pk")[:CLIENTS]
    cookies = [web.signed_in(user) for user in reviewers]
    turns = [cycle([get(quote(address, safe="/?=&"), cookie) for address in ADDRESSES]) for cookie in cookies]
    return lambda client, n: next(turns[client])


def _table(client: int, n: int) -> bytes:
    return get("/table/")
