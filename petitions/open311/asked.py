"""Which requests somebody wants to see: the filters of GeoReport v2, each refused with a sentence when it is none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from petitions import choices
from petitions.models import Petition, Status
from petitions.models.petition import FINISHED, PetitionQuerySet
from petitions.open311.answers import Refused

LONGEST = timedelta(days=90)
MOST_NUMBERS, PAGE, LARGEST_PAGE, DEEPEST = 100, 50, 200, 10_000
ENDED = [status for status in FINISHED if status != Status.MERGED]
CLOSED = Q(status__in=ENDED) | Q(status=Status.MERGED, merged_into__status__in=ENDED)
IN_STATUS = {"open": ~CLOSED, "closed": CLOSED}
NUMBER = re.compile(r"SG[0-9]{13,14}")


@dataclass(frozen=True, slots=True)
class Page:
    number: int
    size: int

    def of(self, rows: PetitionQuerySet) -> list[Petition]:
        return list(rows[(self.number - 1) * self.size : self.number * self.size])


def wanted(asked: Mapping[str, str], at: datetime) -> list[Petition]:
    """Naming requests overrides every other filter."""
    rows, page = Petition.objects.public().order_by("-registered_at", "-id"), _page(asked)
    if numbers := _listed(asked, "service_request_id"):
        if len(numbers) > MOST_NUMBERS:
            raise Refused(400, f"service_request_id：一次最多 {MOST_NUMBERS} 个。")
        return page.of(for_telling(rows.filter(number__in=[n for n in numbers if NUMBER.fullmatch(n)])))
    rows = rows.filter(registered_at__range=_span(asked, at))
    if codes := _listed(asked, "service_code"):
        items = choices.items()
        if unknown := [code for code in codes if code not in items]:
            raise Refused(404, f"service_code：{len(unknown)} 个代码不在服务目录里。")
        rows = rows.filter(item__in=[items[code].pk for code in codes])
    if states := set(_listed(asked, "status")):
        if states - IN_STATUS.keys():
            raise Refused(400, "status：只能是 open、closed。")
        if len(states) == 1:
            rows = rows.filter(IN_STATUS[states.pop()])
    return page.of(for_telling(rows))


def one(number: str) -> Petition:
    found = for_telling(Petition.objects.public().filter(number=number)).first() if NUMBER.fullmatch(number) else None
    if found is None:
        raise Refused(404, "service_request_id：没有这件诉求，或者它不公开。")
    return found


def for_telling(rows: PetitionQuerySet) -> PetitionQuerySet:
    return rows.select_related("item", "unit", "merged_into__unit").defer(
        "content", "words", "wish", "caller_name", "caller_phone"
    )


def _listed(asked: Mapping[str, str], name: str) -> list[str]:
    return [part for part in (part.strip() for part in asked.get(name, "").split(",")) if part]


def _span(asked: Mapping[str, str], at: datetime) -> tuple[datetime, datetime]:
    start, end = _moment(asked, "start_date"), _moment(asked, "end_date")
    try:
        end = end or (min(at, start + LONGEST) if start else at)
        start = start or end - LONGEST
    except OverflowError:
        raise Refused(400, "start_date、end_date：日期超出范围。") from None
    if start > end:
        raise Refused(400, "start_date 不能晚于 end_date，也不能晚于现在。")
    if end - start > LONGEST:
        raise Refused(400, "start_date 与 end_date 最多相隔 90 天。")
    return start, end


def _moment(asked: Mapping[str, str], name: str) -> datetime | None:
    words = asked.get(name, "").strip().replace(" ", "+")  # a plus sign that nobody escaped
    if not words:
        return None
    try:
        moment = parse_datetime(words)
        if moment is None:
            raise ValueError
        return timezone.localtime(timezone.make_aware(moment) if timezone.is_naive(moment) else moment)
    except (ValueError, OverflowError):
        raise Refused(400, f"{name}：应为 W3C 日期时间，如 2026-11-22T15:04:00+08:00。") from None


def _page(asked: Mapping[str, str]) -> Page:
    number, size = _count(asked, "page", 1), _count(asked, "page_size", PAGE)
    if size > LARGEST_PAGE:
        raise Refused(400, f"page_size：最多 {LARGEST_PAGE}。")
    if number * size > DEEPEST:
        raise Refused(400, f"page：最多翻到第 {DEEPEST} 件，请用日期或事项缩小范围。")
    return Page(number, size)


def _count(asked: Mapping[str, str], name: str, default: int) -> int:
    words = asked.get(name, "").strip()
    if not words:
        return default
    if not re.fullmatch(r"[1-9][0-9]{0,5}", words):
        raise Refused(400, f"{name}：应为正整数。")
    return int(words)
