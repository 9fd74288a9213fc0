"""Who calls, when, through which channel, about what kind of matter. Shares are proposals for a county-level city."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shouyang.demo import addresses, names
from shouyang.demo.addresses import Address, Shape
from shouyang.demo.cast import COMMUNITY

TOTAL, DAYS = 11_889, 30  # the city's own figure of 2019, about 400 a day

NATURES = {"consultation": 30, "assistance": 38, "complaint": 22, "suggestion": 6, "report": 3, "thanks": 1}
WEEKDAYS = (118, 112, 107, 104, 102, 82, 75)  # Monday first
HOURS = (
    6, 4, 3, 2, 2, 5, 14, 34, 72, 96, 100, 84,
    48, 46, 74, 88, 84, 70, 50, 42, 38, 28, 18, 10,
)  # fmt: skip

CHANNELS = {
    "12345": 52.0, "CG": 18.0, "SSP": 20.0, "HL1": 4.0, "HL2": 3.0, "WEB": 5.0, "MP": 9.0,
    "GRID": 5.0, "WALK": 2.0, "SUP": 1.2, "LEAD": 0.4, "MEDIA": 0.4, "PATROL": 1.0,
}  # fmt: skip
OFFICE_HOURS_ONLY = {"GRID", "WALK", "SUP", "LEAD", "MEDIA", "PATROL"}
ABOUT_OTHERS_ONLY = {"GRID", "MEDIA", "PATROL"}  # seen on the street, not said by the one concerned
OF_THE_STREETS = {"CG", "SSP", "PATROL"}
SEEN = {"assistance", "complaint", "report"}

AGAIN = 0.17  # of the calls come from somebody who has called before
ELDERLY = 0.18


@dataclass(frozen=True)
class Caller:
    name: str
    phone: str
    elderly: bool
    home: Address


def times(rng: random.Random, until: datetime, *, total: int = TOTAL, days: int = DAYS) -> list[datetime]:
    """`total` sorted instants in the days before `until`, busy as weekdays and hours are."""
    since = until - timedelta(days=days)
    hours = [since.replace(minute=0, second=0, microsecond=0) + timedelta(hours=n) for n in range(days * 24 + 1)]
    spans = [(max(hour, since), min(hour + timedelta(hours=1), until)) for hour in hours]
    mood: dict[date, float] = {}
    weights = [
        WEEKDAYS[start.weekday()]
        * HOURS[start.hour]
        * mood.setdefault(start.date(), rng.uniform(0.88, 1.12))
        * max((end - start).total_seconds(), 0)
        for start, end in spans
    ]
    return sorted(start + (end - start) * rng.random() for start, end in rng.choices(spans, weights, k=total))


def nature(rng: random.Random) -> str:
    return rng.choices(list(NATURES), list(NATURES.values()))[0]


def channel(rng: random.Random, at: datetime, item: str, nature: str, *, first_person: bool) -> str:
    at_work = at.weekday() < 5 and 8 <= at.hour < 18
    weights = {
        code: weight
        for code, weight in CHANNELS.items()
        if (at_work or code not in OFFICE_HOURS_ONLY)
        and (code not in OF_THE_STREETS or item[0] in "ABC")
        and (code not in ABOUT_OTHERS_ONLY or (nature in SEEN and not first_person))
    }
    return rng.choices(list(weights), list(weights.values()))[0]


def secrecy(rng: random.Random, nature: str, visibility: str) -> tuple[bool, bool]:
    """Anonymous? Asked to be kept confidential? People who report others ask for it most."""
    anonymous = rng.random() < (0.12 if nature == "report" else 0.015)
    wish = 0.55 if nature == "report" or visibility == "confidential" else 0.06 if nature == "complaint" else 0.01
    return anonymous, rng.random() < wish


def crowds(rng: random.Random) -> dict[str, float]:
    """How much each grid calls: neither communities nor grids are alike; the cast is kept busy."""
    liveliness: dict[str, float] = {}
    crowd = {
        code: liveliness.setdefault(code[:12], rng.lognormvariate(0, 0.35)) * rng.lognormvariate(0, 0.25)
        for code in addresses.grounds()
    }
    return {code: max(crowd[code], 1.1) if code.startswith(COMMUNITY) else crowd[code] for code in crowd}


def callers(rng: random.Random) -> Iterator[Caller]:
    """One after the other, without end; some of them again and again."""
    crowd = crowds(rng)
    grids, weights = list(crowd), list(crowd.values())
    known: list[Caller] = []
    taken: set[str] = set()
    while True:
        if known and rng.random() < AGAIN:
            yield known[-1 - int(rng.expovariate(1 / 400)) % len(known)]
            continue
        while (phone := names.phone(rng)) in taken:
            pass
        taken.add(phone)
        elderly = rng.random() < ELDERLY
        home = addresses.pick(rng, rng.choices(grids, weights)[0], Shape.HOME)
        known.append(Caller(names.full_name(rng, elderly=elderly), phone, elderly, home))
        yield known[-1]


def scene(rng: random.Random, caller: Caller, shape: Shape) -> Address:
    """Where the matter is: at home, or somewhere near, or anywhere in the city."""
    ground = caller.home.ground
    if shape in (Shape.HOME, Shape.ANY):
        return caller.home
    near = [code for code in addresses.grounds() if code[:12] == ground.code[:12]]
    grid = rng.choices([ground.code, rng.choice(near), rng.choice(list(addresses.grounds()))], (66, 24, 10))[0]
    return addresses.pick(rng, grid, shape)
