"""How soon a household should be looked in on, by who lives there and what is known of them: the rules of domain §3.6.

Advice, and no more: a grid worker who knows the people gives the colour.
"""

from collections.abc import Sequence
from typing import Protocol

from grids.ages import VERY_OLD
from grids.models import Care, Colour

OLD = 60  # years
Category = Care.Category
HEAVILY = ("一级", "二级")  # degrees of a disability
LATELY = "近期突发"  # the degree of an illness
AT_ONCE = {Category.DISABLED_SELF_CARE}  # where nobody younger is there
EVERY_MONTH = {Category.CHILD_IN_NEED, Category.BEREAVED, Category.SERIOUS_ILLNESS}
ALONE = {Category.ALONE, Category.EMPTY_NEST}


class CareOf(Protocol):
    @property
    def category(self) -> str: ...
    @property
    def degree(self) -> str: ...


class Living(Protocol):
    """One of the household: her age in years, None where it is not known, and the care for her."""

    @property
    def age(self) -> int | None: ...
    @property
    def cares(self) -> Sequence[CareOf]: ...


def advised(people: Sequence[Living], *, welfare: str = "", renting: bool = False, complained: bool = False) -> str:
    """The most urgent colour that a rule gives: a value of `Colour`. `complained`: within the last 90 days."""
    cares = {care.category: care.degree for person in people for care in person.cares}
    kinds = cares.keys()
    old = bool(people) and all(_at_least(person, OLD) for person in people)
    by_themselves = old or bool(kinds & ALONE)
    if by_themselves and (Category.OVER_80 in kinds or any(_at_least(person, VERY_OLD) for person in people)):
        return Colour.RED
    helpless = bool(kinds & AT_ONCE) and (len(people) == 1 or by_themselves)
    if helpless or cares.get(Category.SERIOUS_ILLNESS) == LATELY:
        return Colour.RED
    if welfare or cares.get(Category.DISABILITY) in HEAVILY or kinds & EVERY_MONTH:
        return Colour.ORANGE
    if old or renting or complained or Category.VETERAN in kinds or Category.EMPTY_NEST in kinds:
        return Colour.YELLOW
    return Colour.GREEN


def _at_least(person: Living, years: int) -> bool:
    return person.age is not None and person.age >= years
