"""Taking the call: the petition, its files and what is done with it at once, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, models, transaction

from accounts.models import User
from grids.models import Duty
from grids.scope import holds
from petitions import attachments, workflow
from petitions.models import Draft, Petition


class Next(models.TextChoices):
    DISPATCH = "dispatch", "转派单"
    ANSWER = "answer", "直接答复"
    REFUSE = "refuse", "不予受理"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the operator does with the call while it is on the line."""

    next: str = Next.DISPATCH
    words: str = ""
    direction: str = ""


class SavedBefore(Exception):
    """This form was saved already: here is its petition."""

    def __init__(self, petition: Petition) -> None:
        super().__init__(petition.number)
        self.petition = petition


def accepts(user: User) -> bool:
    """Only the centre accepts; what grid and community write down waits to be accepted."""
    return holds(user, Duty.OPERATOR, Duty.DISPATCHER)


def take(
    petition: Petition,
    decision: Decision,
    files: Sequence[UploadedFile] = (),
    *,
    by: User,
    at: datetime,
) -> Petition:
    """Raises SavedBefore when the submission is known, so that an impatient hand makes one petition."""
    try:
        with attachments.gone_if_undone() as written, transaction.atomic():
            workflow.register(petition, by=by, at=at, accepted=accepts(by))
            if files:
                written += attachments.attach(petition, files, by=by, at=at)
            if decision.next == Next.ANSWER:
                workflow.answer(petition, by=by, note=decision.words, at=at)
            elif decision.next == Next.REFUSE:
                workflow.refuse(petition, by=by, reason=decision.words, direction=decision.direction, at=at)
            Draft.objects.filter(submission=petition.submission, by=by).delete()
    except IntegrityError:
        if before := saved_before(petition.submission, by=by):
            raise SavedBefore(before) from None
        raise
    return petition


def saved_before(submission: UUID, *, by: User) -> Petition | None:
    return Petition.objects.filter(submission=submission, registered_by=by).first()
