"""How old somebody is, and for which care that is too young. Pure."""

from datetime import date

VERY_OLD = 80  # years
FROM = {"over_80": VERY_OLD}  # by `Care.Category`


def in_years(born_on: date, on: date) -> int:
    """A child of the 29th of February grows older on the 1st of March."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def too_young(category: str, born_on: date | None, on: date) -> bool:
    """Of whom the birthday is not known, nothing is ruled out."""
    return born_on is not None and in_years(born_on, on) < FROM.get(category, 0)
