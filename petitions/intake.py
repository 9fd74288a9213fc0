"""Taking the call: the petition, its files and what is done with it at once, in one transaction."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, models, transaction

from accounts.files import gone_if_undone
from accounts.models import User
from grids.models import Duty
from grids.scope import holds
from petitions import attachments, workflow
from petitions.models import Entry, Petition, Status


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
    cites: Entry | None = None  # what a direct answer rests on
    into: Petition | None = None  # the same matter as one that is being worked on


class SavedBefore(Exception):
    """This form was saved already: here is its petition, and whether it is hers to see."""

    def __init__(self, petition: Petition, *, hers: bool) -> None:
        super().__init__(petition.number)
        self.petition, self.hers = petition, hers


def accepts(user: User | None) -> bool:
    """Only the centre accepts; what residents, grid and community write down waits to be accepted."""
    return user is not None and holds(user, Duty.OPERATOR, Duty.DISPATCHER)


NEXT_IS = {
    Status.ANSWERED.value: "已直接答复。",
    Status.REFUSED.value: "已按不予受理答复去向。",
    Status.RECEIVED.value: "等待热线中心受理。",
    Status.AWAITING_DISPATCH.value: "等待分派员派单。",
}


def told(petition: Petition) -> str:
    """What the operator reads to the caller, and who has it next."""
    next_is = NEXT_IS.get(str(petition.status), "")
    if petition.merged_into:
        next_is = f"已并入 {petition.merged_into.number}，主单办完后同样回访这位诉求人。"
    return f"已登记 {petition.number}，查询码 {petition.lookup_code}（请告知诉求人）。{next_is}"


def take(
    petition: Petition,
    decision: Decision,
    files: Sequence[UploadedFile] = (),
    *,
    by: User | None,
    at: datetime,
) -> Petition:
    """Without `by` a resident's report. Raises SavedBefore when the submission is known, so that an impatient hand
    makes one petition."""
    # The plain call is one statement, which needs no transaction around it, unless it stands in somebody's already.
    plain = not files and decision.next == Next.DISPATCH and decision.into is None
    alone = plain and not transaction.get_connection().in_atomic_block
    try:
        with gone_if_undone() as written, nullcontext() if alone else transaction.atomic():
            workflow.register(petition, by=by, at=at, accepted=accepts(by))
            if files:
                written += [row.file for row in attachments.attach(petition, files, by=by, at=at)]
            if by is not None:
                _decide(petition, decision, by=by, at=at)
    except IntegrityError:
        before = Petition.objects.filter(submission=petition.submission).first()
        if before is None:
            raise
        raise SavedBefore(before, hers=before.registered_by_id == (by and by.pk)) from None
    return petition


def _decide(petition: Petition, decision: Decision, *, by: User, at: datetime) -> None:
    if decision.into is not None:
        workflow.merge(petition, into=decision.into, by=by, note="登记时并入", at=at)
    elif decision.cites is not None:
        workflow.answer(petition, by=by, note=decision.words, cites=decision.cites, at=at)
    elif decision.next == Next.REFUSE:
        workflow.refuse(petition, by=by, reason=decision.words, direction=decision.direction, at=at)
