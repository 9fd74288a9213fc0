"""New edges for some places at once, each as its next version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from accounts.notnow import NotNow
from grids import outlines, versions
from grids.models import CITY_CODE, Place, PlaceVersion, ask_for_checks
from grids.permissions import may_redraw

MEANWHILE = "边界在您检查之后又被别人改过，请重新检查后再保存。"


def newest() -> int:
    """Which version of any place is the newest: whoever checked before it has to check again."""
    return PlaceVersion.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def redraw(drawn: Mapping[str, Any], *, seen: int, reason: str, by: User, at: datetime) -> list[Place]:
    """All or nothing. The caller has checked what is drawn, against the versions up to `seen`."""
    if not all(may_redraw(by, code) for code in drawn):
        raise PermissionDenied
    with transaction.atomic():
        Place.objects.select_for_update(no_key=True).get(pk=CITY_CODE)  # edges have two sides: one redraws at a time
        places = hold(*drawn)
        if newest() != seen:
            raise NotNow(MEANWHILE)
        touched = outlines.around(*(place.boundary for place in places), *drawn.values())
        for place in places:
            place.boundary = drawn[place.code]
            place.save(update_fields=["boundary"])
            versions.record(place, reason=reason, by=by, at=at)
        ask_for_checks([*drawn, *touched], at)
        transaction.on_commit(outlines.forget)
    return places


def hold(*codes: str) -> list[Place]:
    """Inside a transaction: the grids that are changed and their communities, locked in the order of the codes."""
    wanted = {*codes, *(code[:12] for code in codes)}
    locked = Place.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("code")
    return [place for place in locked if place.code in codes]
