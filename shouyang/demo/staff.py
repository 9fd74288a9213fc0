"""Everybody who works in the demo city besides the cast: the centre, the units, the communities, the grids."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

from shouyang.demo import names
from shouyang.demo.cast import BUREAU, CAST, CENTRE, CITY
from shouyang.demo.tables import rows

WORKERS = 300  # for 338 grids, as the city says of itself
AT_THE_CENTRE = {"operator": 14, "dispatcher": 4, "reviewer": 4, "caller_back": 6}
WITHOUT_SECRETARY = 0.06  # of the grids


LINES = {"公安": 84, "市场监管": 70, "综合执法": 78, "环卫": 76, "园林": 64}  # 372 people for 338 grids
GAPS = {"公安": 0.01, "市场监管": 0.04, "综合执法": 0.02, "环卫": 0.02, "园林": 0.08}  # of the grids
SOURCES = {"representative": 9, "building_head": 9, "retired_cadre": 4, "party_member": 4, "volunteer": 3}
TERM = 3 * 365  # days


@dataclass(frozen=True)
class Post:
    duty: str
    unit: str
    place: str
    source: str = ""
    term: int | None = None  # days from the day of the demo city to the end of the term; below zero, it has run out


@dataclass(frozen=True)
class Person:
    username: str
    name: str
    mobile: str
    posts: tuple[Post, ...]


def others(rng: random.Random) -> Iterator[Person]:
    yield from _centre(rng)
    yield from _units(rng)
    yield from _streets(rng)
    yield from _communities(rng)
    yield from _grids(rng)
    own = random.Random("1+1+N")  # its own chance: who stands by leaves the rest of the city as it is  # noqa: S311
    yield from _lines(own)
    yield from _assistants(own)


def _centre(rng: random.Random) -> Iterator[Person]:
    for duty, count in AT_THE_CENTRE.items():
        for n in range(count):
            yield _person(rng, f"{duty}{n + 2:02d}", [Post(duty, CENTRE, CITY)])


def _units(rng: random.Random) -> Iterator[Person]:
    """A receiver, a head and one handler in each; three handlers where a line of items is led."""
    leading = {row["unit"] for row in rows("lines.csv")}
    departments = [row["name"] for row in rows("departments.csv") if row["name"] != CENTRE]
    enterprises = [r["name"] for r in rows("demo/units.csv") if r["kind"] == "国有企业" or r["name"] in leading]
    for number, unit in enumerate([*departments, *enterprises], 1):
        if unit != BUREAU:
            yield _person(rng, f"u{number:03d}head", [Post("head", unit, CITY)])
        yield _person(rng, f"u{number:03d}receiver", [Post("receiver", unit, CITY)])
        for n in range(3 if unit in leading else 1):
            yield _person(rng, f"u{number:03d}handler{n + 1}", [Post("handler", unit, CITY)])


def _streets(rng: random.Random) -> Iterator[Person]:
    held = {(part.place, duty) for part in CAST for duty in part.duties}
    for code, street in sorted({(row["street_code"], row["street"]) for row in rows("communities.csv")}):
        for duty in ("street_officer", "receiver", "handler", "head"):
            if (code, duty) not in held:
                yield _person(rng, f"{duty.removeprefix('street_')}{code[6:]}", [Post(duty, f"{street}办事处", code)])


def _communities(rng: random.Random) -> Iterator[Person]:
    """The secretary, and a deputy who approves what the committee replies."""
    held = {part.place for part in CAST if "community_secretary" in part.duties}
    for row in rows("communities.csv"):
        code, unit = row["code"], committee(row)
        if code not in held:
            yield _person(rng, f"c{code[6:]}", [Post("community_secretary", unit, code)])
        yield _person(rng, f"c{code[6:]}deputy", [Post("head", unit, code)])


def _grids(rng: random.Random) -> Iterator[Person]:
    """A worker for every grid or pair of grids, a secretary for most; two workers take the committee's petitions in."""
    grids = [row["code"] for row in rows("grids.csv")]
    unit_of = {row["code"]: committee(row) for row in rows("communities.csv")}
    held = {(part.place, duty) for part in CAST for duty in part.duties}
    second = _second_grids(rng, grids)
    at_the_desk = {code: ["receiver", "handler"] for code in unit_of}
    for grid in grids:
        community, unit = grid[:12], unit_of[grid[:12]]
        if (grid, "grid_worker") not in held and grid not in second.values():
            posts = [Post("grid_worker", unit, code) for code in (grid, second.get(grid)) if code]
            if at_the_desk[community]:
                posts.append(Post(at_the_desk[community].pop(0), unit, community))
            yield _person(rng, f"w{grid[6:]}", posts)
        if (grid, "grid_secretary") not in held and rng.random() >= WITHOUT_SECRETARY:
            yield _person(rng, f"s{grid[6:]}", [Post("grid_secretary", unit, grid, term=_term(grid))], elderly=True)


def _term(grid: str) -> int:
    """Most have long to go; a few end soon, and two in a hundred have ended."""
    n = int(grid[6:]) * 7919 % TERM
    return -10 - n if n < 20 else n


def _lines(rng: random.Random) -> Iterator[Person]:
    """Each of a line's people takes some grids that lie side by side; most of them four or five, a few too many."""
    unit_of = {row["line"]: row["unit"] for row in rows("lines.csv")}
    for number, (line, count) in enumerate(LINES.items(), 1):
        grids = [row["code"] for row in rows("grids.csv") if rng.random() >= GAPS[line]]
        shares = list(accumulate(rng.choices((2, 3, 4, 5, 8), (1, 3, 5, 3, 1), k=count), initial=0))
        cuts = [round(share * len(grids) / shares[-1]) for share in shares]
        for n, (first, last) in enumerate(pairwise(cuts), 1):
            posts = [Post("line_assistant", unit_of[line], code) for code in grids[first:last]]
            yield _person(rng, f"l{number}{n:03d}", posts)


def _assistants(rng: random.Random) -> Iterator[Person]:
    """Neighbours who help: three or four in most grids, fewer in some."""
    unit_of = {row["code"]: committee(row) for row in rows("communities.csv")}
    for grid in (row["code"] for row in rows("grids.csv")):
        for n in range(rng.choices((0, 1, 2, 3, 4, 5), (1, 2, 4, 60, 25, 8))[0]):
            source = rng.choices([*SOURCES], [*SOURCES.values()])[0]
            post = Post("assistant", unit_of[grid[:12]], grid, source)
            yield _person(rng, f"n{grid[6:]}{n}", [post], elderly=source == "retired_cadre")


def leaves() -> tuple[tuple[str, str, int, int], ...]:
    """Who is away in the demo city, who stands in, since and until how many days from its day."""
    return (
        ("w001901003", "w001901006", -2, 5),
        ("w001902001", "w001902004", -1, 9),
        ("w001902004", "w001902001", 0, 3),  # away at the same time: nobody stands in
    )


def _second_grids(rng: random.Random, grids: list[str]) -> dict[str, str]:
    """Which grid's worker serves a neighbouring grid too, because there are fewer workers than grids."""
    pairs = [(grid, f"{grid[:12]}{int(grid[12:]) + 1:03d}") for grid in grids if int(grid[12:]) % 2 == 0]
    return dict(rng.sample([pair for pair in pairs if pair[1] in set(grids)], len(grids) - WORKERS))


def committee(community: dict[str, str]) -> str:
    return f"{community['street']}{community['name']}居委会"


def _person(rng: random.Random, username: str, posts: list[Post], *, elderly: bool = False) -> Person:
    return Person(username, names.full_name(rng, elderly=elderly), names.phone(rng), tuple(posts))
