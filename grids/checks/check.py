"""What a check is: a name and what it means; and what it finds.

Every module beside this one has its CHECKS, and `find(code, on)`: all that they find in the place of this code.
"""

from dataclasses import dataclass

from django.urls import reverse

from grids.models import CITY_CODE

MUST, SHOULD, HINT = "red", "yellow", "blue"


@dataclass(frozen=True, slots=True)
class Found:
    check: str
    place: str  # the code of the place in whose report it stands
    words: str
    href: str  # where it is put right


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    label: str
    meaning: str
    weight: str  # MUST be put right, SHOULD be looked at, or a mere HINT


def page_of(code: str) -> str:
    return reverse("grids:city") if code == CITY_CODE else reverse("grids:place", args=[code])
