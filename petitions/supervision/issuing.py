"""The effect *supervise*: a numbered notice, a briefing for the deputy leader and a topic for the next joint meeting.

All three come from one statement, for one promise or for the five hundred of a sweep, with the event and what people
are told: all of it stands, or nothing does. Numbers have no gap, because the row of a series is raised in the same
transaction and held until it ends. What time it is (first, second, third) is counted here: no caller can skip one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.masking import LONG_NUMBER, NUMBER_HIDDEN
from grids.models import Duty
from petitions import promises, terms
from petitions.models import Briefing, Effect, Promise, SupervisionNotice
from petitions.promises import Length
from petitions.supervision.statements import INSERTED, OF_CLOCKS, OF_DRAFT, PAPERS, REPORT, REST, SIGNED

Origin = SupervisionNotice.Origin
LAST = max(SupervisionNotice.Time)


@dataclass(frozen=True, slots=True)
class Asked:
    """A promise that is to be supervised: at least for the `wanted` time, since `tick_at`."""

    clock: int
    tick_at: datetime
    wanted: int
    origin: str = Origin.OVERDUE
    effect: str = ""  # the step of the ladder; empty when something else asked


def supervise(asked: Iterable[Asked], at: datetime, drafted_by: int | None = None) -> int:
    """Issue what is asked for, each promise at most once in a call; how many there are now. In a transaction.

    What somebody drafts, and what no standing authorisation covers, stays a draft until the director signs it.
    """
    rows = list(asked)
    return _execute(
        OF_CLOCKS + PAPERS + INSERTED + REST,
        at,
        clocks=[row.clock for row in rows],
        ticks=[row.tick_at for row in rows],
        effects=[row.effect for row in rows],
        wanted=[row.wanted for row in rows],
        origins=[str(row.origin) for row in rows],
        by=drafted_by,
    )


def sign_draft(notice: SupervisionNotice, by: int, at: datetime) -> bool:
    """A reviewed draft becomes a paper, signed by `by`; not when three have been issued already. In a transaction."""
    return _execute(OF_DRAFT + PAPERS + SIGNED + REST, at, draft=notice.pk, by=by) > 0


def report(clocks: list[int], at: datetime) -> int:
    """To the principal leaders, for their written instruction; once while they have not answered. In a transaction."""
    return _execute(REPORT, at, clocks=clocks, proposal=PRINCIPAL_PROPOSAL)


def after(days: str, at: datetime) -> datetime:
    return promises.due(at, Length(terms.setting(days), "working_day"), terms.calendar())


def _execute(statement: str, at: datetime, **values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, FIXED | _dates(at) | values)
        return int(cursor.fetchone()[0])


def _dates(at: datetime) -> dict[str, Any]:
    return {
        "at": at,
        "today": timezone.localdate(at),
        "sign_by": after("notice_sign_days", at),
        "feed_back_by": after("notice_feedback_days", at),
        "complete_by": after("notice_complete_days", at),
    }


PROPOSAL = "拟请市级分管领导阅示，并召集联席会议调度解决。"
PRINCIPAL_PROPOSAL = "书面督办、联席会议后仍未解决，拟请市委、市政府主要领导批示办理。"
FIXED: dict[str, Any] = {
    "zone": settings.TIME_ZONE,
    "notice_prefix": SupervisionNotice.PREFIX,
    "briefing_prefix": Briefing.PREFIX,
    "promise_values": [str(promise) for promise in Promise],
    "promise_labels": [promise.label for promise in Promise],
    "origin_values": [str(origin) for origin in Origin],
    "origin_labels": [origin.label for origin in Origin],
    "times": [time.label for time in SupervisionNotice.Time],
    "proposal": PROPOSAL,
    "label": Effect.SUPERVISE.label,
    "receiving": [Duty.HEAD, Duty.RECEIVER],
    "watching": [Duty.REVIEWER],
    "signing": [Duty.CENTRE_DIRECTOR],
    "leading": [Duty.LEADER],
    "last": int(LAST),
    "long_number": LONG_NUMBER.pattern,
    "hidden": NUMBER_HIDDEN,
}
