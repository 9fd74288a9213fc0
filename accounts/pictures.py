"""Pictures: drawn anew without what a camera wrote into them, and how alike two of them are."""

import io
import struct
from pathlib import PurePosixPath
from typing import IO, Any

import imagehash
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from PIL import ExifTags, Image, UnidentifiedImageError

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
LONGEST_EDGE, QUALITY = 2560, 85  # of a photo as it is kept
THUMB = 320  # pixels of its longer edge, for a list on a sharp screen
AT_ONCE = 3
UNREADABLE = (
    *(UnidentifiedImageError, OSError, ValueError, SyntaxError),
    *(Image.DecompressionBombError, Image.DecompressionBombWarning),
)


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


class Bare(SimpleUploadedFile):
    """What `bare` has drawn: nothing else may be kept where this is asked for."""


def bare(file: UploadedFile) -> Bare:
    """The picture alone, drawn anew as JPEG: where, when and with whose phone it was taken stay with who took it.

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
    return Bare(f"{PurePosixPath(file.name or '').stem}.jpg", drawn.getvalue(), "image/jpeg")


def thumb(file: IO[bytes]) -> bytes:
    """Of a picture that `bare` has drawn."""
    drawn = io.BytesIO()
    with Image.open(file) as kept:
        kept.draft("RGB", (THUMB, THUMB))
        kept.thumbnail((THUMB, THUMB))
        kept.save(drawn, "JPEG", quality=QUALITY)
    return drawn.getvalue()


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
