"""Twins: the same person or the same household on record twice become one, and nothing of either is lost."""

from datetime import datetime
from uuid import UUID

from accounts.models import User
from accounts.notnow import NotNow
from grids.models import Care, HomeEvent, Household, Resident
from grids.workflow import moving
from grids.workflow.editing import index
from grids.workflow.holding import Home, hold


def merge_residents(twin: Resident, kept: Resident, *, key: UUID, by: User, at: datetime) -> None:
    """Inside one household: what the kept record does not say is taken from the twin."""
    if twin.pk == kept.pk or twin.household_id != kept.household_id:
        raise NotNow("只能合并同一户里的两条登记；不在一户的，请先核对后迁入。")
    with hold(kept.household, key=key, by=by, at=at) as home:
        if home is not None:
            _merge(home, twin, kept)


def merge_households(twin: Household, kept: Household, *, key: UUID, by: User, at: datetime) -> None:
    """Behind one door: the people of the twin join the kept household, and the twin ends."""
    if twin.pk == kept.pk or twin.dwelling_id != kept.dwelling_id:
        raise NotNow("只能合并登记在同一房屋的两户。")
    with hold(kept, key=key, by=by, at=at) as home:
        if home is None:
            return
        old = Home(Household.objects.select_for_update(no_key=True).get(pk=twin.pk), by, at)
        if not old.household.lives:
            raise NotNow("要并入的这一户已经注销。")
        here = {member.id_fingerprint: member for member in home.household.members() if member.id_fingerprint}
        for member in list(old.household.members()):
            same = here.get(member.id_fingerprint) if member.id_fingerprint else None
            member.household = home.household
            member.save(update_fields=["household"])
            if same is not None:
                _merge(home, member, same)
        moving.end(old, Household.Ending.MERGED, into=home.household)
        home.record(HomeEvent.Action.MERGED, twin=old.household.number)


def _merge(home: Home, twin: Resident, kept: Resident) -> None:
    for field in Resident._meta.concrete_fields:
        if getattr(kept, field.attname) in ("", None) and field.name not in ("left_at", "leaving"):
            setattr(kept, field.attname, getattr(twin, field.attname))
    Resident.objects.filter(pk=twin.pk).update(left_at=home.at, leaving=Resident.Leaving.MERGED)
    Care.objects.filter(resident=twin).update(resident=kept)
    index(kept)
    kept.version += 1
    kept.save()
    home.record(HomeEvent.Action.MERGED, resident=kept, twin=twin.pk)
