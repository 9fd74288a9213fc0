"""Which compound and which building of a community are meant by what somebody has written. Pure."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import TypeVar

from grids.importing.addresses import building_of
from grids.said import normalise

LOOKED_AT = 60  # characters of a name that nobody knows
T = TypeVar("T")


def compound_called(text: str, community: str, known: Mapping[tuple[str, str], str]) -> str | None:
    """`known`: community and normalised name → name."""
    said = normalise(text)
    return known.get((community, said)) or known.get((community, f"{said}小区"))


def building_called(text: str, known: Mapping[str, T]) -> T | None:
    """`known`: by every name of `names_of`."""
    name, number = building_of(text)
    return known.get(name) or known.get(text) or (known.get(str(number)) if number else None)


def names_of(building: str) -> tuple[str, str]:
    """As it is registered, and as it would be written today."""
    return building, building_of(building)[0]


def unknown(what: str, text: str, known: Collection[str]) -> str:
    near = get_close_matches(text[:LOOKED_AT], known, n=1)
    return f"“{text[:20]}”不是{what}" + (f"，是不是“{near[0]}”？" if near else "，请核对。")
