"""A petition comes in: the centre takes it, answers it itself, or gives it to a unit."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Unit, User
from accounts.notnow import NotNow
from accounts.sealing import fingerprint
from grids.models import Item, Place
from petitions import clocks, ledger
from petitions.models import Dispatch, Entry, Event, Petition, Promise, Status
from petitions.permissions import RECEIVERS, is_among, why_not_ordered
from petitions.rules import RULES
from petitions.step import Step, step
from petitions.workflow.amending import correct
from petitions.workflow.assisting import involve


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


def accept(
    petition: Petition,
    *,
    by: User,
    item: Item | None = None,
    place: Place | None = None,
    nature: str = "",
    urgency: str = "",
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    """What others wrote down is sorted while it is taken; what is not named stays. A new item brings its urgency."""
    with step("accept", petition, by=by, at=at, seen=seen) as this:
        brought = item.urgency if item and item != petition.item else ""
        sorted_ = {"item": item, "place": place, "nature": nature, "urgency": urgency or brought}
        correct(this, **{name: value for name, value in sorted_.items() if value})


def answer(
    petition: Petition, *, by: User, note: str, cites: Entry, at: datetime | None = None, seen: int | None = None
) -> None:
    """What the centre says by itself rests on an entry of the knowledge base that is in force."""
    with step("answer", petition, by=by, at=at, seen=seen) as this:
        if not cites.in_force(timezone.localdate(this.at)):
            raise NotNow(f"知识条目“{cites.title}”现在不在有效期内，请另引一条，或转派单。")
        this.note = note
        this.detail["cites"] = {"entry": cites.pk, "title": cites.title}


def refuse(
    petition: Petition, *, by: User, reason: str, direction: str, at: datetime | None = None, seen: int | None = None
) -> None:
    """Not accepted still counts as registered, and says why and where to go (domain §1A Y6)."""
    with step("refuse", petition, by=by, at=at, seen=seen) as this:
        this.note = reason
        this.detail["direction"] = direction


def dispatch(
    petition: Petition,
    *,
    to: Unit,
    by: User,
    opinion: str = "",
    assisting: Sequence[Unit] = (),
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    """To the unit that leads; those that assist are asked in the same breath."""
    with ledger.current().transaction():
        with step("dispatch", petition, by=by, at=at, seen=seen) as this:
            give(this, to, opinion)
        if assisting:
            involve(petition, units=assisting, by=by, opinion=opinion, at=this.at)


def give(this: Step, to: Unit, opinion: str) -> None:
    petition = this.petition
    if why := why_not_ordered(petition.item, to):
        raise NotNow(why)
    this.change(petition, unit=to)
    if petition.contact_unit_id is None:
        this.change(petition, contact_unit=to)
    this.note = opinion
    this.add(
        Dispatch(
            petition=petition,
            unit=to,
            round=petition.redo_count + 1,
            opinion=opinion,
            dispatched_at=this.at,
            dispatched_by=this.by,
        )
    )
    this.tell(RECEIVERS, "新工单待签收")
