"""Guards against a photo of the work done that shows nothing new.

Nothing new is what was seen before with another petition, or hardly differs from the photo before the work.
"""

from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile

from accounts.notnow import NotNow
from accounts.pictures import PICTURES, apart, likeness
from petitions import ledger, terms
from petitions.models import Attachment, Petition


@dataclass(frozen=True, slots=True)
class Looked:
    likeness: str = ""
    resembles: Attachment | None = None


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
    near = [one for one in before if alike(own, one.likeness)]
    return Looked(own, min(near, key=lambda one: apart(own, one.likeness)) if near else None)


def alike(one: str, other: str) -> bool:
    """Of two likenesses: is there nothing new to be seen? What could not be looked at is like nothing."""
    return bool(one and other) and apart(one, other) <= terms.setting("photo_likeness")


def too_alike(petition: Petition) -> str:
    """What the reviewer has to judge before she lets it pass."""
    names = [
        f"“{photo.name}”与办理前照片“{photo.resembles.name}”过于相似"
        for photo in ledger.current().photos_in_doubt(petition)
        if photo.resembles
    ]
    return f"{'；'.join(names)}。" if names else ""
