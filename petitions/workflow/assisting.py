"""Other units assist the lead: each has its own part, its own clocks and its own answer."""

from collections.abc import Sequence
from datetime import datetime

from accounts.models import Unit, User
from accounts.notnow import NotNow
from petitions import ledger, parts, promises, terms
from petitions.models import Dispatch, Petition, Promise
from petitions.permissions import HANDLERS, RECEIVERS
from petitions.promises import Length
from petitions.step import Step, step


def involve(
    petition: Petition,
    *,
    units: Sequence[Unit],
    by: User,
    opinion: str = "",
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    with step("involve", petition, by=by, at=at, seen=seen) as this:
        before = petition.assisting or []
        for unit in units:
            if why := parts.why_not_involve(petition, unit):
                raise NotNow(why)
            this.add(
                Dispatch(
                    petition=petition,
                    unit=unit,
                    role=Dispatch.Role.ASSISTING,
                    round=petition.redo_count + 1,
                    opinion=opinion,
                    dispatched_at=this.at,
                    dispatched_by=by,
                )
            )
            this.tell(RECEIVERS, "请协办，待签收", unit=unit.pk)
        this.units = [unit.pk for unit in units]
        this.change(petition, assisting=[*before, *this.units])
        this.lengths[Promise.ASSIST_REPLY] = _length(this)
        this.note = opinion
        this.detail["units"] = [str(unit) for unit in units]


def _length(this: Step) -> Length:
    """Never longer than the lead has left, as long as the lead has any time left."""
    usual = terms.length_of(this.petition, Promise.ASSIST_REPLY)
    lead = next((clock for clock in ledger.current().running(this.petition) if clock.promise == Promise.RESOLVE), None)
    if lead is None:
        return usual
    working = lead.length.working
    left = promises.left(this.at, lead.due_at, working=working, calendar=terms.calendar())
    rest = Length(max(0, int(left.total_seconds()) // 60), "working_minute" if working else "minute")
    return rest if rest.amount and rest.delta < usual.delta else usual


def release(
    petition: Petition, *, unit: Unit, by: User, note: str, at: datetime | None = None, seen: int | None = None
) -> None:
    with step("release", petition, by=by, at=at, seen=seen) as this:
        part = next((part for part in parts.owed(petition) if part.unit_id == unit.pk), None)
        if part is None:
            raise NotNow(f"{unit}现在没有协办任务。")
        _over(this, part)
        this.note = note
        this.detail["units"] = [str(unit)]
        this.tell(RECEIVERS, "协办已取消", unit=unit.pk)
        this.tell(HANDLERS, "协办已取消", unit=unit.pk)


def assist_sign(petition: Petition, *, by: User, at: datetime | None = None, seen: int | None = None) -> None:
    with step("assist_sign", petition, by=by, at=at, seen=seen) as this:
        part = parts.owed_by(by, petition, signed=False)
        assert part is not None, "the hindrance has looked"
        this.units = [part.unit_id]
        this.change(part, signed_at=this.at, signed_by=by)


def assist_reply(
    petition: Petition, *, by: User, result: str, basis: str = "", at: datetime | None = None, seen: int | None = None
) -> None:
    with step("assist_reply", petition, by=by, at=at, seen=seen) as this:
        part = parts.owed_by(by, petition, signed=True)
        assert part is not None, "the hindrance has looked"
        this.change(part, replied_at=this.at, handled_by=by, result=result, basis=basis)
        _over(this, part)
        this.note = result
        left = "还有协办单位未完成" if petition.assisting else "各协办单位都已完成"
        this.tell(RECEIVERS, f"协办结果已提交，{left}")
        this.tell(HANDLERS, f"协办结果已提交，{left}")


def _over(this: Step, part: Dispatch) -> None:
    petition = this.petition
    this.units = [part.unit_id]
    this.change(part, ended_at=this.at)
    rest = [unit for unit in petition.assisting or () if unit != part.unit_id]
    this.change(petition, assisting=rest or None)
