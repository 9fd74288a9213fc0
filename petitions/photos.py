"""Photos: guards against one that shows nothing new, and what a camera wrote into one that a resident sends.

Nothing new is what was seen before with another petition, or hardly differs from the photo before the work.
"""

import io
import struct
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import imagehash
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from PIL import ExifTags, Image, UnidentifiedImageError

from accounts.notnow import NotNow
from petitions import ledger, terms
from petitions.models import Attachment, Petition

PICTURES = ("image/jpeg", "image/png", "image/gif", "image/webp")
MOST_PIXELS = 60_000_000  # a phone's largest; what unpacks to more is not looked at
TURNS: dict[Any, Image.Transpose] = {  # by what a camera notes of how it was held
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
LONGEST_EDGE, QUALITY = 2560, 85  # of a resident's photo as it is kept
UNREADABLE = (
    *(UnidentifiedImageError, OSError, ValueError, SyntaxError),
    *(Image.DecompressionBombError, Image.DecompressionBombWarning),
)


@dataclass(frozen=True, slots=True)
class Looked:
    likeness: str = ""
    resembles: Attachment | None = None


def likeness(file: UploadedFile) -> str:
    """64 bits that stay nearly the same when a picture is cropped a little, scaled or saved again; empty: not seen."""
    file.seek(0)
    try:
        with Image.open(file) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return ""
            picture.draft("L", (512, 512))
            return str(imagehash.phash(picture))
    except UNREADABLE:
        return ""
    finally:
        file.seek(0)


class NoPicture(ValueError):
    """It cannot be opened, or would unpack to more than any phone takes."""


def bare(file: UploadedFile) -> UploadedFile:
    """The picture alone, drawn anew as JPEG: where, when and with whose phone it was taken stay with the resident.

    What is kept is what is hashed, so a unit that sends the resident's own photo back is found out as before.
    Raises NoPicture.
    """
    file.seek(0)
    drawn = io.BytesIO()
    try:
        with Image.open(file) as seen:
            if seen.width * seen.height > MOST_PIXELS:
                raise NoPicture
            seen.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
            turn, plain = _turn(seen), _on_white(seen)
        plain.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
        upright = plain if turn is None else plain.transpose(turn)
        upright.info = {}  # a comment would be written out again
        upright.save(drawn, "JPEG", quality=QUALITY)
    except UNREADABLE as problem:
        raise NoPicture from problem
    return SimpleUploadedFile(f"{PurePosixPath(file.name or '').stem}.jpg", drawn.getvalue(), "image/jpeg")


def _turn(picture: Image.Image) -> Image.Transpose | None:
    """How the camera was held; of notes that are garbled, the picture stays as it lies."""
    try:
        return TURNS.get(picture.getexif().get(ExifTags.Base.Orientation))
    except (*UNREADABLE, TypeError, LookupError, struct.error):
        return None


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    ground = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(ground, picture.convert("RGBA")).convert("RGB")


def apart(one: str, other: str) -> int:
    """In how many bits two pictures differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def look(petition: Petition, file: UploadedFile, *, content_type: str, sm3: str, done: bool) -> Looked:
    """A photo of the work done is new. Raises NotNow when another petition had the very same file before."""
    if content_type not in PICTURES:
        return Looked()
    if not done:
        return Looked(likeness(file))
    twin = Attachment.objects.filter(sm3=sm3).exclude(petition=petition).order_by("id").first()
    if twin is not None:
        raise NotNow(f"“{file.name}”与另一件诉求里已有的照片完全相同，请上传这一次现场的照片。")
    own = likeness(file)
    if not own:
        return Looked()
    before = petition.attachments.filter(stage=Attachment.Stage.BEFORE).exclude(likeness="")
    near = [one for one in before if apart(own, one.likeness) <= terms.setting("photo_likeness")]
    return Looked(own, min(near, key=lambda one: apart(own, one.likeness)) if near else None)


def too_alike(petition: Petition) -> str:
    """What the reviewer has to judge before she lets it pass."""
    names = [
        f"“{photo.name}”与办理前照片“{photo.resembles.name}”过于相似"
        for photo in ledger.current().photos_in_doubt(petition)
        if photo.resembles
    ]
    return f"{'；'.join(names)}。" if names else ""
