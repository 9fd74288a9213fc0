"""准入: nothing comes onto the list of the grids, changes or leaves it but by application, review, publication."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import notices
from accounts.models import Unit, User
from accounts.notnow import NotNow
from grids.models import CITY_CODE, Admission, AdmissionEvent, CatalogueVersion, Duty, Item, ListedItem
from grids.models.catalogue import APPLICANTS, REVIEWERS
from grids.scope import holders, holds
from grids.workflow.holding import once

Kind, State, Action = Admission.Kind, Admission.State, AdmissionEvent.Action
DIRECTORS = (Duty.CENTRE_DIRECTOR,)
# action → from which states, to which, whose; None: the unit that applied
RULES: dict[str, tuple[tuple[str, ...], str, tuple[str, ...] | None]] = {
    Action.RESUBMIT: ((State.RETURNED,), State.APPLIED, None),
    Action.SEND_BACK: ((State.APPLIED, State.APPROVED), State.RETURNED, REVIEWERS),
    Action.APPROVE: ((State.APPLIED,), State.APPROVED, DIRECTORS),
    Action.REFUSE: ((State.APPLIED, State.RETURNED, State.APPROVED), State.REFUSED, DIRECTORS),
}
NOT_LISTED = "“{}”不在现行清单里，不能申请{}。"
LISTED = "“{}”已在现行清单里；要改时限或标准，请申请“调整”。"
NOT_YOURS = "“{}”由{}牵头，请由牵头单位申请。"
UNDER_WAY = "“{}”已有一份准入申请在办，请等它办完。"
HAS_ENDED = "有效期至 {} 已过，请退回申请单位改期。"
NOTHING = "没有审核通过、等待公布的申请，可能刚刚已被别人公布。"


def apply(admission: Admission, *, key: UUID, by: User, at: datetime) -> Admission | None:
    """None when this press was done before."""
    if not holds(by, *APPLICANTS, unit=admission.unit_id):
        raise PermissionDenied
    with transaction.atomic():
        if not once(key, by=by, at=at, household=None):
            return None
        _latest()  # whoever applies or publishes stands in a line
        _fits(admission, timezone.localdate(at))
        admission.state, admission.applied_at = State.APPLIED, at
        admission.save(force_insert=True)
        _record(admission, Action.APPLY, by, at, admission.reason)
    return admission


def resubmit(admission: Admission, values: dict[str, Any], *, by: User, at: datetime) -> None:
    with _step(Action.RESUBMIT, admission, by=by, at=at, note=values["reason"]):
        for name, value in values.items():
            setattr(admission, name, value)
        _fits(admission, timezone.localdate(at))


def send_back(admission: Admission, *, note: str, by: User, at: datetime) -> None:
    with _step(Action.SEND_BACK, admission, by=by, at=at, note=note):
        pass


def approve(admission: Admission, *, note: str = "", by: User, at: datetime) -> None:
    with _step(Action.APPROVE, admission, by=by, at=at, note=note):
        _fits(admission, timezone.localdate(at))


def refuse(admission: Admission, *, note: str, by: User, at: datetime) -> None:
    with _step(Action.REFUSE, admission, by=by, at=at, note=note):
        pass


@transaction.atomic
def publish(*, note: str, by: User, at: datetime) -> CatalogueVersion:
    """What was approved becomes the next version; the one before stays as it was."""
    if not holds(by, *DIRECTORS, place=CITY_CODE):
        raise PermissionDenied
    on, before = timezone.localdate(at), _latest()
    approved = list(Admission.objects.approved().select_for_update(no_key=True).order_by("id"))
    if not approved:
        raise NotNow(NOTHING)
    for admission in approved:
        _fits(admission, on)
    version = _next(before, on, note=note, by=by, admissions=approved)
    for admission in approved:
        admission.state, admission.version = State.PUBLISHED, version
        admission.save()
        _record(admission, Action.PUBLISH, by, at, version.name)
    return version


@transaction.atomic
def expire(at: datetime) -> CatalogueVersion | None:
    """Temporary items whose day is over leave the list by themselves."""
    on, before = timezone.localdate(at), _latest()
    ended = before.items.exclude(pk__in=before.items.valid(on).values("pk")) if before else ListedItem.objects.none()
    if before is None or not ended:
        return None
    return _next(before, on, note=f"临时事项到期退出：{'、'.join(one.name for one in ended)}"[:400])


def may(action: str, user: User, admission: Admission) -> bool:
    sources, _, duties = RULES[action]
    if admission.state not in sources:
        return False
    return holds(user, *duties, place=CITY_CODE) if duties else holds(user, *APPLICANTS, unit=admission.unit_id)


@contextmanager
def _step(action: str, admission: Admission, *, by: User, at: datetime, note: str) -> Iterator[None]:
    sources, target, duties = RULES[action]
    with transaction.atomic():
        _latest()
        admission.refresh_from_db(from_queryset=Admission.objects.select_for_update(no_key=True))
        allowed = holds(by, *duties, place=CITY_CODE) if duties else holds(by, *APPLICANTS, unit=admission.unit_id)
        if not allowed:
            raise PermissionDenied
        if admission.state not in sources:
            raise NotNow(f"这份申请现在是“{admission.get_state_display()}”，不能{Action(action).label}。")
        yield
        admission.state = target
        admission.save()
        _record(admission, action, by, at, note)


def _latest() -> CatalogueVersion | None:
    # Everything about the list stands in a line here; otherwise two could publish the same number.
    return CatalogueVersion.objects.select_for_update(no_key=True).order_by("-id").first()


def leads(unit: Unit, line: ListedItem) -> bool:
    """Is it this unit's matter? What the streets answer for is each street office's."""
    lead = line.lead or line.item.lead
    if lead is None:
        return line.item.is_of_the_street and unit.kind == Unit.Kind.STREET_OFFICE
    return lead.pk == unit.pk


def hindrance(admission: Admission, on: date) -> str:
    """Why it makes no sense beside the list in force and the other applications; empty when it does."""
    listed = ListedItem.objects.in_force(on)
    if admission.kind == Kind.ADD:
        if listed.filter(name=admission.name).exists():
            return LISTED.format(admission.name)
    else:
        line = listed.filter(item=admission.item).select_related("lead", "item__lead").first()
        if line is None:
            return NOT_LISTED.format(admission.name, Kind(admission.kind).label)
        if not leads(admission.unit, line):
            return NOT_YOURS.format(line.name, line.lead or line.item.lead or line.lead_line)
    if admission.kind != Kind.WITHDRAW and admission.temporary and admission.until and admission.until < on:
        return HAS_ENDED.format(admission.until)
    others = Admission.objects.open().exclude(pk=admission.pk)
    same = Q(item=admission.item) if admission.item_id else Q(name=admission.name)
    return UNDER_WAY.format(admission.name) if others.filter(same).exists() else ""


def _fits(admission: Admission, on: date) -> None:
    if why := hindrance(admission, on):
        raise NotNow(why)


def _next(
    before: CatalogueVersion | None,
    on: date,
    *,
    note: str,
    by: User | None = None,
    admissions: list[Admission] | tuple[()] = (),
) -> CatalogueVersion:
    number = CatalogueVersion.objects.filter(name__startswith=f"v{on.year}.").count() + 1
    version = CatalogueVersion.objects.create(name=f"v{on.year}.{number}", published_on=on, published_by=by, note=note)
    was = {line.item_id: line for line in before.items.all()} if before else {}
    lines = {item: line for item, line in was.items() if line.until is None or line.until >= on}
    for admission in admissions:
        item = _carry_out(admission)
        if admission.kind == Kind.WITHDRAW:
            lines.pop(item.pk, None)
        else:
            lines[item.pk] = ListedItem(item=item, code=item.code, until=admission.until, **admission.values())
    for line in lines.values():
        line.pk, line.version = None, version
    ListedItem.objects.bulk_create(sorted(lines.values(), key=lambda line: line.code))
    _leave([line for item, line in was.items() if item not in lines])
    return version


def _carry_out(admission: Admission) -> Item:
    """The item's row follows the list: the clocks of petitions from now on read it."""
    item = admission.item or Item.objects.filter(name=admission.name, unsorted=False).first()
    if admission.kind == Kind.WITHDRAW:
        assert item is not None
        return item
    if item is None:
        item = Item(code=_new_code(admission.domain))
    for name, value in admission.values().items():
        setattr(item, name, value)
    item.in_grid = item.active = True
    item.save()
    admission.item = item
    return item


def _leave(lines: list[ListedItem]) -> None:
    """The hotline goes on with what the grids no longer look for, but not with what was for a time only."""
    Item.objects.filter(pk__in=[line.item_id for line in lines]).update(in_grid=False)
    Item.objects.filter(pk__in=[line.item_id for line in lines if line.until]).update(active=False)


def _new_code(domain: str) -> str:
    """The next free number after the letter of the domain; a number is never used again."""
    of_domain = Item.objects.filter(domain=domain).order_by("code").values_list("code", flat=True)
    letter = of_domain[0][0]
    taken = Item.objects.filter(code__startswith=letter).values_list("code", flat=True)
    return f"{letter}{max(int(code[1:]) for code in taken) + 1:02d}"


def _record(admission: Admission, action: str, by: User | None, at: datetime, note: str) -> None:
    event = AdmissionEvent.objects.create(admission=admission, action=action, by=by, at=at, note=note)
    to_centre = action in (Action.APPLY, Action.RESUBMIT)
    people = holders(*REVIEWERS, place=CITY_CODE) if to_centre else holders(*APPLICANTS, unit=admission.unit_id)
    notices.tell(
        people.exclude(pk=by.pk) if by else people,
        key=f"admission:{admission.pk}:{event.pk}",
        title=f"入格事项{admission.get_kind_display()}申请{Action(action).label}：{admission.name}",
        body=note,
        path=f"/items/admissions/{admission.pk}/",
        at=at,
    )
