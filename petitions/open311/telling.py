"""A petition as anybody may read it: what kind, which community, who has it, until when; no caller and no free text."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.utils import timezone

from petitions import residents
from petitions.models import Clock, Event, Petition, Status

COARSE = 3  # decimals of a degree, some hundred metres: where somebody lives is not told


def told(petitions: list[Petition]) -> list[dict[str, Any]]:
    """In two questions, however many there are."""
    mains = {petition.pk: _main(petition) for petition in petitions}
    concerned = {*mains, *(main.pk for main in mains.values())}
    events: dict[int, list[Event]] = defaultdict(list)
    published = Event.objects.filter(petition__in=concerned, action__in=residents.PUBLISHED)
    for event in published.select_related("unit").order_by("at", "id"):
        events[event.petition_id].append(event)
    running: dict[int, dict[str, datetime]] = defaultdict(dict)
    for pk, promise, due in (
        Clock.objects.running().filter(petition__in=concerned).values_list("petition", "promise", "due_at")
    ):
        running[pk][promise] = due
    return [_row(petition, mains[petition.pk], events, running) for petition in petitions]


def _row(
    petition: Petition, main: Petition, events: dict[int, list[Event]], running: dict[int, dict[str, datetime]]
) -> dict[str, Any]:
    of_main = [event for event in events[main.pk] if event.action in residents.SHARED] if main is not petition else []
    story = residents.progress(sorted([*events[petition.pk], *of_main], key=lambda event: event.at))
    holder, where = residents.holder(main), residents.whereabouts(petition.place_id)
    return {
        "service_request_id": petition.number,
        "status": "open" if main.is_open else "closed",
        "status_notes": residents.PLAINLY[main.status],
        "service_name": petition.item.name,
        "service_code": petition.item.code,
        "description": f"{petition.item.name} · {where}",
        "agency_responsible": holder.name if holder else "",
        "service_notice": None,
        "requested_datetime": _w3c(petition.registered_at),
        "updated_datetime": _w3c(story[-1].at if story else petition.registered_at),
        "expected_datetime": _w3c(residents.until(main, running[main.pk])),
        "address": where,
        "address_id": petition.place_id[:12],
        "zipcode": None,
        "lat": None if petition.latitude is None else round(petition.latitude, COARSE),
        "long": None if petition.longitude is None else round(petition.longitude, COARSE),
        "media_url": None,
        "updates": [{"datetime": _w3c(told.at), "description": told.sentence} for told in story],
    }


def _main(petition: Petition) -> Petition:
    return petition.merged_into if petition.status == Status.MERGED and petition.merged_into else petition


def _w3c(moment: datetime | None) -> str | None:
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else None
