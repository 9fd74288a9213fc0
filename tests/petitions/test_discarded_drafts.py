"""A draft of a notice that is not to be issued: it goes with a reason, leaves no gap, and stands in nobody's way."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.models import Notice
from accounts.notnow import NotNow
from petitions import workflow
from petitions.models import SupervisionNotice
from petitions.papers import notices
from tests.cast import Cast, hours
from tests.petitions.test_supervision import AT, drafted, first_notice

State = SupervisionNotice.State


def test_a_discarded_draft_leaves_no_gap_and_makes_room_for_another(cast: Cast) -> None:
    notice = drafted(cast)
    notices.review(notice, by=cast.reviewer, at=AT + hours(2))
    notices.discard(notice, by=cast.reviewer, note="诉求人已满意，不再督办", at=AT + hours(3))
    notice.refresh_from_db()
    assert (notice.state, notice.number, notice.time) == (State.DISCARDED, None, None)
    petition = notice.petition
    assert petition.events.filter(action="notice_discard").exists()
    for verb in (notices.issue, notices.review):
        with pytest.raises(NotNow, match="已作废"):
            verb(notice, by=cast.reviewer, at=AT + hours(4))
    again = workflow.propose_supervision(
        petition, by=cast.reviewer, origin="complex", note="又有反复", at=AT + hours(5)
    )
    notices.review(again, by=cast.reviewer, at=AT + hours(6))
    notices.issue(again, by=cast.reviewer, at=AT + hours(7))
    assert (again.number, again.time) == ("寿社治督〔2026〕1号", 1)


def test_what_was_issued_is_not_discarded_and_no_stranger_discards(cast: Cast) -> None:
    with pytest.raises(NotNow, match="不能作废文稿"):
        notices.discard(first_notice(cast), by=cast.reviewer, note="发错了", at=AT + hours(60))
    with pytest.raises(PermissionDenied):
        notices.discard(drafted(cast), by=cast.head, note="不想收", at=AT + hours(3))


def test_the_page_asks_for_the_reason_and_who_drafted_it_is_told(client: Client, cast: Cast) -> None:
    notice = drafted(cast)
    SupervisionNotice.objects.update(drafted_by=cast.dispatcher)
    client.force_login(cast.reviewer)
    address = f"/supervision/{notice.pk}/do/discard/"
    assert client.post(address, {"note": "", "seen": notice.version}).status_code == 422
    client.post(address, {"note": "重复拟稿", "seen": notice.version})
    assert "已作废" in client.get(f"/supervision/{notice.pk}/").content.decode()
    assert Notice.objects.filter(
        person=cast.dispatcher, title="督办通知单文稿已作废", body__contains="重复拟稿"
    ).exists()
    assert notice.title not in client.get("/supervision/?facet=to_draft").content.decode()
