"""An end without a solution needs a reason of the list, evidence, a caller who was told, and the centre."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.notnow import NotNow
from petitions import attachments, workflow
from petitions.models import Petition, Status, Termination
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, hours
from tests.petitions.stages import contacted
from tests.petitions.test_attachments import PDF

ASKED: dict[str, Any] = {
    "ground": Termination.Ground.UNWILLING,
    "evidence": "三次电话请其提供门牌号，均拒绝，录音见附件",
    "told_manner": "phone",
    "told_at": AT + hours(1.5),
    "told_words": "已告知无法继续办理",
}


def with_evidence(cast: Cast) -> Petition:
    petition = contacted(cast)
    files = [SimpleUploadedFile("通话记录.pdf", PDF, "application/pdf")]
    attachments.attach(petition, files, by=cast.officer, at=AT + hours(1.6))
    return petition


def asked(cast: Cast) -> Petition:
    petition = with_evidence(cast)
    workflow.ask_termination(petition, by=cast.officer, at=AT + hours(2), **ASKED)
    return petition


def test_the_centre_approves_and_nothing_is_owed_after(cast: Cast) -> None:
    petition = asked(cast)
    assert petition.status == Status.TERMINATION_UNDER_REVIEW
    assert petition.clocks.running().exists()
    workflow.terminate(petition, by=cast.reviewer, note="证据充分", at=AT + hours(3))
    assert petition.status == Status.TERMINATED
    assert petition.concluded_at == AT + hours(3)
    assert not petition.clocks.running().exists()
    assert not petition.dispatches.filter(ended_at=None).exists()


def test_a_refusal_leaves_it_with_the_unit_and_moves_nothing(cast: Cast) -> None:
    petition = asked(cast)
    due = petition.clocks.running().get().due_at
    workflow.refuse_termination(petition, by=cast.reviewer, note="请再上门一次", at=AT + hours(3))
    assert petition.status == Status.IN_HAND
    assert petition.clocks.running().get().due_at == due
    workflow.ask_termination(petition, by=cast.officer, at=AT + hours(4), **ASKED)


def test_without_evidence_it_is_not_asked_for(cast: Cast) -> None:
    with pytest.raises(NotNow, match="上传附件"):
        workflow.ask_termination(contacted(cast), by=cast.officer, at=AT + hours(2), **ASKED)


@pytest.mark.parametrize("who", ["officer", "head", "operator", "leader"])
def test_nobody_but_the_reviewer_ends_it(cast: Cast, who: str) -> None:
    petition = asked(cast)
    with pytest.raises(PermissionDenied):
        workflow.terminate(petition, by=getattr(cast, who), note="终止", at=AT + hours(3))
