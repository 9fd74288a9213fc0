"""Facets: a named list is a `Q`. The list page filters by it, the desk counts them in one query, the API takes it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from grids.models import Duty
from grids.scope import duties_of
from petitions.models import DISSATISFIED, OPEN, Callback, Clock, Dispatch, Event, Petition, Promise, Status


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
    return Q(status__in=OPEN) & Q(_clock(due_at__lt=at + timedelta(days=1))) & ~Q(_clock(due_at__lt=at))


def red_carded(at: datetime) -> Q:
    return Q(status__in=OPEN) & Q(Exists(Event.objects.filter(petition=OuterRef("pk"), action="red_card")))


def returned(at: datetime) -> Q:
    """Back in the unit's hands: sent back by its head, by the centre, or by the caller."""
    last_reply = Dispatch.objects.filter(petition=OuterRef("pk"), ended_at=None, replied_at__isnull=False)
    return Q(status=Status.IN_HAND) & (Q(redo_count__gt=0) | Q(Exists(last_reply)))


def dissatisfied(at: datetime) -> Q:
    answers = Callback.objects.filter(petition=OuterRef("pk"), satisfied__in=DISSATISFIED)
    return Q(Exists(answers))


def unrated(at: datetime) -> Q:
    return Q(status__in=(Status.CLOSED, Status.ARCHIVED)) & ~Q(
        Exists(Callback.objects.filter(petition=OuterRef("pk"), reached=True))
    )


MONTH = timedelta(days=30)
ALL = Q()


def _today(at: datetime) -> datetime:
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)


def _promised(at: datetime, **where: object) -> Exists:
    """Promises to resolve that fell due in the last thirty days."""
    due = Clock.objects.filter(petition=OuterRef("pk"), promise=Promise.RESOLVE)
    return Exists(due.filter(due_at__gt=at - MONTH, due_at__lte=at, **where))


def _broken(at: datetime) -> Q:
    return Q(_promised(at, stopped_at=None)) | Q(_promised(at, stopped_at__gt=F("due_at")))


def _rated(at: datetime, **where: object) -> Exists:
    """The caller rated it in the last thirty days."""
    rated = Callback.objects.filter(petition=OuterRef("pk"), reached=True, at__gt=at - MONTH, at__lte=at)
    return Exists(rated.filter(**where))


def carded_today(at: datetime) -> Q:
    cards = Event.objects.filter(petition=OuterRef("pk"), action__in=["yellow_card", "red_card"])
    return Q(status__in=OPEN) & Q(Exists(cards.filter(at__gte=_today(at), at__lte=at)))


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
        Facet("in_hand", "办理中", _status(S.IN_HAND), (D.HANDLER, D.RECEIVER, D.HEAD)),
        Facet("returned", "退回与重办", returned, (D.HANDLER, D.HEAD)),
        Facet("awaiting_approval", "待单位审核", _status(S.AWAITING_APPROVAL), (D.HEAD,)),
        Facet("awaiting_review", "待中心审核", _status(S.AWAITING_REVIEW), (D.REVIEWER,)),
        Facet("awaiting_callback", "待回访", _status(S.AWAITING_CALLBACK), (D.CALLER_BACK,)),
        Facet("reopened", "重办在办", lambda at: Q(status__in=OPEN, redo_count__gt=0), (D.REVIEWER,)),
        Facet("closed", "已办结", _status(S.CLOSED, S.ARCHIVED), only_open=False),
        Facet("answered", "直接答复", _status(S.ANSWERED), only_open=False),
        Facet("refused", "不予受理", _status(S.REFUSED), only_open=False),
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
        # Over thirty days: the numerators and denominators of reports.py.
        Facet("registered_30", "近 30 天登记", lambda at: Q(registered_at__gt=at - MONTH), only_open=False),
        Facet("promised_30", "近 30 天应办结", lambda at: Q(_promised(at)), only_open=False),
        Facet("kept_30", "近 30 天按时办结", lambda at: Q(_promised(at)) & ~_broken(at), only_open=False),
        Facet("rated_30", "近 30 天已评价", lambda at: Q(_rated(at)), only_open=False),
        Facet(
            "satisfied_30",
            "近 30 天评价满意",
            # A redo that pleases does not wash away the answer that asked for it: satisfied means never dissatisfied.
            lambda at: Q(_rated(at)) & ~Q(_rated(at, satisfied__in=DISSATISFIED)),
            only_open=False,
        ),
    )
}

PLACE_DUTIES = (D.STREET_OFFICER, D.COMMUNITY_SECRETARY, D.GRID_SECRETARY, D.GRID_WORKER)
OF_EVERYBODY = ("open", "overdue", "closed", "dissatisfied", "unrated")
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
    """How many petitions each facet holds for this user: one query, over the open petitions where that is enough."""
    facets = list(facets)
    if not facets:
        return {}
    petitions = Petition.objects.visible_to(user).filter(within)
    if all(facet.only_open for facet in facets):
        petitions = petitions.open()
    return petitions.order_by().aggregate(**{facet.name: Count("pk", filter=facet.where(at)) for facet in facets})
