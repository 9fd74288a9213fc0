"""What is known of a compound and of its buildings: who manages it, how it is heated, whether there is a lift."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.notnow import NotNow
from grids.models import Building, Compound, FactsChange
from grids.permissions import may_assign
from grids.workflow.spelling import words

Row = Compound | Building
OF_COMPOUND = (
    *("property_company", "owners_committee", "committee_until", "parking_spaces", "charging_points", "renewal"),
    "repair_fund",
)
OF_BUILDING = ("built_year", "structure", "heating", "gas", "elevator", "accessible")


def edit_facts(row: Row, values: Mapping[str, Any], *, seen: int, by: User, at: datetime) -> int:
    """How many fields were changed. `seen`: the newest change that she had before her eyes; different fields merge, the
    same field stops and asks, and nothing is written."""
    compound, building = of(row)
    if not may_assign(by, compound.community_id):
        raise PermissionDenied
    with transaction.atomic():
        locked: Any = type(row)._base_manager.select_for_update(no_key=True, of=("self",))
        held = locked.get(pk=row.pk)
        was = {name: words(held, name) for name in values}
        for name, value in values.items():
            setattr(held, name, value)
        now = {name: words(held, name) for name in values}
        changed = [name for name in values if was[name] != now[name]]
        if theirs := before(held, seen).keys() & changed:
            fields = "、".join(label(row, name) for name in sorted(theirs))
            raise NotNow(f"{fields}刚刚被别人改过，请看过最新内容再改。")
        held.save(update_fields=changed)
        said: dict[str, Any] = {"compound": compound, "building": building, "by": by, "at": at}
        FactsChange.objects.bulk_create(
            FactsChange(field=name, old=was[name], new=now[name], **said) for name in changed
        )
    return len(changed)


def changes(row: Row) -> QuerySet[FactsChange]:
    """Newest first."""
    compound, building = of(row)
    return FactsChange.objects.filter(compound=compound, building=building)


def before(row: Row, seen: int) -> dict[str, str]:
    """The fields that were written since this change, each as it was then."""
    later = changes(row).filter(pk__gt=seen)
    return dict(later.order_by("-pk").values_list("field", "old"))  # of several, the first one since


def names(row: Row) -> tuple[str, ...]:
    return OF_COMPOUND if isinstance(row, Compound) else OF_BUILDING


def label(row: Row, name: str) -> str:
    return str(row._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def of(row: Row) -> tuple[Compound, Building | None]:
    return (row, None) if isinstance(row, Compound) else (row.compound, row)
