"""When something happened, as people say it: a day, or a day and a minute. Midnight stands for the day alone."""

import re
import unicodedata
from datetime import datetime, time
from typing import Any

from django.utils import timezone

EARLIEST = 2000  # nothing older is a petition of today
_SPOKEN = re.compile(
    r"(?:(?P<year>\d{4})[-/.年])?(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
    r"(?:\s*(?P<hour>\d{1,2})[:点时](?:(?P<minute>\d{1,2})分?)?)?"
)


class NotAMoment(ValueError):
    """Says in a Chinese sentence what is wrong."""


def read(words: str, at: datetime) -> datetime:
    """“11-22 15:04”, “2026年11月22日”, or ISO 8601; a day without a year is one of this year."""
    said = unicodedata.normalize("NFKC", words).strip()
    try:
        spoken = _SPOKEN.fullmatch(said)
        moment = _spoken(spoken, timezone.localtime(at).year) if spoken else datetime.fromisoformat(said)
        moment = timezone.make_aware(moment) if timezone.is_naive(moment) else timezone.localtime(moment)
    except (ValueError, OverflowError):
        raise NotAMoment("看不懂这个时间，请写成“11-22 15:04”或“2026-11-22”，不知道时刻的只写日期。") from None
    if moment > at:
        raise NotAMoment("这个时间不能晚于现在；往年的请写上年份。")
    if moment.year < EARLIEST:
        raise NotAMoment(f"这个时间不能早于 {EARLIEST} 年，请核对年份。")
    return moment.replace(second=0, microsecond=0)


def spelled(moment: datetime | None) -> str:
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local:%Y-%m-%d}" if local.time() == time() else f"{local:%Y-%m-%d %H:%M}"


def as_said(words: str) -> str:
    """A machine's instant, “2026-11-30T06:50:00.000Z”, as people write it; what people wrote stays."""
    try:
        moment = datetime.fromisoformat(words)
        return words if timezone.is_naive(moment) else spelled(moment)
    except (ValueError, OverflowError):
        return words


def _spoken(found: re.Match[str], this_year: int) -> datetime:
    parts: dict[str, Any] = {name: int(digits) for name, digits in found.groupdict().items() if digits}
    return datetime(**{"year": this_year, **parts})  # noqa: DTZ001 (made aware by the caller)
