"""Who answers for a grid: appointed, relieved, on leave with a deputy, back again; each with its event."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts import notices
from accounts.models import User
from accounts.notnow import NotNow
from grids.models import Duty, Leave, Place, Posting, PostingEvent, ask_for_checks
from grids.permissions import may_appoint, may_arrange_leave
from grids.shortages import N
from grids.workflow.holding import once

Action = PostingEvent.Action
ONE_OF = (Duty.GRID_SECRETARY,)  # of these, a grid has one at a time
APART = {Duty.GRID_SECRETARY: Duty.GRID_WORKER, Duty.GRID_WORKER: Duty.GRID_SECRETARY}
STANDS_IN = (Duty.GRID_WORKER, Duty.GRID_SECRETARY, Duty.COMMUNITY_SECRETARY, Duty.HEAD)


def appoint(posting: Posting, *, key: UUID, by: User, at: datetime) -> Posting | None:
    """An unsaved posting to a grid; a person who is not on record yet is put there. None when pressed before."""
    if not may_appoint(by, posting.duty, posting.place_id):
        raise PermissionDenied
    with transaction.atomic():
        posting.place = Place.objects.select_for_update(no_key=True).defer("boundary").get(pk=posting.place_id)
        if not once(key, by=by, at=at, household=None):
            return None
        if problem := why_not(posting, timezone.localdate(at)):
            raise NotNow(problem)
        if posting.user.pk is None:
            posting.user.set_unusable_password()
            posting.user.save()
            posting.user_id = posting.user.pk
        begin(posting, by=by, at=at)
    return posting


def begin(posting: Posting, *, by: User, at: datetime, why: str = "") -> None:
    """With its event and its notice; whoever calls has asked whether it may be."""
    posting.save()
    _record(posting, Action.APPOINTED, by, at, why)
    title = f"您担任{posting.place}{posting.get_duty_display()}"
    _tell([posting.user], f"appointed:{posting.pk}", title, posting, at, why)


def why_not(posting: Posting, on: date) -> str:
    """What forbids this posting; the rest are warnings, which the people page shows."""
    if posting.place.closed_on is not None:
        return f"{posting.place}已于 {posting.place.closed_on} 撤销，不能再任职。"
    serving = Posting.objects.kept().filter(Q(until=None) | Q(until__gt=max(on, posting.since)), user__is_active=True)
    here = serving.filter(place=posting.place_id).select_related("user")
    label = posting.get_duty_display()
    if posting.duty in ONE_OF and (now := here.filter(duty=posting.duty).first()):
        return f"{posting.place}已有{label}{now.user}，请先办理卸任。"
    if posting.user.pk is None:
        return ""
    same = {"user": posting.user, "duty": posting.duty, "unit": posting.unit_id}
    if here.filter(**same).exists():
        return f"{posting.user}已经是{posting.place}的{label}。"
    other = APART.get(Duty(posting.duty))
    if other and serving.filter(user=posting.user, duty=other).exists():
        return f"{posting.user}是{other.label}，不能兼任{label}。"
    if posting.duty in N and here.filter(user=posting.user, duty__in=(Duty.GRID_WORKER, Duty.GRID_SECRETARY)).exists():
        return f"{posting.user}已是本网格的书记或专职网格员，不再计作{label}。"
    return ""


def relieve(posting: Posting, *, why: str, key: UUID, by: User, at: datetime) -> date | None:
    """From today on, or from tomorrow when it began today: what was done until then keeps its ground. One that has not
    begun is cancelled."""
    if not may_appoint(by, posting.duty, posting.place_id):
        raise PermissionDenied
    with transaction.atomic():
        locked = Posting.objects.select_for_update(no_key=True).get(pk=posting.pk)
        if not once(key, by=by, at=at, household=None):
            return None
        on = timezone.localdate(at)
        if locked.until is not None and locked.until <= max(on, locked.since):
            raise NotNow("这项任职已经结束，请刷新后再看。")
        end(locked, on=on + timedelta(days=locked.since == on), why=why, by=by, at=at)
    return locked.until


def end(posting: Posting, *, on: date, why: str, by: User, at: datetime) -> None:
    """From this day on, with its event and its notice; a day before it begins: it never does."""
    posting.until = max(on, posting.since)
    posting.save(update_fields=["until"])
    cancelled = posting.until == posting.since
    _record(posting, Action.CANCELLED if cancelled else Action.RELIEVED, by, at, why)
    what = f"{posting.place}{posting.get_duty_display()}"
    title = f"您 {posting.since} 起的{what}任职已取消" if cancelled else f"您自 {posting.until} 起不再担任{what}"
    _tell([posting.user], f"relieved:{posting.pk}", title, posting, at)


def take_leave(leave: Leave, *, key: UUID, by: User, at: datetime) -> Leave | None:
    """An unsaved leave; from its first day its deputy sees and does in the worker's grids what she does."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=leave.user_id)
        held = postings_of_worker(leave.user, timezone.localdate(at))
        if not held or not all(may_arrange_leave(by, posting.place_id) for posting in held):
            raise PermissionDenied
        if not once(key, by=by, at=at, household=None):
            return None
        if problem := why_no_leave(leave, held):
            raise NotNow(problem)
        leave.by, leave.at = by, at
        leave.save()
        for posting in held:
            _record(
                posting, Action.TOOK_LEAVE, by, at, f"{leave.since} 起，{leave.until} 返岗，{leave.deputy}代管", leave
            )
        grids = "、".join(str(posting.place) for posting in held)
        title = f"{leave.since} 起由您代管{grids}"
        _tell([leave.deputy], f"deputy:{leave.pk}", title, held[0], at, f"{leave.user}请假，{leave.until} 返岗。")
        _tell([leave.user], f"leave:{leave.pk}", f"您的请假已登记，由{leave.deputy}代管", held[0], at)
    return leave


def why_no_leave(leave: Leave, held: list[Posting]) -> str:
    overlapping = Leave.objects.filter(returned_at=None, since__lt=leave.until, until__gt=leave.since)
    if other := overlapping.filter(user=leave.user).first():
        return f"{leave.user} {other.since} 至 {other.until} 的请假已经登记过。"
    if other := overlapping.filter(user=leave.deputy).first():
        return f"{leave.deputy}自 {other.since} 起也请假，{other.until} 返岗，请另选代管人。"
    if other := overlapping.filter(deputy=leave.user).select_related("user").first():
        return f"{leave.user} {other.since} 至 {other.until} 正为{other.user}代管，请先为{other.user}另行安排代管人。"
    if not deputies_for(held, leave.since).filter(pk=leave.deputy_id).exists():
        return "代管人应是同一社区的网格员、网格党支部书记或社区负责人。"
    return ""


def return_from_leave(leave: Leave, *, key: UUID, by: User, at: datetime) -> bool:
    """Back before the day that was said: the deputy holds her own duties again from this moment."""
    with transaction.atomic():
        locked = Leave.objects.select_for_update(no_key=True).get(pk=leave.pk)
        on = timezone.localdate(at)
        held = postings_of_worker(leave.user, on)
        if not held or not all(may_arrange_leave(by, posting.place_id) for posting in held):
            raise PermissionDenied
        if not once(key, by=by, at=at, household=None):
            return False
        if locked.returned_at or locked.until <= on:
            raise NotNow("这次请假已经结束，请刷新后再看。")
        locked.returned_at = at
        locked.save(update_fields=["returned_at"])
        for posting in held:
            _record(posting, Action.RETURNED, by, at, leave=locked)
        _tell([leave.deputy], f"deputy-over:{leave.pk}", f"{leave.user}已返岗，代管结束", held[0], at)
    return True


def postings_of_worker(user: User, on: date) -> list[Posting]:
    held = Posting.objects.current(on).filter(user=user, duty=Duty.GRID_WORKER)
    return list(held.select_related("place", "user"))


def deputies_for(held: list[Posting], on: date) -> QuerySet[User]:
    """Colleagues of the community in which she has her grids: nobody else comes to see these homes."""
    communities = {posting.place_id[:12] for posting in held}
    near = Q(*(Q(place__code__startswith=community) for community in communities), _connector=Q.OR)
    colleagues = Posting.objects.current(on).filter(near, duty__in=STANDS_IN)
    away = Leave.objects.current(on).values("user")
    people = User.objects.filter(pk__in=colleagues.order_by().values("user")).exclude(pk__in=away)
    return people.exclude(pk__in=[posting.user_id for posting in held])


def _record(posting: Posting, action: str, by: User, at: datetime, note: str = "", leave: Leave | None = None) -> None:
    PostingEvent.objects.create(posting=posting, leave=leave, action=action, by=by, at=at, note=note[:200])
    ask_for_checks([posting.place_id], at)


def _tell(people: list[User], key: str, title: str, posting: Posting, at: datetime, body: str = "") -> None:
    notices.tell(people, key=key, title=title, body=body, path=f"/places/{posting.place_id}/", at=at)
