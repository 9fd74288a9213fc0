"""Looking in on a household: one submission is the visit, what has changed, and every hazard, need and wish found."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import User
from accounts.notnow import NotNow
from grids import visit_clocks
from grids.models import Hazard, Household, Item, Need, Visit, VisitRule
from grids.permissions import VISITORS, may_keep
from grids.workflow import crisis, editing, hazards
from grids.workflow.editing import Edit
from grids.workflow.holding import Home, hold

A_YEAR = timedelta(days=365)
LATEST = timedelta(days=7)  # so long may a submission wait on a phone without network
AHEAD = timedelta(minutes=5)  # so far may a phone's clock be wrong
KEEPS = (Visit.Met.SOMEBODY, Visit.Met.NEIGHBOUR)  # a door that nobody opened keeps no promise


NOT_BY_THE_NEIGHBOUR = "电话或自助确认见不到邻居；到了门口的请选“上门”，没有联系上的请选“无人应答”。"


class NotInTime(NotNow):
    """The visit was too long ago, or is still to come."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the visit was."""

    manner: str
    met: str
    finding: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found besides: hazards as item and words; needs and wishes as words."""

    hazards: Sequence[tuple[Item, str]] = field(default=())
    needs: Sequence[tuple[str, str]] = field(default=())  # kind of `Need`, words


def visit(
    household: Household,
    seen: Seen,
    *,
    edits: Sequence[Edit] = (),
    found: Found | None = None,
    key: UUID,
    by: User,
    at: datetime,
    received_at: datetime | None = None,
) -> list[Hazard]:
    """`at` is when somebody stood at the door; `received_at` when the portal heard of it, if later. The hazards that
    are on record now."""
    _in_time(at, received_at or at)
    if edits and not may_keep(by, household.dwelling.place_id):
        raise PermissionDenied
    with hold(household, key=key, by=by, at=at, duties=VISITORS) as home:
        if home is None:
            return []
        _within_the_rule(home.household, seen, at)
        editing.apply(home, edits)
        return _write(home, seen, found or Found())


def why_not(household: Household, manner: str, at: datetime) -> str:
    """The sentence with which a visit of this manner is refused; empty where the rule allows it."""
    rule = VisitRule.objects.get(colour=household.colour)
    if manner == Visit.Manner.SELF and not rule.self_confirmed:
        return f"{rule.get_colour_display()}色户不能自助确认，请上门走访。"
    if manner != Visit.Manner.PHONE or rule.phone_percent >= 100:
        return ""
    if not rule.phone_percent:
        return f"{rule.get_colour_display()}色户须上门走访，电话联系不计作走访。"
    kept = Visit.objects.filter(household=household, met__in=KEEPS, at__gt=at - A_YEAR)
    manners = list(kept.values_list("manner", flat=True))
    by_phone = manners.count(Visit.Manner.PHONE) + 1
    if by_phone * 100 <= rule.phone_percent * (len(manners) + 1):
        return ""
    return (
        f"{rule.get_colour_display()}色户近一年的走访中，电话走访不超过 {rule.phone_percent}%"
        f"（已走访 {len(manners)} 次，其中电话 {by_phone - 1} 次），这次请上门。"
    )


def at_odds(manner: str, met: str) -> bool:
    """A neighbour is met at the door."""
    return met == Visit.Met.NEIGHBOUR and manner != Visit.Manner.DOOR


def _within_the_rule(household: Household, seen: Seen, at: datetime) -> None:
    if at_odds(seen.manner, seen.met):
        raise NotNow(NOT_BY_THE_NEIGHBOUR)
    if seen.met in KEEPS and seen.manner != Visit.Manner.DOOR and crisis.since(household, at):
        raise NotNow(crisis.AT_THE_DOOR)
    if seen.met in KEEPS and (why := why_not(household, seen.manner, at)):
        raise NotNow(why)


def _in_time(at: datetime, received_at: datetime) -> None:
    if at > received_at + AHEAD:
        raise NotInTime("走访时间还没有到，请核对。")
    if at < received_at - LATEST:
        raise NotInTime(f"{timezone.localtime(at):%m-%d %H:%M} 的走访已超过 {LATEST.days} 天，不能再补记。")


def _write(home: Home, seen: Seen, found: Found) -> list[Hazard]:
    household = home.household
    Visit.objects.create(
        household=household,
        by=home.by,
        at=home.at,
        manner=seen.manner,
        met=seen.met,
        finding=seen.finding,
        note=seen.note,
    )
    there = {"place_id": household.dwelling.place_id, "address": household.dwelling.address}
    dangers = [Hazard(item=item, household=household, words=words, **there) for item, words in found.hazards]
    for danger in dangers:
        hazards.enter(danger, by=home.by, at=home.at)
    Need.objects.bulk_create(
        Need(household=household, kind=kind, words=words, found_by=home.by, found_at=home.at)
        for kind, words in found.needs
    )
    # One that arrives late, after a newer one, is on record and moves no promise.
    if seen.met in KEEPS and (household.visited_at is None or household.visited_at < home.at):
        household.visited_at = home.at
        household.save(update_fields=["visited_at"])
        visit_clocks.keep(household, home.at)
    return dangers
