"""Which grid is meant: by what was said (an address), or by a point. Proposals with their reasons; a person decides.

Names that people say (compounds, roads, communities, grids) are kept in the process for half a minute, by their first
two characters; an address is read once from left to right and the longest name wins at every character.
"""

import math
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from grids import outlines
from grids.models import Landmark, Place
from grids.said import GRID_NUMBER, HOUSE_NUMBER, LONGEST, normalise, number_of

KEPT_FOR = 30  # seconds; an edit of the landmarks reaches every process within this time
SURE = 0.8  # from this score on, a form may fill the place in by itself
NEAR = 30  # house numbers: a gap this wide is still "beside it"
MOST = 8  # proposals
ROAD_ENDINGS = ("路", "街", "道", "巷", "桥", "河")


@dataclass(frozen=True, slots=True)
class Proposal:
    place: Place
    reason: str
    score: float  # 0 … 1

    @property
    def sure(self) -> bool:
        return self.score >= SURE

    @property
    def is_sure_of_a_grid(self) -> bool:
        return self.sure and self.place.kind == Place.Kind.GRID


@dataclass(slots=True)
class Mark:
    """A landmark without its model, whose fields take ten times as long to read: every address looks at dozens."""

    place_id: str
    first: int | None
    last: int | None
    numbers: str


@dataclass(slots=True)
class Meaning:
    """What a name may mean; most mean one thing."""

    compounds: list[Mark] = field(default_factory=list)
    road: list[Mark] = field(default_factory=list)
    grids: list[str] = field(default_factory=list)
    communities: list[str] = field(default_factory=list)  # by the full name
    maybe: list[str] = field(default_factory=list)  # communities by the bare name: “向阳” is also a road
    streets: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Names:
    places: dict[str, Place]
    meanings: dict[str, Meaning]
    by_start: dict[str, list[str]]  # first two characters → names, longest first


@dataclass(slots=True)
class Said:
    """What an address mentions, with the words behind each mention."""

    compounds: list[tuple[str, list[Mark]]] = field(default_factory=list)
    roads: list[tuple[str, int | None, list[Mark]]] = field(default_factory=list)
    grids: dict[str, str] = field(default_factory=dict)
    communities: dict[str, str] = field(default_factory=dict)
    maybe: dict[str, str] = field(default_factory=dict)
    streets: dict[str, str] = field(default_factory=dict)


def by_address(text: str) -> list[Proposal]:
    """The places that these words may mean, best first; nothing known, nothing proposed."""
    names = _kept(int(time.monotonic() // KEPT_FOR))
    said = _read(normalise(text), names)
    found: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for code, name in said.grids.items():
        found[code].append((0.98, f"地址写明“{name}”"))
    for name, marks in said.compounds:
        _add(found, said, marks, f"地址中含小区名“{name}”", alone=0.95, among_many=0.6)
    for name, number, stretch in said.roads:
        _add_road(found, said, name, number, stretch)
    _add_crossing(found, said)
    _add_communities(found, said)
    return _ranked(found, names)


def by_point(longitude: float, latitude: float) -> Proposal | None:
    """The grid whose boundary holds the point; outside all of them, None."""
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        return None
    code = outlines.code_at(longitude, latitude)
    if code is None:
        return None
    place = _kept(int(time.monotonic() // KEPT_FOR)).places.get(code)
    return Proposal(place, f"坐标在“{place.name}”边界内", 1.0) if place else None


def forget() -> None:
    """The rows were edited in this process: read them again."""
    _kept.cache_clear()
    outlines.forget()


# --- Reading the address ----------------------------------------------------------------------------


def _read(text: str, names: Names) -> Said:
    said = Said()
    for name, end in _spotted(text, names):
        meaning = names.meanings[name]
        if meaning.compounds:
            said.compounds.append((name, meaning.compounds))
        if meaning.road:
            number = HOUSE_NUMBER.match(text, end)
            said.roads.append((name, int(number[1]) if number else None, meaning.road))
        for mentioned, codes in (
            (said.grids, meaning.grids),
            (said.streets, meaning.streets),
            (said.communities, meaning.communities),
        ):
            if codes:
                mentioned.update(dict.fromkeys(codes, name))
        if meaning.communities or meaning.maybe:
            _read_community(said, names, meaning, name, text, end)
    return said


def _spotted(text: str, names: Names) -> Iterator[tuple[str, int]]:
    i, last = 0, len(text) - 1
    while i < last:
        for name in names.by_start.get(text[i : i + 2], ()):
            if text.startswith(name, i):
                i += len(name)
                yield name, i
                break
        else:
            i += 1


def _read_community(said: Said, names: Names, meaning: Meaning, name: str, text: str, end: int) -> None:
    """“向阳社区第3网格”, “向阳3网格”; a bare “向阳” may mean the community, unless it begins the name of a road."""
    numbered = (GRID_NUMBER.search if meaning.communities else GRID_NUMBER.match)(text, end)
    if numbered:
        for community in meaning.communities or meaning.maybe:
            if grid := names.places.get(f"{community}{number_of(numbered[1]):03d}"):
                said.grids[grid.code] = grid.name
    elif not meaning.communities and not text.startswith(ROAD_ENDINGS, end):
        said.maybe.update(dict.fromkeys(meaning.maybe, name))


# --- Weighing what was said --------------------------------------------------------------------------

Found = dict[str, list[tuple[float, str]]]


def _add(found: Found, said: Said, marks: list[Mark], reason: str, *, alone: float, among_many: float) -> None:
    """One name: the places it stands for, narrowed by the community or street that was said with it."""
    codes = _codes(marks)
    narrowed = _narrowed(codes, said)
    score = alone if len(narrowed or codes) == 1 else among_many
    if narrowed is None:
        reason, score = f"{reason}，但与地址中的社区或街道不符", score / 2
    elif len(narrowed) > 1:
        same = len({code[:12] for code in narrowed}) == 1
        reason += f"（跨 {len(narrowed)} 个网格）" if same else f"（同名 {len(narrowed)} 处）"
    for code in codes if narrowed is None else narrowed:
        found[code].append((score, reason))


def _narrowed(codes: list[str], said: Said) -> list[str] | None:
    """The codes that agree with what else was said; None when none does."""
    for mentioned in ({*said.communities, *(code[:12] for code in said.grids)}, said.streets):
        if mentioned:
            return [code for code in codes if code.startswith(tuple(mentioned))] or None
    return codes


def _add_road(found: Found, said: Said, name: str, number: int | None, stretch: list[Mark]) -> None:
    gap, beside = (NEAR + 1, []) if number is None else _beside(number, stretch)
    if gap <= NEAR:
        reason = f"{name}{number}号临近{beside[0].numbers}" if gap else f"地址为{name}{number}号"
        alone, among_many = (0.5, 0.4) if gap else (0.9, 0.6)
        _add(found, said, beside, reason, alone=alone, among_many=among_many)
        return
    narrowed = _narrowed(_codes(stretch), said) or []
    communities = sorted({code[:12] for code in narrowed})
    if len(narrowed) == 1:
        found[narrowed[0]].append((0.5, f"地址中含道路“{name}”"))
    elif len(communities) == 1:
        found[communities[0]].append((0.4, f"地址中含道路“{name}”，全在该社区"))


def _add_crossing(found: Found, said: Said) -> None:
    """Two roads and no number: a grid that both pass. On its other corners there may be other grids: never sure."""
    if len(said.roads) < 2:
        return
    passed = {name: {mark.place_id for mark in stretch} for name, number, stretch in said.roads if number is None}
    if len(passed) < 2:
        return
    codes = _narrowed(sorted(set.intersection(*passed.values())), said) or []
    for code in codes:
        found[code].append((0.7 if len(codes) == 1 else 0.5, f"“{'”与“'.join(passed)}”都经过此网格"))


def _beside(number: int, stretch: list[Mark]) -> tuple[int, list[Mark]]:
    """How far the nearest known numbers are, and whose they are; of those that hold it, the shortest stretches."""
    closest, beside = (NEAR + 1, 0), []
    for mark in stretch:
        first, last = mark.first, mark.last
        if first is None or last is None:
            continue
        gap = first - number if number < first else number - last if number > last else 0
        if gap > closest[0]:
            continue
        off = gap, last - first
        if off < closest:
            closest, beside = off, [mark]
        elif off == closest:
            beside.append(mark)
    return closest[0], beside


def _codes(marks: list[Mark]) -> list[str]:
    return [marks[0].place_id] if len(marks) == 1 else sorted({mark.place_id for mark in marks})


def _add_communities(found: Found, said: Said) -> None:
    for code, name in said.communities.items():
        found[code].append((0.7, f"地址中含社区名“{name}”"))
    if not found:
        for code, name in said.maybe.items():
            if not said.streets or code[:9] in said.streets:
                found[code].append((0.3, f"地址中的“{name}”可能指该社区"))
    if not found:
        for code, name in said.streets.items():
            found[code].append((0.2, f"地址中只认出街道名“{name}”"))


def _ranked(found: Found, names: Names) -> list[Proposal]:
    """Independent reasons for one place strengthen each other; a place yields to a likelier one inside it."""
    proposals: list[Proposal] = []
    for code, reasons in found.items():
        if place := names.places.get(code):
            doubt = math.prod(1 - score for score, _ in reasons)
            words = "；".join(dict.fromkeys(reason for _, reason in reasons))
            proposals.append(Proposal(place, words, round(1 - doubt, 2)))
    if len(proposals) < 2:  # nine addresses of ten
        return proposals
    proposals.sort(key=lambda proposal: (-proposal.score, -len(proposal.place.code), proposal.place.code))
    return [p for i, p in enumerate(proposals) if not any(_inside(q, p) for q in proposals[:i])][:MOST]


def _inside(one: Proposal, other: Proposal) -> bool:
    return one.place.code != other.place.code and one.place.code.startswith(other.place.code)


# --- The names ---------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _kept(period: int) -> Names:
    places = {place.code: place for place in Place.objects.standing().defer("boundary")}
    meanings: dict[str, Meaning] = defaultdict(Meaning)
    for place in places.values():
        place.parent = places.get(place.parent_id or "")
        _name_place(meanings, place)
    for landmark in Landmark.objects.order_by("id"):
        mark = Mark(landmark.place_id, landmark.first_number, landmark.last_number, landmark.numbers)
        for name in _ways_to_say(landmark.name, "小区"):
            meanings[name].compounds.append(mark)
        if landmark.road:
            meanings[normalise(landmark.road)].road.append(mark)
    return Names(places, dict(meanings), _by_start(meanings))


def _name_place(meanings: dict[str, Meaning], place: Place) -> None:
    name = normalise(place.name)
    if place.kind == Place.Kind.STREET:
        meanings[name].streets.append(place.code)
    elif place.kind == Place.Kind.GRID:
        meanings[name].grids.append(place.code)
    elif place.kind == Place.Kind.COMMUNITY:
        meanings[name].communities.append(place.code)
        if (bare := name.removesuffix("社区")) != name:
            meanings[bare].maybe.append(place.code)


def _ways_to_say(name: str, ending: str) -> set[str]:
    """“凯马花园小区” is also called “凯马花园”; two characters left would be too short to tell."""
    said = normalise(name)
    bare = said.removesuffix(ending)
    return {said, bare} if len(bare) >= 3 else {said}


def _by_start(names: Iterable[str]) -> dict[str, list[str]]:
    by_start: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names, key=lambda name: (-len(name), name)):
        if 2 <= len(name) <= LONGEST:
            by_start[name[:2]].append(name)
    return dict(by_start)
