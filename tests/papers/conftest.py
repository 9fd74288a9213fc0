from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from petitions import workflow
from petitions.models import Meeting, Petition, Topic
from petitions.papers import meetings
from tests.cast import MONDAY_TEN, Cast, hours
from tests.petitions.stages import in_hand

AT = MONDAY_TEN
Called = Callable[..., Meeting]


@pytest.fixture
def stuck(cast: Cast) -> Petition:
    """In the bureau's hands, and raised to the joint meeting."""
    petition = in_hand(cast)
    workflow.raise_topic(petition, by=cast.reviewer, note="两家单位都说不归自己管", at=AT + hours(1))
    return petition


@pytest.fixture
def topic(stuck: Petition) -> Topic:
    return stuck.topics.get()


@pytest.fixture
def called(cast: Cast) -> Called:
    def called(kind: str = Meeting.Kind.JOINT, *, at: datetime = AT, **said: Any) -> Meeting:
        leads = {Meeting.Kind.JOINT: cast.leader, Meeting.Kind.LEADING_GROUP: cast.principal}
        values: dict[str, Any] = {
            "kind": kind,
            "title": "占道经营联席会议",
            "convener": leads[Meeting.Kind(kind)],
            "held_at": AT + hours(24),
            "venue": "社会治理服务中心会议室",
        }
        return meetings.convene(Meeting(**values | said), by=cast.reviewer, at=at)

    return called


@pytest.fixture
def opened(cast: Cast, called: Called, topic: Topic) -> Meeting:
    """In session on the stuck petition, with the bureau at the table."""
    meeting = called()
    meetings.set_agenda(meeting, topics=[topic], by=cast.reviewer, at=AT + hours(3))
    meetings.invite(meeting, units=[cast.bureau], by=cast.reviewer, at=AT + hours(3))
    meetings.sign_in(meeting, unit=cast.bureau, by=cast.officer, at=AT + hours(24))
    meetings.open_(meeting, by=cast.leader, at=AT + hours(24))
    return meeting
