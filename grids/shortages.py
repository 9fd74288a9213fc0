"""Where a grid is short of people (1+1+N, domain §3.7): a shortage is a named `Q` over grids, counted and listed alike.

The numbers it measures by are rows that the city edits; the database reads them where it counts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, DateField, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Substr
from django.db.models.lookups import LessThan

from grids.models import LINES, Duty, Dwelling, Leave, Posting, PostingEvent, StaffingRule

N = (Duty.ASSISTANT, Duty.LINE_ASSISTANT)  # the people of the lines count among the assistants (domain Y13)


@dataclass(frozen=True, slots=True)
class Shortage:
    name: str
    label: str
    where: Callable[[date], Q]
    meaning: str = ""


def rule(key: str) -> Subquery:
    return Subquery(StaffingRule.objects.filter(pk=key).values("value"), output_field=IntegerField())


def without(duty: str, on: date) -> Q:
    return ~Q(pk__in=_posted(on, duty))


def shared_worker(on: date) -> Q:
    """There is a worker, but none of her own: each looks after another grid as well."""
    with_one = _people(on, Duty.GRID_WORKER).alias(grids=Count("place", distinct=True)).filter(grids=1)
    return Q(pk__in=_posted(on, Duty.GRID_WORKER)) & ~Q(pk__in=_posted(on, Duty.GRID_WORKER, user__in=with_one))


def overloaded_worker(on: date) -> Q:
    """More grids than one can walk, or grids of two communities."""
    communities = Count(Substr("place", 1, 12), distinct=True)
    held = _people(on, Duty.GRID_WORKER).alias(grids=Count("place", distinct=True), communities=communities)
    too_many = held.filter(Q(grids__gt=rule("worker_grids")) | Q(communities__gt=1))
    return Q(pk__in=_posted(on, Duty.GRID_WORKER, user__in=too_many))


def one_person_for_both(on: date) -> Q:
    return Q(pk__in=_posted(on, Duty.GRID_SECRETARY, user__in=_people(on, Duty.GRID_WORKER)))


def few_assistants(on: date) -> Q:
    people = _posted(on, *N).alias(people=Count("user", distinct=True))
    return ~Q(pk__in=people.filter(people__gte=rule("assistants")))


def thin_assistants(on: date) -> Q:
    """Homes are counted by the doors that lie in the grid."""
    people = _counted(_posted(on, *N).filter(place=OuterRef("pk")), Count("user", distinct=True))
    doors = _counted(Dwelling.objects.filter(place=OuterRef("pk")).order_by().values("place"), Count("pk"))
    return Q(LessThan(people * rule("households_per_assistant"), doors))


def gap_in_a_line(on: date) -> Q:
    lines = _posted(on, Duty.LINE_ASSISTANT, unit__line__in=LINES).alias(lines=Count("unit__line", distinct=True))
    return ~Q(pk__in=lines.filter(lines=len(LINES)))


def gap_in(line: str, on: date) -> Q:
    return ~Q(pk__in=_posted(on, Duty.LINE_ASSISTANT, unit__line=line))


def overloaded_line(on: date) -> Q:
    held = _people(on, Duty.LINE_ASSISTANT).alias(grids=Count("place", distinct=True))
    return Q(pk__in=_posted(on, Duty.LINE_ASSISTANT, user__in=held.filter(grids__gt=rule("line_grids"))))


def away_without_deputy(on: date) -> Q:
    alone = Leave.objects.uncovered(on).order_by().values("user")
    return Q(pk__in=_posted(on, Duty.GRID_WORKER, user__in=alone))


def term_ending(on: date) -> Q:
    day, days = Value(on, DateField()), rule("term_warning_days")
    soon = Func(day, days, template="(%(expressions)s)", arg_joiner=" + ", output_field=DateField())
    return Q(pk__in=_posted(on, Duty.GRID_SECRETARY, until__lte=soon))


def term_over(on: date) -> Q:
    """The term ran out, which is not the same as being relieved, and nobody has followed."""
    relieved = PostingEvent.objects.filter(action=PostingEvent.Action.RELIEVED).values("posting")
    ran_out = Posting.objects.filter(duty=Duty.GRID_SECRETARY, until__lte=on).exclude(pk__in=relieved.order_by())
    return without(Duty.GRID_SECRETARY, on) & Q(pk__in=ran_out.order_by().values("place"))


SHORTAGES: dict[str, Shortage] = {
    shortage.name: shortage
    for shortage in (
        Shortage("no_worker", "无专职网格员", lambda on: without(Duty.GRID_WORKER, on)),
        Shortage("shared_worker", "专职网格员兼任", shared_worker, "网格员都还负责别的网格"),
        Shortage("overloaded_worker", "专职网格员超格或跨社区", overloaded_worker, "一人超过规定格数，或跨两个社区"),
        Shortage("away_without_deputy", "网格员请假无人代管", away_without_deputy, "没有代管人，或代管人也不在岗"),
        Shortage("no_secretary", "无网格党支部书记", lambda on: without(Duty.GRID_SECRETARY, on)),
        Shortage("one_person_for_both", "书记与网格员同为一人", one_person_for_both),
        Shortage("term_ending", "书记任期将满", term_ending, "在规定的提醒天数以内届满"),
        Shortage("term_over", "书记任期已满未续", term_over, "届满后还没有新任"),
        Shortage("few_assistants", "协管员人数不足", few_assistants, "含责任网格人员，少于规定人数"),
        Shortage("thin_assistants", "每百户不到 1 名协管员", thin_assistants, "户数按归入网格的房屋计"),
        Shortage("line_gap", "责任条线有空缺", gap_in_a_line, f"{'、'.join(LINES)}，缺任何一条"),
        Shortage("overloaded_line", "责任人员超格", overloaded_line, "一人负责的网格超过规定格数"),
    )
}


# Sets of places rather than questions about each place: the database makes each set once, however many grids there are
# (12 shortages of 338 grids in 0.2 s; asked grid by grid, in 2 s).


def _posted(on: date, *duties: str, **which: Any) -> QuerySet[Posting, Any]:
    """Where one of the duties is held."""
    return Posting.objects.current(on).filter(duty__in=duties, **which).order_by().values("place")


def _people(on: date, duty: str) -> QuerySet[Posting, Any]:
    """Who holds the duty anywhere."""
    return Posting.objects.current(on).filter(duty=duty).order_by().values("user")


def _counted(of_a_place: QuerySet[Any, Any], number: Count) -> Coalesce:
    return Coalesce(Subquery(of_a_place.annotate(n=number).values("n"), output_field=IntegerField()), 0)
