"""Where a building stands."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from grids.models import Building, ask_for_checks
from grids.outlines import GRAIN
from grids.permissions import may_assign


def pinpoint(building: Building, longitude: float | None, latitude: float | None, *, by: User, at: datetime) -> None:
    """Both, or neither where it is not known. The caller has checked the point."""
    community = building.compound.community_id
    if not may_assign(by, community):
        raise PermissionDenied
    building.longitude = None if longitude is None else round(longitude, GRAIN)
    building.latitude = None if latitude is None else round(latitude, GRAIN)
    with transaction.atomic():
        building.save(update_fields=["longitude", "latitude"])
        ask_for_checks([community], at)
