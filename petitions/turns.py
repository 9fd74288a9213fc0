"""Whose turn it is to be called: not too soon, not twice at the same day or time of day, and which vain tries count."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.models import User
from petitions import ledger, terms
from petitions.models import Callback, Petition, Promise

TIMES_OF_DAY = ((12, "上午"), (14, "中午"), (18, "下午"), (24, "晚上"))


def time_of_day(at: datetime) -> str:
    hour = timezone.localtime(at).hour
    return next(name for before, name in TIMES_OF_DAY if hour < before)


@dataclass(frozen=True, slots=True)
class Tried:
    """The vain tries that count: each on a day and at a time of day that none before it had (domain §2.4, 70→80)."""

    days: frozenset[date]
    times: frozenset[str]
    all: int  # with those that do not count

    @property
    def counted(self) -> int:
        return len(self.days)

    @property
    def enough(self) -> bool:
        return self.counted >= terms.setting("callback_tries")

    def would_count(self, at: datetime) -> bool:
        return timezone.localdate(at) not in self.days and time_of_day(at) not in self.times

    @property
    def left(self) -> str:
        return "、".join(name for _, name in TIMES_OF_DAY if name not in self.times)

    def said(self, at: datetime) -> str:
        if not self.all:
            return "还没有打过"
        words = f"有效 {self.counted} 次，共打过 {self.all} 次"
        if self.would_count(at):
            return words
        day = "今天已经打过，请改天" if timezone.localdate(at) in self.days else "这个时段打过"
        return f"{words}；{day}，{self.left}打才另算一次"


def tried(callbacks: Iterable[Callback], round_: int) -> Tried:
    days: set[date] = set()
    times: set[str] = set()
    vain = sorted((c for c in callbacks if c.round == round_ and not c.reached), key=lambda c: c.at)
    for try_ in vain:
        day, time = timezone.localdate(try_.at), time_of_day(try_.at)
        if day not in days and time not in times:
            days.add(day)
            times.add(time)
    return Tried(frozenset(days), frozenset(times), len(vain))


def worked_on_it(petition: Petition, by: User | None) -> str:
    """Whoever signed, handled or approved it in any round does not ask whether it was well done."""
    if by is None:
        return ""
    for one in ledger.current().dispatches(petition):
        if by.pk in (one.signed_by_id, one.handled_by_id, one.approved_by_id):
            return "回访人不能是承办人，请换一位回访员。"
    return ""


def callable_from(petition: Petition) -> datetime | None:
    """Not in the first hours after the centre passed it: what does not last should show before the caller is asked."""
    hours = terms.setting("callback_cooldown")
    clock = ledger.current().last_clock(petition, Promise.CALL_BACK) if hours else None
    return clock.started_at + timedelta(hours=hours) if clock else None


def too_soon(petition: Petition, at: datetime) -> str:
    since = callable_from(petition)
    return "" if since is None or at >= since else too_soon_until(since)


def too_soon_until(since: datetime) -> str:
    hours = terms.setting("callback_cooldown")
    return f"中心审核通过满 {hours} 小时才能回访，{timezone.localtime(since):%m-%d %H:%M} 起可以打。"
