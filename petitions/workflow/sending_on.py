"""What cannot be solved on the spot becomes a petition like any other, and is looked at again when it ends."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import DateTimeField, Exists, OuterRef, Q
from django.db.models.fields.files import FieldFile
from django.db.models.functions import Coalesce

from accounts.files import gone_if_undone
from accounts.models import User
from accounts.pictures import Bare
from grids.models import Hazard, HazardPhoto
from grids.workflow import hazards, photographs
from petitions import attachments
from petitions.models import FINISHED, OPEN, Nature, Origin, Petition
from petitions.permissions import is_among
from petitions.rules import RULES
from petitions.workflow.arrival import register

FOUND_ON_PATROL = "PATROL"
AT_A_TIME = 200


def send_on(
    hazard: Hazard, *, title: str, content: str, key: UUID, by: User, at: datetime, seen: int | None = None
) -> Petition | None:
    """With its newest photos. None when this press was done before."""
    with gone_if_undone() as written, hazards.hold("send_on", hazard, key=key, by=by, at=at, seen=seen) as held:
        if held is None:
            return None
        petition = _registered(held, title, content, key=key, by=by, at=at)
        written += _goes_along(photographs.of(held)[-attachments.AT_ONCE :], petition, by=by, at=at)
        return petition


def find_and_send_on(
    hazard: Hazard, *, title: str, content: str, photos: Sequence[Bare] = (), key: UUID, by: User, at: datetime
) -> Petition | None:
    """Both in one press; None when it was done before."""
    with gone_if_undone() as written, transaction.atomic():
        if hazards.find(hazard, photos=photos, key=key, by=by, at=at) is None:
            return None
        written += [photo.file for photo in photographs.of(hazard)]
        return send_on(hazard, title=title, content=content, key=uuid5(key, "send on"), by=by, at=at)


def photograph(hazard: Hazard, *, photos: Sequence[Bare], key: UUID, by: User, at: datetime) -> Hazard | None:
    """What is still being handled gets them too, where she may add to it. None when this press was done before."""
    with gone_if_undone() as written, transaction.atomic():
        if hazards.photograph(hazard, photos=photos, key=key, by=by, at=at) is None:
            return None
        fresh = photographs.of(hazard)[-len(photos) :]
        written += [photo.file for photo in fresh]
        for petition in Petition.objects.open().filter(origin__hazard=hazard).order_by("pk"):
            if is_among(by, RULES["attach"].who, petition):
                written += _goes_along(fresh, petition, by=by, at=at)
        return hazard


def conclude_hazards() -> int:
    """Hazards whose petition has ended come up for another look; any number of sweeps may run at once."""
    rows, done = _ended(), 0
    while rows:
        done += len(rows)
        rows = _ended()
    return done


def _registered(hazard: Hazard, title: str, content: str, *, key: UUID, by: User, at: datetime) -> Petition:
    petition = Petition(
        submission=key,
        channel_id=FOUND_ON_PATROL,
        nature=Nature.REPORT,
        item=hazard.item,
        urgency=hazard.item.urgency,
        title=title,
        content=content,
        address=hazard.address,
        place=hazard.place,
        anonymous=True,  # nobody rang; who found it is who registered it
    )
    register(petition, by=by, at=at)
    Origin.objects.create(petition=petition, hazard=hazard, household=hazard.household)
    hazards.sent_on(hazard, petition.number, by=by, at=at)
    return petition


def _goes_along(photos: Sequence[HazardPhoto], petition: Petition, *, by: User, at: datetime) -> list[FieldFile]:
    copies = photographs.copies(photos)
    return [row.file for row in attachments.attach(petition, copies, by=by, at=at)] if copies else []


@transaction.atomic
def _ended() -> list[Hazard]:
    unfinished = Q(petition__status__in=OPEN) | Q(petition__merged_into__status__in=OPEN)
    of_it = Origin.objects.filter(hazard=OuterRef("pk"))
    waiting = Hazard.objects.awaiting_conclusion().filter(Exists(of_it), ~Exists(of_it.filter(unfinished)))
    rows = list(waiting.select_for_update(skip_locked=True, no_key=True, of=("self",)).order_by("pk")[:AT_A_TIME])
    ends = Coalesce("petition__merged_into__concluded_at", "petition__concluded_at", output_field=DateTimeField())
    ended = Origin.objects.filter(hazard__in=rows, petition__status__in=FINISHED).annotate(end=ends).order_by("pk")
    last = dict(ended.values_list("hazard", "end"))
    hazards.concluded([(row, last[row.pk]) for row in rows])
    return rows
