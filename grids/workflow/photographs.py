"""Photos of a hazard, kept with the step at which they were taken: this is the only door to their store."""

import logging
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.fields.files import FieldFile

from accounts.files import digest, write
from accounts.pictures import AT_ONCE, Bare, likeness
from grids.models import Hazard, HazardEvent, HazardPhoto
from grids.models.hazard_photo import HazardPhotoQuerySet, stored_name

log = logging.getLogger(__name__)

PER_HAZARD = 30
TOO_MANY = f"每次最多 {AT_ONCE} 张照片，一处隐患总共最多 {PER_HAZARD} 张。"
NOT_NEW = "“{}”以前已经传过，请上传这一次现场的照片。"


def keep(event: HazardEvent, photos: Sequence[Bare], written: list[FieldFile], *, named: str) -> None:
    """Inside of a transaction; `written` is what `gone_if_undone` removes. Raises ValidationError, beside `named`."""
    standing = HazardPhoto.objects.standing()
    before = standing.filter(event__hazard=event.hazard_id)
    if len(photos) > AT_ONCE or (photos and before.count() + len(photos) > PER_HAZARD):
        raise ValidationError({named: TOO_MANY})
    for photo in photos:
        sm3 = digest(photo)
        # What is found may look as it did elsewhere; what is shown of it later is new.
        if event.action != HazardEvent.Action.FOUND and standing.filter(sm3=sm3).exists():
            raise ValidationError({named: NOT_NEW.format(photo.name)})
        row = HazardPhoto(event=event, sm3=sm3, likeness=likeness(photo))
        row.file = stored_name(row, photo.name or "")
        write(row.file, photo, written)
        row.save(force_insert=True)


def of(hazard: Hazard) -> list[HazardPhoto]:
    return list(HazardPhoto.objects.standing().filter(event__hazard=hazard).select_related("event"))


def let_go(photos: HazardPhotoQuerySet) -> int:
    """The files of those that were removed, and with them what is drawn small; the sweep finds again what is left."""
    gone = 0
    for photo in photos.to_let_go():
        try:
            photo.file.storage.delete(str(photo.file.name))
        except OSError:
            log.exception("the file of a removed photo stays", extra={"photo": photo.pk})
        else:
            gone += HazardPhoto.objects.filter(pk=photo.pk).update(file="")
    return gone


def copies(photos: Sequence[HazardPhoto]) -> list[SimpleUploadedFile]:
    """To go along with something else; what is lost from the store stays behind."""
    return [SimpleUploadedFile(photo.name, content, "image/jpeg") for photo in photos if (content := _read(photo))]


def _read(photo: HazardPhoto) -> bytes:
    try:
        with photo.file.open("rb") as kept:
            return bytes(kept.read())
    except FileNotFoundError:
        return b""
