"""Today's list of a grid worker among 104,000 promised visits: its p95 against that of the minimal Django page.

Workers open it again and again through the day; what it costs when something on it has changed is told beside it.
"""

from statistics import median

from tests.bench import homes, web
from tests.bench.load import CLIENTS, Load, Request, get, load
from tests.bench.result import Result

SECONDS = {"small": 5.0, "full": 20.0}
TURNS = "ROORROOR"  # a shared machine is faster at one moment than at another
MANY = 240
FARTHEST = 3.0  # p95 within so many p95 of the minimal page


def measure(size: str) -> Result:
    homes.settle()
    web.make_plain_table()
    runs: dict[str, list[Load]] = {"O": [], "R": []}
    with web.serving() as portal, web.serving(web.PLAIN) as plain:
        today = _today()
        load(portal, today, seconds=2)
        first = load(portal, _others(), seconds=1)
        load(plain, _table, seconds=1)
        for turn in TURNS:
            site, request = (portal, today) if turn == "O" else (plain, _table)
            runs[turn].append(load(site, request, seconds=SECONDS[size]))
    ours, reference = (median(one.p95 for one in runs[turn]) for turn in "OR")
    late = ours > FARTHEST * reference
    return Result(
        "due",
        "ms (p95)",
        ours,
        reference,
        f"fifty fixed rows in a page of a new Django project, {CLIENTS} clients each",
        misses=[f"p95 {ours:.1f} ms is more than {FARTHEST:.0f} × {reference:.1f} ms"] if late else [],
        notes=homes.sizes()
        | {
            "lists/s": f"{median(one.rate for one in runs['O']):,.0f}",
            "drawn for the first time": f"{first.rate:,.0f} lists/s, processor ms an answer: {first.cpu}",
            "milliseconds": {turn: f"p50 {found[-1].p50:.1f}, p99 {found[-1].p99:.1f}" for turn, found in runs.items()},
            "answers": {turn: [dict(one.statuses) for one in found] for turn, found in runs.items()},
            "processor ms an answer": {turn: found[-1].cpu for turn, found in runs.items()},
        },
    )


def _today() -> Request:
    cookies = homes.cookies(homes.workers())
    return lambda client, n: get("/today/", cookies[client])


def _others() -> Request:
    """Of many workers, each of whom opens it once."""
    cookies = homes.cookies(homes.workers(MANY))
    return lambda client, n: get("/today/", cookies[(client + n * CLIENTS) % MANY])


def _table(client: int, n: int) -> bytes:
    return get("/table/")
