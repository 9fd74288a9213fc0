"""What the cast's grid worker finds to do: two homes overdue, four due today, a new one, two hazards to recheck."""

from dataclasses import dataclass
from datetime import date, timedelta

from grids.models import VisitRule
from shouyang.demo import visiting

NEW = 30  # days ago; the rules promise a first visit by today


@dataclass(frozen=True, slots=True)
class Act:
    kind: str  # of family
    due: int | None = None  # days from today; None: just moved in


ACTS = (
    Act("low_income", -2),
    Act("empty_nest", -6),
    Act("alone_80", 0),
    Act("tenants", 0),
    Act("one_child", 0),
    Act("three_generations", 0),
    Act("couple"),
)
RECHECKS = (-1, 0)  # days from today


def last_visit(act: Act, rule: VisitRule, today: date) -> date:
    """The day after which nobody has come."""
    if act.due is None:
        return today - timedelta(days=NEW)
    return visiting.day_before(rule, today + timedelta(days=act.due))
