"""That a unit has let out who called: the director finds it, and passes it on (domain §2.10, 举报人保密)."""

from datetime import datetime

from accounts.models import Notice, Unit, User
from accounts.notnow import NotNow
from petitions import ledger
from petitions.models import Leak, Petition
from petitions.permissions import HEADS
from petitions.step import step


def record_leak(
    petition: Petition,
    *,
    by: User,
    unit: Unit,
    note: str,
    passed_to: str,
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    with step("record_leak", petition, by=by, at=at, seen=seen) as this:
        if why := why_not_of(petition, unit):
            raise NotNow(why)
        this.add(Leak(petition=petition, unit=unit, facts=note, passed_to=passed_to, found_at=this.at, found_by=by))
        this.note = note
        this.detail |= {"unit": str(unit), "passed_to": passed_to}
        this.tell(HEADS, "认定泄露诉求人信息，已移送", Notice.Weight.URGENT, unit=unit.pk)


def why_not_of(petition: Petition, unit: Unit) -> str:
    """Only who was given the petition can have let it out, and it counts once."""
    if all(one.unit_id != unit.pk for one in ledger.current().dispatches(petition)):
        return f"{unit}没有办理过这件诉求。"
    return (
        f"{unit}泄露这件诉求的情况已经登记过。" if any(one.unit_id == unit.pk for one in petition.leaks.all()) else ""
    )
