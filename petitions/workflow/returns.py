"""“Not ours”: a unit hands back, the reviewer decides, two units that both say so are ruled upon. No clock stops."""

from collections.abc import Sequence
from datetime import datetime

from accounts.models import Notice, Unit, User
from accounts.notnow import NotNow
from grids.models import Place
from petitions import ledger
from petitions.hindrances import assists_already, why_not_to
from petitions.models import Dispatch, Petition, Promise, Return, Status
from petitions.permissions import DIRECTORS, HEADS, RECEIVERS, REVIEWERS
from petitions.step import step
from petitions.workflow.arrival import give
from petitions.workflow.catalogue import enter_ruling


def hand_back(
    petition: Petition,
    *,
    by: User,
    basis: str,
    proposed_unit: Unit,
    material: str = "",
    files: int = 0,
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    """The second unit that says so takes it to arbitration at once (domain §2.7)."""
    book = ledger.current()
    with book.transaction():
        with step("hand_back", petition, by=by, at=at, seen=seen) as this:
            lead, earlier = this.lead(), book.returns(petition)
            this.add(
                Return(
                    petition=petition,
                    dispatch=lead,
                    unit_id=lead.unit_id,
                    asked_at=this.at,
                    asked_by=by,
                    basis=basis,
                    proposed=proposed_unit,
                    material=material,
                    files=files,
                )
            )
            this.note = f"依据：{basis}\n{material}".strip()
            this.detail["proposed"] = str(proposed_unit)
            this.tell(REVIEWERS, "退单待审", Notice.Weight.WARNING)
        if any(one.unit_id != lead.unit_id for one in earlier):
            dispute(petition, by=None, note="先后有两家单位提出退单", at=this.at)


def dispute(
    petition: Petition, *, by: User | None, note: str, at: datetime | None = None, seen: int | None = None
) -> None:
    with step("dispute", petition, by=by, at=at, seen=seen) as this:
        this.note = note
        this.tell(REVIEWERS, "争议待会商裁定", Notice.Weight.URGENT)
        this.tell(DIRECTORS, "争议待会商裁定", Notice.Weight.URGENT)
        for unit in dict.fromkeys(one.unit_id for one in ledger.current().returns(petition)):
            this.tell(HEADS, "转入争议会商，请准备意见", Notice.Weight.WARNING, unit=unit)


def uphold_return(
    petition: Petition, *, to: Unit, by: User, note: str = "", at: datetime | None = None, seen: int | None = None
) -> None:
    """It was not theirs: another unit gets it, with clocks of its own; the resident's time goes on."""
    book = ledger.current()
    with book.transaction():
        with step("uphold_return", petition, by=by, at=at, seen=seen) as this:
            if why := why_not_to(petition, to):
                raise NotNow(why)
            asked = book.returns(petition)[-1]
            this.change(asked, verdict=Return.Verdict.UPHELD, decided_at=this.at, decided_by=by, reason=note)
            this.note = note
            this.tell(HEADS, "退单成立，另一家签收前仍由你单位联系诉求人")
            this.tell(RECEIVERS, "退单成立，另一家签收前仍由你单位联系诉求人")
        _reassign(petition, to=to, by=by, at=this.at, opinion=note)


def reject_return(
    petition: Petition, *, by: User, note: str, at: datetime | None = None, seen: int | None = None
) -> None:
    with step("reject_return", petition, by=by, at=at, seen=seen) as this:
        asked = ledger.current().returns(petition)[-1]
        this.change(asked, verdict=Return.Verdict.REJECTED, decided_at=this.at, decided_by=by, reason=note)
        this.target = _where_it_was(this.lead())
        this.note = note
        this.tell(RECEIVERS, "退单不成立，请继续办理", Notice.Weight.WARNING)
        this.tell(HEADS, "退单不成立，请继续办理", Notice.Weight.WARNING)


def arbitrate(
    petition: Petition,
    *,
    to: Unit,
    by: User,
    basis: str,
    place: Place,
    words: Sequence[str] = (),
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    """The ruling binds: nobody may hand it back after this, and the same matter routes itself the next time."""
    book = ledger.current()
    with book.transaction():
        with step("arbitrate", petition, by=by, at=at, seen=seen) as this:
            if to.pk in (petition.assisting or ()):
                raise NotNow(assists_already(to))
            for asked in book.returns(petition):
                upheld = asked.unit_id != to.pk
                verdict = Return.Verdict.UPHELD if upheld else Return.Verdict.REJECTED
                decided = {"decided_at": this.at, "decided_by": by, "reason": basis}
                this.change(asked, verdict=verdict, arbitrated=True, **decided)
                this.tell(HEADS, f"会商裁定由{to}办理，裁定有约束力", Notice.Weight.WARNING, unit=asked.unit_id)
            enter_ruling(
                item=petition.item, place=place, words=words, unit=to, basis=basis, by=by, at=this.at, petition=petition
            )
            this.note = basis
            this.detail |= {"to": str(to), "place": place.name, "words": list(words)}
            stays = to.pk == petition.unit_id
            if stays:
                this.target = _where_it_was(this.lead())
                this.tell(RECEIVERS, "会商裁定由你单位办理", Notice.Weight.WARNING)
        if not stays:
            _reassign(petition, to=to, by=by, at=this.at, opinion=f"会商裁定：{basis}")


def _reassign(petition: Petition, *, to: Unit, by: User, at: datetime, opinion: str) -> None:
    with step("reassign", petition, by=by, at=at) as this:
        this.change(this.lead(), ended_at=at)
        if petition.unit_id != petition.contact_unit_id:  # it never signed, and the first one keeps the contact
            this.stop(Promise.CONTACT, of=petition.unit_id)
        give(this, to, opinion[:200])
        this.note = ""  # it stands with the decision


def _where_it_was(lead: Dispatch) -> Status:
    return Status.IN_HAND if lead.signed_at else Status.AWAITING_SIGN
