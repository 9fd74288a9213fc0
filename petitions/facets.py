"""Facets: a named list is a `Q`. The list page filters by it, the desk counts them in one query, the API takes it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from grids.models import Duty
from grids.scope import duties_of
from petitions import cards
from petitions.models import (
    DISSATISFIED,
    OPEN,
    Callback,
    Clock,
    Dispatch,
    Petition,
    Promise,
    Status,
    Suspension,
)
from petitions.repeated import repeated


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    label: str
    where: Callable[[datetime], Q]
    duties: tuple[str, ...] = ()  # whose queue it is, on the desk
    only_open: bool = True  # all of it lies among the open petitions, which are few


def _status(*statuses: Status) -> Callable[[datetime], Q]:
    return lambda at: Q(status__in=statuses)


def _clock(**where: object) -> Exists:
    return Exists(Clock.objects.running().filter(petition=OuterRef("pk"), **where))


def overdue(at: datetime) -> Q:
    return Q(status__in=OPEN) & Q(_clock(due_at__lt=at))


def due_soon(at: datetime) -> Q:
    """Due within a day of the wall clock, and not yet overdue."""
    soon = _clock(due_at__gte=at, due_at__lt=at + timedelta(days=1))
    return Q(status__in=OPEN) & Q(soon) & ~Q(_clock(due_at__lt=at))


def red_carded(at: datetime) -> Q:
    return Q(status__in=OPEN) & Q(Exists(cards.standing(petition=OuterRef("pk"), action="red_card")))


def returned(at: datetime) -> Q:
    """Back in the unit's hands: sent back by its head, by the centre, or by the caller."""
    last_reply = Dispatch.objects.filter(petition=OuterRef("pk"), ended_at=None, replied_at__isnull=False)
    return Q(status=Status.IN_HAND) & (Q(redo_count__gt=0) | Q(Exists(last_reply)))


def assisting(at: datetime) -> Q:
    return Q(status__in=OPEN, assisting__isnull=False)


def keeping_contact(at: datetime) -> Q:
    """Who was given it first keeps in touch with the caller, though another unit has it."""
    return Q(status__in=OPEN, contact_unit__isnull=False) & ~Q(contact_unit=F("unit"))


def dissatisfied(at: datetime) -> Q:
    answers = Callback.objects.filter(petition=OuterRef("pk"), satisfied__in=DISSATISFIED)
    return Q(Exists(answers))


def unrated(at: datetime) -> Q:
    return Q(status__in=(Status.CLOSED, Status.ARCHIVED)) & ~Q(
        Exists(Callback.objects.filter(petition=OuterRef("pk"), reached=True))
    )


def _awaiting(step: str) -> Callable[[datetime], Q]:
    asked = Suspension.objects.asked().filter(petition=OuterRef("pk"), awaiting=step)
    return lambda at: Q(status=Status.SUSPENSION_UNDER_REVIEW) & Q(Exists(asked))


def suspension_unreviewed(at: datetime) -> Q:
    return Q(status=Status.SUSPENDED) & Q(_clock(promise=Promise.SUSPENSION_REVIEW, due_at__lt=at))


def merged_untold(at: datetime) -> Q:
    """The main petition is done, and this caller, who left a number, was not told since: it is promised."""
    return Q(status=Status.MERGED) & Q(_clock(promise=Promise.CALL_BACK))


MONTH = timedelta(days=30)
ALL = Q()


def _today(at: datetime) -> datetime:
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)


def carded_today(at: datetime) -> Q:
    carded = cards.standing(petition=OuterRef("pk"), action__in=["yellow_card", "red_card"])
    return Q(status__in=OPEN) & Q(Exists(carded.filter(at__gte=_today(at), at__lte=at)))


S, D = Status, Duty

FACETS: dict[str, Facet] = {
    facet.name: facet
    for facet in (
        Facet(
            "open", "在办", lambda at: Q(status__in=OPEN), (D.CENTRE_DIRECTOR, D.LEADER, D.PRINCIPAL_LEADER, D.AUDITOR)
        ),
        Facet("overdue", "已超期", overdue, (D.REVIEWER, D.HEAD, D.CENTRE_DIRECTOR, D.LEADER, D.PRINCIPAL_LEADER)),
        Facet("due_soon", "24 小时内到期", due_soon, (D.REVIEWER, D.RECEIVER, D.HANDLER, D.HEAD)),
        Facet("red_carded", "红牌", red_carded, (D.REVIEWER, D.HEAD, D.CENTRE_DIRECTOR, D.LEADER)),
        Facet("awaiting_acceptance", "待受理", _status(S.RECEIVED), (D.OPERATOR, D.DISPATCHER)),
        Facet("awaiting_dispatch", "待派单", _status(S.AWAITING_DISPATCH), (D.DISPATCHER,)),
        Facet("awaiting_sign", "待签收", _status(S.AWAITING_SIGN), (D.RECEIVER, D.HEAD)),
        Facet("return_under_review", "退单待审", _status(S.RETURN_UNDER_REVIEW), (D.REVIEWER,)),
        Facet("in_arbitration", "争议会商", _status(S.IN_ARBITRATION), (D.REVIEWER, D.CENTRE_DIRECTOR)),
        Facet("assisting", "协办未完成", assisting, (D.RECEIVER, D.HANDLER)),
        Facet("keeping_contact", "首接联系", keeping_contact, (D.RECEIVER, D.HANDLER)),
        Facet("in_hand", "办理中", _status(S.IN_HAND), (D.HANDLER, D.RECEIVER, D.HEAD)),
        Facet("extension_asked", "延期待审", _status(S.EXTENSION_UNDER_REVIEW), (D.REVIEWER, D.CENTRE_DIRECTOR)),
        Facet("suspension_of_head", "挂账待单位审批", _awaiting(Suspension.Step.HEAD), (D.HEAD,)),
        Facet(
            "suspension_of_director", "挂账待中心主任审批", _awaiting(Suspension.Step.DIRECTOR), (D.CENTRE_DIRECTOR,)
        ),
        Facet(
            "suspension_of_leader",
            "挂账待市领导审批",
            _awaiting(Suspension.Step.LEADER),
            (D.LEADER, D.PRINCIPAL_LEADER),
        ),
        Facet("suspended", "挂账", _status(S.SUSPENDED), (D.HEAD, D.CENTRE_DIRECTOR, D.LEADER)),
        Facet("suspension_unreviewed", "挂账到期未复核", suspension_unreviewed, (D.HEAD, D.REVIEWER)),
        Facet("termination_asked", "终止待审", _status(S.TERMINATION_UNDER_REVIEW), (D.REVIEWER,)),
        Facet("returned", "退回与重办", returned, (D.HANDLER, D.HEAD)),
        Facet("awaiting_approval", "待单位审核", _status(S.AWAITING_APPROVAL), (D.HEAD,)),
        Facet("awaiting_review", "待中心审核", _status(S.AWAITING_REVIEW), (D.REVIEWER,)),
        Facet("awaiting_callback", "待回访", _status(S.AWAITING_CALLBACK), (D.CALLER_BACK,)),
        Facet("repeated", "短期内同类多件", repeated, (D.REVIEWER,)),
        Facet("reopened", "重办在办", lambda at: Q(status__in=OPEN, redo_count__gt=0), (D.REVIEWER,)),
        Facet("closed", "已办结", _status(S.CLOSED, S.ARCHIVED), only_open=False),
        Facet("answered", "直接答复", _status(S.ANSWERED), only_open=False),
        Facet("refused", "不予受理", _status(S.REFUSED), only_open=False),
        Facet("merged", "并单", _status(S.MERGED), only_open=False),
        Facet("merged_untold", "并单待告知", merged_untold, (D.CALLER_BACK,), only_open=False),
        Facet("terminated", "终止办理", _status(S.TERMINATED), only_open=False),
        Facet("dissatisfied", "不满意", dissatisfied, only_open=False),
        Facet("unrated", "未评价办结", unrated, only_open=False),
        Facet("registered_today", "今日登记", lambda at: Q(registered_at__gte=_today(at)), only_open=False),
        Facet(
            "concluded_today",
            "今日办结",
            lambda at: Q(status__in=(S.CLOSED, S.ANSWERED, S.REFUSED), concluded_at__gte=_today(at)),
            only_open=False,
        ),
        Facet("carded_today", "今日亮牌", carded_today),
        Facet("registered_30", "近 30 天登记", lambda at: Q(registered_at__gt=at - MONTH), only_open=False),
    )
}

PLACE_DUTIES = (D.STREET_OFFICER, D.COMMUNITY_SECRETARY, D.GRID_SECRETARY, D.GRID_WORKER)
OF_EVERYBODY = ("open", "overdue", "suspended", "closed", "dissatisfied", "unrated")
OF_A_PLACE = ("open", "overdue", "due_soon", "awaiting_callback")


def queues_of(user: User) -> list[Facet]:
    """The facets that are this person's work, in the order of the table."""
    held = duties_of(user)
    of_place = OF_A_PLACE if held & set(PLACE_DUTIES) else ()
    return [facet for facet in FACETS.values() if held & set(facet.duties) or facet.name in of_place]


def tabs_of(user: User) -> list[Facet]:
    """What stands above the list: this person's queues, and what everybody asks for."""
    own = {facet.name for facet in queues_of(user)}
    return [facet for facet in FACETS.values() if facet.name in own or facet.name in OF_EVERYBODY]


def counts(user: User, facets: Iterable[Facet], at: datetime, *, within: Q = ALL) -> dict[str, int]:
    """How many petitions each facet holds for this user: one query for all that lie among the open petitions."""
    facets = list(facets)
    petitions = Petition.objects.visible_to(user).filter(within).order_by()
    of_open = {facet.name: Count("pk", filter=facet.where(at)) for facet in facets if facet.only_open}
    found: dict[str, int] = petitions.open().aggregate(**of_open) if of_open else {}
    return found | {facet.name: petitions.filter(facet.where(at)).count() for facet in facets if not facet.only_open}
