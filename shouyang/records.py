"""The records of this portal that are sealed, and the works that seal them and look at the seals again."""

import logging
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db import transaction

from accounts import notices, seals
from accounts.models import Access, Notice, Seal, SealCheck, User
from accounts.notnow import NotNow
from accounts.seals import Chain
from grids.models import CITY_CODE, Duty
from grids.scope import holders
from petitions.models import Event, PaperEvent

log = logging.getLogger(__name__)

CHAINS = (
    Chain(Access, ("by", "at", "kind", "subject", "field", "reason")),
    Chain(
        Event,
        ("petition", "action", "at", "by", "from_status", "to_status", "unit", "promise", "clock", "note", "detail"),
    ),
    Chain(PaperEvent, ("meeting", "briefing", "task", "notice", "action", "at", "by", "note")),
    Chain(
        LogEntry,
        ("action_time", "user", "content_type", "object_id", "object_repr", "action_flag", "change_message"),
    ),
)


def seal(at: datetime) -> int:
    """The newest digest goes into the log: who keeps the log elsewhere can tell when a whole chain was made anew."""
    upto, sealed = seals.settled(CHAINS), 0
    for chain in CHAINS if upto else ():
        if count := seals.seal(chain, upto[chain.name], at=at):
            sealed += count
            newest = Seal.objects.filter(chain=chain.name).latest("number")
            sealed_as = {"chain": chain.name, "number": newest.number, "sm3": newest.sm3}
            log.info("records sealed", extra=sealed_as | {"records": count})
    return sealed


def ask(by: User | None, at: datetime) -> SealCheck:
    if by and SealCheck.objects.filter(done_at=None).exists():
        raise NotNow("已经在核验了，稍后回来看结果。")
    return SealCheck.objects.create(by=by, asked_at=at)


def check_what_was_asked(at: datetime) -> SealCheck | None:
    """One check for all who asked. Its row is held meanwhile; a worker that dies lets it go to the next sweep."""
    with transaction.atomic():
        asked = list(SealCheck.objects.select_for_update(skip_locked=True, no_key=True).filter(done_at=None))
        if not asked:
            return None
        records, problem = check()
        SealCheck.objects.filter(pk__in=[one.pk for one in asked]).update(
            done_at=at, records=records, problem=problem[:200]
        )
        if problem:
            log.error("a sealed record was changed", extra={"problem": problem})
            _alarm(asked[0], problem, at)
    return asked[0]


def check() -> tuple[int, str]:
    """How many records are what they were, and the first that is not."""
    checked = [seals.check(chain) for chain in CHAINS]
    return sum(one.records for one in checked), "；".join(one.problem for one in checked if one.problem)


def state() -> dict[str, Any]:
    """What the page of the trail says of its seals."""
    return {
        "sealed": Seal.objects.only("chain", "number", "sealed_at", "digest").order_by("-pk").first(),
        "checked": SealCheck.objects.exclude(done_at=None).first(),
        "checking": SealCheck.objects.filter(done_at=None).exists(),
    }


def _alarm(asked: SealCheck, problem: str, at: datetime) -> None:
    people = holders(Duty.AUDITOR, Duty.CENTRE_DIRECTOR, place=CITY_CODE)
    title = "审计记录核验不符，请立即查明"
    notices.tell(
        people, key=f"seals:{asked.pk}", title=title, body=problem, path="/trail/", at=at, weight=Notice.Weight.URGENT
    )
