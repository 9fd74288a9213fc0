"""Twins: the same person or the same household on record twice become one, and nothing of either is lost."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import models

from accounts.models import User
from accounts.notnow import NotNow
from accounts.sealing import UNREADABLE
from grids import visit_clocks
from grids.models import Care, Colour, Hazard, HomeEvent, Household, Need, Resident
from grids.permissions import may_keep
from grids.workflow import caring, moving
from grids.workflow.editing import write
from grids.workflow.holding import Home, hold, hold_two

SILENT = ("", None)
HEAD = Resident.Relation.HEAD


def merge_residents(twin: Resident, kept: Resident, *, key: UUID, by: User, at: datetime) -> None:
    """Inside one household: what the kept record does not say is taken from the twin."""
    if twin.pk == kept.pk or twin.household_id != kept.household_id:
        raise NotNow("只能合并同一户里的两条登记；不在一户的，请先核对后迁入。")
    with hold(kept.household, key=key, by=by, at=at) as home:
        if home is not None:
            _merge(home, _member(home, twin), _member(home, kept))


def merge_households(twin: Resident, kept: Resident, *, key: UUID, by: User, at: datetime) -> None:
    """Behind one door: these two are one, whoever else lives with the twin joins the kept household, and hers ends."""
    if twin.household_id == kept.household_id or twin.household.dwelling_id != kept.household.dwelling_id:
        raise NotNow("只能合并登记在同一房屋的两户。")
    with hold_two(kept.household, twin.household, key=key, by=by, at=at) as homes:
        if homes is None:
            return
        home, old = homes
        if not old.household.lives:
            raise NotNow("要并入的这一户已经注销。")
        kept, twin = _member(home, kept), _member(old, twin)
        head = home.household.members().filter(relation=HEAD).first()
        old.household.members().update(household=home.household)
        _merge(home, twin, kept)
        _one_head(home, head)
        _take_in(home, old.household, kept if old.household.contact_id == twin.pk else old.household.contact)
        moving.end(old, Household.Ending.MERGED, into=home.household)
        home.record(HomeEvent.Action.MERGED, household=old.household.number)


def merge_across(twin: Resident, kept: Resident, *, key: UUID, by: User, at: datetime) -> None:
    """In two homes, of which she lives in the kept one: the record in the other ends."""
    if not may_keep(by, twin.household.dwelling.place_id):
        raise PermissionDenied
    with hold_two(kept.household, twin.household, key=key, by=by, at=at) as homes:
        if homes is None:
            return
        home, old = homes
        kept, twin = _member(home, kept), _member(old, twin)
        moving.leave(old, twin, Resident.Leaving.MERGED, household=home.household.number)
        _take_over(home, twin, kept)


def _member(home: Home, resident: Resident) -> Resident:
    """As she is on record now that the home is held."""
    found = home.household.members().filter(pk=resident.pk).first()
    if found is None:
        raise NotNow(moving.HAS_LEFT)
    return found


def _merge(home: Home, twin: Resident, kept: Resident) -> None:
    Resident.objects.filter(pk=twin.pk).update(left_at=home.at, leaving=Resident.Leaving.MERGED)
    _take_over(home, twin, kept)
    if twin.relation == HEAD and not home.household.members().filter(relation=HEAD).exists():
        write(home, kept, {"relation": HEAD})
    if home.household.contact_id == twin.pk:
        write(home, home.household, {"contact": kept})


def _take_over(home: Home, twin: Resident, kept: Resident) -> None:
    """What was said of a twin who has left, and the care for her: of two of one category, the kept one's goes on."""
    said = _unsaid(kept, twin)
    if "id_number" in said:
        said["document"] = twin.document
    write(home, kept, said)
    for care in twin.cares.filter(ended_at=None):
        same = kept.cares.filter(ended_at=None, category_fingerprint=care.category_fingerprint).first()
        if same:
            write(home, same, _unsaid(same, care))
            caring.end(home, care)
    Care.objects.filter(resident=twin).update(resident=kept)
    home.record(HomeEvent.Action.MERGED, resident=kept, twin=twin.pk)


def _take_in(home: Home, twin: Household, contact: Resident | None) -> None:
    """What was promised to, said of, and found in the household that ends."""
    kept = home.household
    said = _unsaid(kept, twin) | {"colour": Colour.soonest(kept.colour, twin.colour)}
    if "contact" in said:
        said["contact"] = contact
    if kept.note and twin.note and kept.note != twin.note and UNREADABLE not in (kept.note, twin.note):
        said["note"] = f"{kept.note}\n{twin.note}"
    write(home, kept, said)
    visit_clocks.join(kept, twin)
    kept.visited_at = max(filter(None, (kept.visited_at, twin.visited_at)), default=None)
    kept.save(update_fields=["visited_at"])
    Need.objects.open().filter(household=twin).update(household=kept)
    Hazard.objects.open().filter(household=twin).update(household=kept)


def _one_head(home: Home, head: Resident | None) -> None:
    """Who was the head of the kept household stays it; where nobody was, one of those who came is."""
    heads = list(home.household.members().filter(relation=HEAD).order_by("pk"))
    for other in heads:
        if other != (head or heads[0]):
            write(home, other, {"relation": Resident.Relation.OTHER})


def _unsaid(kept: models.Model, twin: models.Model) -> dict[str, Any]:
    """What the twin says where the kept row is silent; what cannot be read without its key stays where it is."""
    names = [field.name for field in kept._meta.concrete_fields if field.editable]
    said = {name: getattr(twin, name) for name in names if getattr(kept, name) in SILENT}
    return {name: words for name, words in said.items() if words not in (*SILENT, UNREADABLE)}
