"""What the assisting units of a petition still owe, one dispatch each."""

from accounts.models import Unit, User
from grids.scope import holds
from petitions import ledger
from petitions.models import Dispatch, Petition
from petitions.permissions import OF_A_UNIT, why_not_ordered


def owed(petition: Petition) -> list[Dispatch]:
    """Asked for one after the other, and neither done nor released."""
    if not petition.assisting:
        return []
    return [
        part
        for part in ledger.current().dispatches(petition)
        if part.role == Dispatch.Role.ASSISTING and part.ended_at is None
    ]


def owed_by(user: User, petition: Petition, *, signed: bool) -> Dispatch | None:
    """The part of this person's unit that is signed, or is not yet."""
    own = (part for part in owed(petition) if holds(user, *OF_A_UNIT, unit=part.unit_id))
    return next((part for part in own if bool(part.signed_at) == signed), None)


def why_not_involve(petition: Petition, unit: Unit) -> str:
    if unit.pk == petition.unit_id:
        return f"{unit}是主办单位，不能同时协办。"
    if unit.pk in (petition.assisting or ()):
        return f"{unit}已经在协办。"
    return why_not_ordered(petition.item, unit)
