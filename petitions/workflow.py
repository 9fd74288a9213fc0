"""The verbs: everything that can happen to a petition. Each is one transaction of row, event, clocks, notices."""

import uuid
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Notice, Unit, User
from accounts.sealing import fingerprint
from petitions import clocks, ledger, moments, terms
from petitions.hindrances import hindrance
from petitions.models import Callback, Dispatch, Event, Petition, Promise, Satisfied, Solved, Status, Tag
from petitions.permissions import HANDLERS, HEADS, RECEIVERS, REVIEWERS, is_among
from petitions.rules import NOT_BUTTONS, RULES
from petitions.step import Step, step

# --- The centre takes the petition in -------------------------------------------------------------------


def register(petition: Petition, *, by: User | None, at: datetime | None = None, accepted: bool = False) -> Petition:
    """Number and store a new petition. A call that staff wrote down is accepted as it is (群众诉求 100% 受理)."""
    at = at or timezone.now()
    if by is not None and not is_among(by, RULES["register"].who, petition):
        raise PermissionDenied
    petition.status = Status.AWAITING_DISPATCH if accepted else Status.RECEIVED
    petition.registered_at, petition.registered_by = at, by
    petition.version = 1
    petition.index_words()
    petition.submission = petition.submission or uuid.uuid4()
    if petition.caller_phone:
        petition.caller_fingerprint = fingerprint(petition.caller_phone)
    # All of it is worked out before the number is taken, so that nobody waits for arithmetic.
    clock = clocks.plan(petition, Promise.DISPATCH if accepted else Promise.ACCEPT, at)
    event = Event(action="register", at=at, by=by, to_status=petition.status, detail={"channel": petition.channel_id})
    ledger.current().enter(petition, event, clock, on=timezone.localdate(at))
    return petition


def accept(petition: Petition, *, by: User, at: datetime | None = None, seen: int | None = None) -> None:
    with step("accept", petition, by=by, at=at, seen=seen):
        pass


def answer(petition: Petition, *, by: User, note: str, at: datetime | None = None, seen: int | None = None) -> None:
    with step("answer", petition, by=by, at=at, seen=seen) as this:
        this.note = note


def refuse(
    petition: Petition, *, by: User, reason: str, direction: str, at: datetime | None = None, seen: int | None = None
) -> None:
    """Not accepted still counts as registered, and says why and where to go (domain §1A Y6)."""
    with step("refuse", petition, by=by, at=at, seen=seen) as this:
        this.note = reason
        this.detail["direction"] = direction


def dispatch(
    petition: Petition, *, to: Unit, by: User, opinion: str = "", at: datetime | None = None, seen: int | None = None
) -> None:
    with step("dispatch", petition, by=by, at=at, seen=seen) as this:
        this.change(petition, unit=to)
        this.note = opinion
        this.add(
            Dispatch(
                petition=petition,
                unit=to,
                round=petition.redo_count + 1,
                opinion=opinion,
                dispatched_at=this.at,
                dispatched_by=by,
            )
        )
        this.tell(RECEIVERS, "新工单待签收")


# --- The unit answers --------------------------------------------------------------------------------------


def sign(petition: Petition, *, by: User, at: datetime | None = None, seen: int | None = None) -> None:
    with step("sign", petition, by=by, at=at, seen=seen) as this:
        this.change(this.lead(), signed_at=this.at, signed_by=by)


def contact(
    petition: Petition,
    *,
    by: User,
    manner: str,
    reached: bool,
    note: str,
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    with step("contact", petition, by=by, at=at, seen=seen) as this:
        lead = this.lead()
        if lead.contacted_at is None:
            this.change(lead, contacted_at=this.at)
        this.change(lead, contact_manner=manner, contact_reached=reached, contact_note=note)
        this.note = note
        this.detail |= {"manner": manner, "reached": reached}


def reply(
    petition: Petition,
    *,
    by: User,
    result: str,
    basis: str,
    assessment: str,
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    with step("reply", petition, by=by, at=at, seen=seen) as this:
        lead = this.lead()
        this.change(lead, replied_at=this.at, handled_by=by, result=result, basis=basis, assessment=assessment)
        this.note = result
        this.detail["assessment"] = assessment
        this.tell(HEADS, "办理结果待审核")


def approve(
    petition: Petition, *, by: User, note: str = "", at: datetime | None = None, seen: int | None = None
) -> None:
    with step("approve", petition, by=by, at=at, seen=seen) as this:
        this.change(this.lead(), approved_at=this.at, approved_by=by)
        this.note = note
        this.tell(REVIEWERS, "办理结果待中心审核")


def send_back(petition: Petition, *, by: User, note: str, at: datetime | None = None, seen: int | None = None) -> None:
    with step("send_back", petition, by=by, at=at, seen=seen) as this:
        this.note = note
        this.tell(HANDLERS, "办理结果被退回修改", Notice.Weight.WARNING)


# --- The centre checks, and asks the caller ----------------------------------------------------------------


def pass_review(
    petition: Petition, *, by: User, note: str = "", at: datetime | None = None, seen: int | None = None
) -> None:
    with step("pass_review", petition, by=by, at=at, seen=seen) as this:
        this.note = note


def correct(petition: Petition, *, by: User, note: str, at: datetime | None = None, seen: int | None = None) -> None:
    with step("correct", petition, by=by, at=at, seen=seen) as this:
        this.note = note
        this.tell(HANDLERS, "中心退回补正", Notice.Weight.WARNING)
        this.tell(HEADS, "中心退回补正", Notice.Weight.WARNING)


def call_back(
    petition: Petition,
    *,
    by: User | None,
    reached: bool = True,
    contacted: bool | None = None,
    solved: str = "",
    satisfied: str = "",
    note: str = "",
    way: str = Callback.Way.PHONE,
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    """Three answers close the petition or send it back; three vain tries close it as not rated (domain §2.4)."""
    book = ledger.current()
    with book.transaction():
        with step("call_back", petition, by=by, at=at, seen=seen) as this:
            answers: dict[str, Any] = {}
            if reached:
                answers = {"contacted": contacted, "solved": Solved(solved), "satisfied": Satisfied(satisfied)}
            callback = Callback(
                petition=petition,
                round=petition.redo_count + 1,
                way=way,
                at=this.at,
                by=by,
                reached=reached,
                note=note,
                **answers,
            )
            this.add(callback)
            this.note = note
            this.detail |= {"reached": reached, **{k: v for k, v in answers.items() if v is not None}}
        if reached and callback.dissatisfied:
            _redo(petition, by=by, at=this.at, note=note)
        elif reached or _tried_enough(book.callbacks(petition), petition.redo_count + 1):
            _close(petition, by=by, at=this.at, note="" if reached else "多次未接通，按“未评价”办结")


def _tried_enough(callbacks: list[Callback], round_: int) -> bool:
    """Vain tries on enough different days, and not all at the same time of day (domain §2.4, 70→80)."""
    tries = [timezone.localtime(c.at) for c in callbacks if c.round == round_ and not c.reached]
    days = {at.date() for at in tries}
    times_of_day = {at.hour // 6 if at.hour < 12 else 2 + (at.hour >= 18) for at in tries}
    return len(days) >= terms.setting("callback_tries") and len(times_of_day) >= 2


def _end_dispatch(this: Step) -> None:
    this.change(this.lead(), ended_at=this.at)


def _redo(petition: Petition, *, by: User | None, at: datetime, note: str) -> None:
    """Back to the same unit with half the time, never less than the floor (domain §2.4, state 71)."""
    with step("redo", petition, by=by, at=at) as this:
        lead = this.lead()
        _end_dispatch(this)
        this.change(petition, redo_count=petition.redo_count + 1)
        this.add(
            Dispatch(
                petition=petition,
                unit_id=lead.unit_id,
                round=petition.redo_count + 1,
                opinion=note[:200],
                dispatched_at=at,
                dispatched_by=by,
                signed_at=at,
                signed_by_id=lead.signed_by_id,
            )
        )
        this.lengths[Promise.RESOLVE] = terms.length_of(petition, Promise.RESOLVE).halved(terms.redo_floor())
        this.note = note
        this.tell(HANDLERS, "群众不满意，重新办理", Notice.Weight.WARNING)
        if petition.redo_count >= terms.setting("redo_supervised_from"):
            this.detail["supervised"] = True
            this.tell(HEADS, "再次不满意，请负责人督促办理", Notice.Weight.URGENT)
            this.tell(REVIEWERS, "再次不满意，请跟进督办", Notice.Weight.URGENT)


def _close(petition: Petition, *, by: User | None, at: datetime, note: str) -> None:
    with step("close", petition, by=by, at=at) as this:
        _end_dispatch(this)
        this.note = note


def conclude(petition: Petition, *, by: User, note: str, at: datetime | None = None, seen: int | None = None) -> None:
    """A reviewer ends what the caller will not accept, with reasons; only after the redos the city allows."""
    with step("conclude", petition, by=by, at=at, seen=seen) as this:
        _end_dispatch(this)
        this.note = note


# --- Afterwards ---------------------------------------------------------------------------------------------


def rate(petition: Petition, *, solved: str, satisfied: str, note: str = "", at: datetime | None = None) -> None:
    """The resident rates a petition that was closed without a rating."""
    with step("rate", petition, by=None, at=at) as this:
        this.add(
            Callback(
                petition=petition,
                round=petition.redo_count + 1,
                way=Callback.Way.SELF,
                at=this.at,
                reached=True,
                solved=Solved(solved),
                satisfied=Satisfied(satisfied),
                note=note,
            )
        )
        this.note = note
        this.detail |= {"solved": solved, "satisfied": satisfied}


def reopen(
    petition: Petition, *, by: User | None, note: str, at: datetime | None = None, seen: int | None = None
) -> None:
    """The resident says it is not solved, within the days the city allows (15, domain §2.4)."""
    with step("reopen", petition, by=by, at=at, seen=seen) as this:
        this.change(petition, redo_count=petition.redo_count + 1, unit=None)
        this.note = note
        this.tell(REVIEWERS, "诉求人反映没有解决", Notice.Weight.WARNING)


def amend(petition: Petition, *, by: User, at: datetime | None = None, seen: int | None = None, **values: Any) -> None:
    """Correct what was written down; no clock moves. Old and new values stay in the event."""
    with step("amend", petition, by=by, at=at, seen=seen) as this:
        changed = {name: value for name, value in values.items() if getattr(petition, name) != value}
        this.detail["changed"] = {
            _label(name): [_said(name, getattr(petition, name)), _said(name, value)] for name, value in changed.items()
        }
        this.change(petition, **changed)
        petition.index_words()
        this.change(petition, words=petition.words)


def _label(name: str) -> str:
    return str(getattr(Petition._meta.get_field(name), "verbose_name", name))


def _said(name: str, value: Any) -> str:
    """A value in the words of the form: labels, not codes."""
    if value is None or isinstance(value, datetime):
        return moments.spelled(value) or "未填"
    if isinstance(value, list):
        return "、".join(Tag(tag).label for tag in value) or "无"
    labels = dict(getattr(Petition._meta.get_field(name), "flatchoices", ()))
    return str(labels.get(value, value))


def archive(petition: Petition, *, at: datetime) -> None:
    with step("archive", petition, by=None, at=at):
        pass


# --- What may be done now -----------------------------------------------------------------------------------


def available(petition: Petition, user: User, at: datetime) -> dict[str, str]:
    """The actions this person has on this petition in its present state, each with what still stands in its way.

    Buttons, the API's `actions` and `hindered`, and the guard of every verb agree.
    """
    return {
        action: hindrance(action, petition, by=user, at=at)
        for action, rule in RULES.items()
        if action not in NOT_BUTTONS and petition.status in rule.sources and is_among(user, rule.who, petition)
    }
