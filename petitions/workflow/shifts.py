"""One shift leaves its open matters to the next, and the next says that it has read them."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.notnow import NotNow
from grids.scope import duties_of
from petitions.models import Handover, Petition
from petitions.models.handover import ON_SHIFT


def hand_over(*, on: date, shift: str, text: str, petitions: Iterable[Petition], by: User, at: datetime) -> Handover:
    """One note a shift."""
    _on_shift_only(by)
    try:
        with transaction.atomic():
            note = Handover.objects.create(on=on, shift=shift, text=text, written_at=at, written_by=by)
            note.petitions.set(petitions)
    except IntegrityError:
        raise NotNow("这一班已经交过班，请核对日期和班次。") from None
    return note


@transaction.atomic
def take_over(note: Handover, *, by: User, at: datetime) -> None:
    _on_shift_only(by)
    note = Handover.objects.select_for_update(no_key=True, of=("self",)).get(pk=note.pk)
    if note.read_at is not None:
        raise NotNow(f"{note.read_by}已经接班，不用再签。")
    if note.written_by_id == by.pk:
        raise NotNow("这是您自己交的班，须由接班的人签。")
    note.read_at, note.read_by = at, by
    note.save(update_fields=["read_at", "read_by"])


def _on_shift_only(user: User) -> None:
    if not duties_of(user) & set(ON_SHIFT):
        raise PermissionDenied
