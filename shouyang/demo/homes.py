"""The homes of the demo city: 104,000 households behind their doors, their people, shops, visits and promises.

One grid after another is made up in a thread of its own while the one before goes to the database, so that both cores
are at work; it all goes in one transaction.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from grids.models import Duty, Item, Posting
from shouyang.demo import callers, housing, oddities
from shouyang.demo.callers import Call, Caller
from shouyang.demo.copying import Table
from shouyang.demo.register import Register
from shouyang.demo.tables import rows

Progress = Callable[[str], None]
SMALL = ("370783001901", "370783001902")  # 向阳社区 and 学院社区
AT_A_TIME = 30  # grids between two lines of progress


def grids_of(communities: Sequence[str] = ()) -> list[str]:
    """The codes of the grids of these communities; without any, of the city."""
    return [row["code"] for row in rows("grids.csv") if not communities or row["community_code"] in communities]


def settle(seed: int, now: datetime, progress: Progress, *, grids: Sequence[str], calls: Iterable[Call] = ()) -> None:
    """Who has called lives there as well. Where nobody works, nobody has been asked who lives there."""
    at_work = _at_work()
    grids = [code for code in grids if code in at_work]
    progress(f"{len(grids)} 个网格的住户 …")
    if grids:
        _settle(seed, now, progress, grids, at_work, callers.by_grid(calls, now))


def _settle(
    seed: int,
    now: datetime,
    progress: Progress,
    grids: Sequence[str],
    at_work: Mapping[str, Sequence[User]],
    called: Mapping[str, Sequence[Caller]],
) -> None:
    with transaction.atomic():
        houses = housing.build(grids)
        register = Register(seed, timezone.localtime(now), houses, called, at_work, _items())
        with ThreadPoolExecutor(1) as pool:
            for count, made in enumerate(_ahead(pool, register, grids), 1):
                _copy(made)
                if count % AT_A_TIME == 0 or count == len(grids):
                    progress(f"已入户 {register.census.lived} 户、{register.census.people} 人 …")
        for table in register.tables:
            table.count_on()
        _look_at()
        oddities.leave(seed, grids, now)


def _ahead(pool: ThreadPoolExecutor, register: Register, grids: Sequence[str]) -> Iterator[list[tuple[Table, bytes]]]:
    """Always the next one, never more: what waits is held in memory."""
    coming = pool.submit(register.grid, grids[0])
    for following in grids[1:]:
        made, coming = coming, pool.submit(register.grid, following)
        yield made.result()
    yield coming.result()


def _copy(made: list[tuple[Table, bytes]]) -> None:
    for table, lines in made:
        table.copy(lines)
    with connection.cursor() as cursor:  # keys are checked now, while the next grid is made up, and not all at the end
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _look_at() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE grids_dwelling, grids_household, grids_resident, grids_care, grids_visit, grids_visitclock,"
            " grids_homeevent, grids_premises, grids_need, grids_hazard"
        )


def _at_work() -> dict[str, list[User]]:
    """Who visits in each grid: its worker, now and then its secretary."""
    found: dict[str, list[User]] = defaultdict(list)
    duties = (Duty.GRID_WORKER, Duty.GRID_SECRETARY)
    postings = Posting.objects.filter(duty__in=duties).select_related("user").order_by("-duty", "pk")
    for posting in postings:  # workers come first
        if posting.duty == Duty.GRID_WORKER or posting.place_id in found:
            found[posting.place_id].append(posting.user)
    return found


def _items() -> dict[str, int]:
    return dict(Item.objects.values_list("code", "pk"))
