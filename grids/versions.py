"""The versions of places: which was in force on a day, and how the next one begins."""

from datetime import date, datetime

from django.utils import timezone

from accounts.models import User
from grids.models import Place, PlaceVersion
from grids.models.version import FIRST_DAY

FIRST = "启用版本管理"


def on(code: str, day: date) -> PlaceVersion | None:
    """The version of that day. Two of one day: the later; a day before the first version: the first."""
    here = PlaceVersion.objects.filter(place=code).defer("boundary")
    return here.filter(since__lte=day).order_by("-number").first() or here.order_by("number").first()


def begin() -> None:
    """Every place that has none gets its first version."""
    without = Place.objects.filter(versions=None)
    PlaceVersion.objects.bulk_create(
        (
            PlaceVersion(place=place, number=1, name=place.name, boundary=place.boundary, since=FIRST_DAY, reason=FIRST)
            for place in without
        ),
        ignore_conflicts=True,
    )


def record(place: Place, *, reason: str, by: User | None, at: datetime) -> PlaceVersion:
    """The place as it is saved now becomes its next version. The caller holds the lock on the place."""
    end(place, at=at)
    last = PlaceVersion.objects.filter(place=place).order_by("-number").values_list("number", flat=True).first() or 0
    day = timezone.localdate(at)
    if last:
        place.changed_on = day
        place.save(update_fields=["changed_on"])
    return PlaceVersion.objects.create(
        place=place,
        number=last + 1,
        name=place.name,
        boundary=place.boundary,
        since=day,
        reason=reason,
        by=by,
    )


def end(place: Place, *, at: datetime) -> None:
    PlaceVersion.objects.filter(place=place, until=None).update(until=timezone.localdate(at))
