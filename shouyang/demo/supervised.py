"""What became of the demo city's supervision notices: most units answer, and the centre looks whether it is so."""

import random
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from grids.models import Duty, Posting
from petitions import terms
from petitions.models import SupervisionNotice
from petitions.papers import notices

FORGETFUL = 0.12  # of those that are still at it
MEASURES = "主要负责人召集会商，明确专人当天到场办理，并与诉求人联系说明进展。"
OPINION = "情况属实。已要求举一反三，防止类似问题再次超期。"


def answer(rng: random.Random, now: datetime) -> int:
    """In the order in which they were issued; how many were signed."""
    heads = {posting.unit_id: posting.user for posting in Posting.objects.filter(duty=Duty.HEAD).select_related("user")}
    reviewers = [posting.user for posting in Posting.objects.filter(duty=Duty.REVIEWER).select_related("user")]
    waiting = SupervisionNotice.objects.filter(state=SupervisionNotice.State.DELIVERED).select_related("petition")
    signed = 0
    for notice in waiting.order_by("issued_at", "pk"):
        head = heads.get(notice.unit_id)
        if head and (notice.petition.concluded_at or rng.random() > FORGETFUL):
            signed += _live(rng, notice, head, rng.choice(reviewers), now)
    return signed


def _live(rng: random.Random, notice: SupervisionNotice, head: User, reviewer: User, now: datetime) -> bool:
    assert notice.issued_at is not None, "what was delivered has been issued"
    at = _later(rng, notice.issued_at, 0.5, 6)
    if at > now:
        return False
    notices.sign(notice, by=head, at=at)
    at = _later(rng, at, 2, 8)
    if at <= now:
        result = "已办结并提交办理结果。" if notice.petition.concluded_at else "正在办理，已与诉求人约定完成时间。"
        words: dict[str, Any] = {"handler": str(head), "measures": MEASURES, "result": result, "opinion": OPINION}
        notices.feed_back(notice, by=head, at=at, **words)
        _look(rng, notice, reviewer, at, now)
    return True


def _look(rng: random.Random, notice: SupervisionNotice, reviewer: User, at: datetime, now: datetime) -> None:
    """Cleared is what is concluded: then there is something to see."""
    concluded = notice.petition.concluded_at
    at = _later(rng, max(at, concluded or at), 1, 6)
    if concluded and at <= now:
        notices.verify(notice, by=reviewer, finding="true", note="电话回访诉求人并查看现场照片，反馈属实。", at=at)
        notices.clear(notice, by=reviewer, at=at + timedelta(minutes=5))


def _later(rng: random.Random, at: datetime, least: float, most: float) -> datetime:
    """Some working hours later."""
    return terms.calendar().add(at, timedelta(hours=rng.uniform(least, most)))
