"""What takes long is told in stages: a promise of its own, first as the class says, and then every few days."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Notice
from petitions import clocks, workflow
from petitions.models import Clock, Petition, Promise, Tag
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, hours
from tests.petitions.stages import contacted
from tests.petitions.test_suspension import suspended

DISPATCHED = AT + hours(0.2)
DAY = timedelta(days=1)


def stage(petition: Petition) -> Clock:
    return petition.clocks.running().get(promise=Promise.STAGE)


def feeds_back(petition: Petition, cast: Cast, at: Any) -> None:
    workflow.stage_feedback(petition, by=cast.officer, note="护栏周四到货", at=at)


@pytest.mark.parametrize(
    ("said", "length"),
    [
        ({"tags": [Tag.COMPLEX]}, (5, "day")),
        ({"tags": [Tag.BUSINESS]}, (1, "working_day")),
        ({"urgency": "critical"}, (2, "hour")),
        ({}, None),
    ],
)
def test_the_class_says_when_the_caller_first_hears_of_it(cast: Cast, said: Any, length: Any) -> None:
    petition = contacted(cast, **said)
    first = petition.clocks.filter(promise=Promise.STAGE).first()
    assert (first and (first.amount, first.span)) == length
    if first:
        assert (first.started_at, first.unit) == (DISPATCHED, cast.bureau)


def test_each_feedback_keeps_the_promise_and_makes_the_next(cast: Cast) -> None:
    petition = contacted(cast, tags=[Tag.BUSINESS])
    first = stage(petition)
    feeds_back(petition, cast, AT + hours(3))
    first.refresh_from_db()
    assert first.kept_in_time
    assert stage(petition).due_at == AT + hours(3) + 5 * DAY
    workflow.reply(petition, by=cast.officer, result="已清理", basis="条例", assessment="solved", at=AT + hours(4))
    workflow.approve(petition, by=cast.head, at=AT + hours(5))
    assert not petition.clocks.running().filter(promise=Promise.STAGE).exists()
    workflow.correct(petition, by=cast.reviewer, note="缺照片", at=AT + hours(6))
    assert stage(petition).started_at == AT + hours(6)


def test_a_feedback_of_her_own_accord_binds_nobody(cast: Cast) -> None:
    petition = contacted(cast)
    feeds_back(petition, cast, AT + hours(3))
    assert not petition.clocks.filter(promise=Promise.STAGE).exists()


def test_who_forgets_it_is_carded_as_with_every_promise(cast: Cast) -> None:
    petition = contacted(cast, tags=[Tag.COMPLEX])
    due_at = stage(petition).due_at
    clocks.ring_due(due_at - hours(1))
    assert Notice.objects.filter(person=cast.officer, title=f"黄牌预警：{petition.number} 阶段反馈").exists()
    clocks.ring_due(due_at + hours(1))
    assert petition.events.filter(action="red_card", promise=Promise.STAGE).exists()
    assert Notice.objects.filter(person=cast.head, title=f"红牌超期：{petition.number} 阶段反馈").exists()


def test_whoever_gets_more_time_feeds_back_in_stages(cast: Cast) -> None:
    petition = contacted(cast)
    told: dict[str, Any] = {"told_manner": "phone", "told_at": AT + hours(1.5), "told_words": "已说明"}
    asked: dict[str, Any] = {"amount": 5, "reason": "等材料", "progress": "已下单"}
    workflow.ask_extension(petition, by=cast.officer, at=AT + hours(2), **asked, **told)
    workflow.grant_extension(petition, by=cast.reviewer, at=AT + hours(3))
    assert stage(petition).due_at == AT + hours(3) + 5 * DAY


def test_on_the_books_the_review_takes_its_place_until_it_goes_on(cast: Cast) -> None:
    petition = suspended(cast, tags=[Tag.COMPLEX])
    assert [clock.promise for clock in petition.clocks.running()] == [Promise.SUSPENSION_REVIEW]
    assert not petition.intervals.filter(stopped__promise=Promise.STAGE).exists()
    feeds_back(petition, cast, AT + DAY)
    assert [clock.promise for clock in petition.clocks.running()] == [Promise.SUSPENSION_REVIEW]
    workflow.resume(petition, by=cast.officer, note="资金已到位", at=AT + 2 * DAY)
    assert stage(petition).due_at == AT + 7 * DAY
