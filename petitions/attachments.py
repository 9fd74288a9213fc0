"""Files that come with a petition: kept with it by one door alone."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from accounts.files import check, digest, display_name, gone_if_undone, write
from accounts.models import User
from petitions import photos
from petitions.models import Attachment, Petition
from petitions.models.attachment import stored_name
from petitions.permissions import ASSISTING, UNIT_PEOPLE, is_among
from petitions.step import step

Stage = Attachment.Stage
OF_THE_WORK = (*UNIT_PEOPLE, ASSISTING)  # what they attach shows what was done

AT_ONCE = 10
PER_PETITION = 30


def attach(
    petition: Petition, files: Sequence[UploadedFile], *, by: User | None, at: datetime | None = None
) -> list[Attachment]:
    """Keep these files with the petition; without `by`, a resident's. They are looked into here once more: this is the
    only door to the store."""
    kinds = [check(file) for file in files]
    if len(files) > AT_ONCE:
        raise ValidationError(f"一次最多上传 {AT_ONCE} 个文件。")
    rows: list[Attachment] = []
    with gone_if_undone() as written, step("attach", petition, by=by, at=at) as this:
        if petition.attachments.count() + len(files) > PER_PETITION:
            raise ValidationError(f"一件诉求最多 {PER_PETITION} 个附件。")
        of_the_work = by is not None and petition.unit_id is not None and is_among(by, OF_THE_WORK, petition)
        stage = Stage.AFTER if of_the_work else Stage.BEFORE
        for file, kind in zip(files, kinds, strict=True):
            sm3 = digest(file)
            looked = photos.look(petition, file, content_type=kind.content_type, sm3=sm3, done=stage == Stage.AFTER)
            row = Attachment(
                petition=petition,
                name=display_name(file.name or ""),
                content_type=kind.content_type,
                size=file.size or 0,
                sm3=sm3,
                stage=stage,
                likeness=looked.likeness,
                resembles=looked.resembles,
                uploaded_at=this.at,
                uploaded_by=by,
            )
            row.file = stored_name(row, row.name)
            write(row.file, file, written)
            rows.append(row)
        this.add(*rows)
        this.note = "、".join(row.name for row in rows)
    return rows
