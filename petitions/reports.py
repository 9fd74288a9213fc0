"""The city's figures: each with its numerator, its denominator, its definition and its moment, none stored twice."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from petitions.facets import FACETS
from petitions.models import Petition


@dataclass(frozen=True, slots=True)
class Figure:
    label: str
    definition: str  # 口径
    part: int
    part_href: str
    whole: int | None = None  # None: a plain number
    whole_href: str = ""

    @property
    def percent(self) -> str:
        return f"{100 * self.part / self.whole:.1f}%" if self.whole else "—"


def count(user: User, facet: str, at: datetime) -> int:
    return Petition.objects.visible_to(user).filter(FACETS[facet].where(at)).order_by().count()


def today(user: User, at: datetime) -> list[Figure]:
    return [
        _number(user, "registered_today", "今天零时至今登记的诉求", at),
        _number(user, "concluded_today", "今天零时至今办结、直接答复或不予受理的诉求", at),
        _number(user, "carded_today", "今天零时至今亮过黄牌或红牌、尚未办结的诉求", at),
    ]


def month(user: User, at: datetime) -> list[Figure]:
    return [
        _number(user, "registered_30", "近 30 天登记的诉求，含直接答复与不予受理", at),
        _rate(
            user,
            "按时办结率",
            "kept_30",
            "promised_30",
            "分母：办结承诺在近 30 天内到期的诉求（重办另有承诺，一并计算）；分子：其中这些承诺全部按期兑现的",
            at,
        ),
        _rate(
            user,
            "满意率",
            "satisfied_30",
            "rated_30",
            "分母：近 30 天内诉求人作出有效评价的诉求；分子：其中没有一次不满意的（重办后满意，不抵消先前的不满意）",
            at,
        ),
    ]


def _number(user: User, facet: str, definition: str, at: datetime) -> Figure:
    return Figure(FACETS[facet].label, definition, count(user, facet, at), _list(facet))


def _rate(user: User, label: str, part: str, whole: str, definition: str, at: datetime) -> Figure:
    return Figure(label, definition, count(user, part, at), _list(part), count(user, whole, at), _list(whole))


def _list(facet: str) -> str:
    return f"/petitions/?facet={facet}"
