"""The city's rates: contact, on time, solved, satisfied, answered, and the score made of them (domain §2.10).

This is the only place where they are defined. A petition bears *marks*, such as “was to be contacted” and “was
contacted in time”; a rate is the number of petitions with one mark by the number with another. `table` counts the
marks, `bearing` is the same statement as a `Q`, so that a number opens exactly the list that it counted.

A petition counts once per group, however many promises, rounds or answers it had in the period: it was in time if all
its promises were, satisfied if nobody said no. By unit, each unit answers for its own part and for nobody else's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from petitions.models.petition import PetitionQuerySet
from petitions.periods import Period

MARKS: dict[str, str] = {
    "contact_due": "应联系",
    "contact_kept": "按时联系",
    "resolve_due": "应办结",
    "resolve_kept": "按时办结",
    "answer_due": "应评价",
    "answered": "已评价",
    "satisfied": "满意",
    "solving_judged": "评价了是否解决",
    "solved": "已解决",
    "partly": "部分解决",
    "false_closing": "虚假办结",
    "improper_return": "违规退单",
    "supervised_again": "二次督办",
    "leaked": "泄露诉求人信息",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A rate: what counts and with which weight, by how many it is divided, and why."""

    name: str
    label: str
    parts: tuple[tuple[str, float], ...]
    whole: str
    formula: str
    definition: str
    source: str
    weight: float = 0.0  # in the score


MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure(
            "contact",
            "联系率",
            (("contact_kept", 1),),
            "contact_due",
            "规定时限内首次联系诉求人的件数 ÷ 应联系诉求人的件数",
            "分母是首次联系期限落在统计期内的诉求，匿名和没有留联系方式的不在其中；到期还没有联系的照样在分母里。"
            "分子是其中承办单位在期限内登记了联系的，没有接通也算联系过。",
            "本市热线考核口径；《菏泽市 12345 条例》第十五条：先联系诉求人",
            0.15,
        ),
        Measure(
            "on_time",
            "按时办结率",
            (("resolve_kept", 1),),
            "resolve_due",
            "截止前提交并最终通过审核的件数 ÷ 到期件数",
            "分母是办结期限（批准延期的按延期后的期限）落在统计期内的诉求：到期没有办结的、超期还在办的都在分母里；"
            "挂账期间、期限内已转给别的单位的不在其中。分子是其中单位负责人在截止前审核提交、并已通过中心审核的；"
            "还在中心审核的，通过以后才计入。同一件诉求重办的，各次承诺都按时才算按时。按单位统计时，协办单位只看自己的协办期限。",
            "本市热线考核口径；《山东省政务服务热线管理办法》：5 个工作日办结并回复",
            0.15,
        ),
        Measure(
            "solved",
            "解决率",
            (("solved", 1), ("partly", 0.5)),
            "solving_judged",
            "（已解决 + 0.5 × 部分解决）÷（已解决 + 部分解决 + 未解决）",
            "以诉求人在统计期内的回答为准，回答“不需要解决”的不进分母。多次回答不一致的，以最不利的一次为准。",
            "本市热线考核口径",
            0.40,
        ),
        Measure(
            "satisfied",
            "满意率",
            (("satisfied", 1),),
            "answered",
            "（非常满意 + 满意 + 基本满意）÷ 有效评价数",
            "分母是统计期内诉求人作出有效评价的诉求；分子是其中没有一次回答“不满意”“非常不满意”的：重办后满意，不抵消先前的不满意。"
            "满意率要和参评率放在一起看。",
            "本市热线考核口径；省评价五档，后两档为差评",
            0.30,
        ),
        Measure(
            "answered",
            "参评率",
            (("answered", 1),),
            "answer_due",
            "有效评价数 ÷ 应评价数",
            "应评价的是统计期内办结、留有联系方式的诉求，加上统计期内作出了评价的。三次回访未接通按“未评价”办结的，在分母里，不在分子里。",
            "本市热线考核口径：必须与满意率并排显示",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Deduction:
    mark: str
    points: int  # per petition
    definition: str


DEDUCTIONS = (
    Deduction("false_closing", 5, "统计期内满意件抽查认定为虚假办结的诉求"),
    Deduction("improper_return", 1, "统计期内退单被审核为不成立的诉求"),
    Deduction("supervised_again", 2, "统计期内被第二次书面督办的诉求"),
    Deduction("leaked", 10, "统计期内认定泄露诉求人信息的诉求，并移送处理"),
)
SCORE = "100 ×（0.15 × 联系率 + 0.15 × 按时办结率 + 0.40 × 解决率 + 0.30 × 满意率）− 扣分"

# By what figures may be told apart: the column of the marked petition that groups them.
GROUPS: dict[str, tuple[str, str]] = {
    "unit": ("承办单位", "m.unit_id"),
    "street": ("街道", "substr(p.place_id, 1, 9)"),
    "community": ("社区", "substr(p.place_id, 1, 12)"),
    "grid": ("网格", "p.place_id"),
    "item": ("事项", "p.item_id"),
    "channel": ("渠道", "p.channel_id"),
}

# Which event keeps which promise. A clock may stop for other reasons: then it counts only if it stopped too late.
KEPT_BY = {"contact": "contact", "resolve": "approve", "assist_reply": "assist_reply"}

MARKED = """
WITH promised AS (
    SELECT c.petition_id, c.unit_id, c.promise,
        kept_by.id IS NOT NULL AND c.stopped_at <= c.due_at AND (c.promise <> 'resolve' OR EXISTS (
            SELECT FROM petitions_event passed
            WHERE passed.petition_id = c.petition_id AND passed.action = 'pass_review' AND passed.at >= c.stopped_at
        )) AS kept
    FROM petitions_clock c
    LEFT JOIN petitions_event kept_by ON kept_by.petition_id = c.petition_id AND kept_by.at = c.stopped_at
        AND kept_by.action = CASE c.promise {kept_by} END
    WHERE c.promise IN ('contact', 'resolve'{assisting})
        AND c.due_at >= %s::timestamptz AND c.due_at < %s::timestamptz AND c.due_at <= %s::timestamptz
        AND (c.stopped_at IS NULL OR c.stopped_at > c.due_at OR kept_by.id IS NOT NULL)
        AND NOT EXISTS (SELECT FROM petitions_interval i WHERE i.stopped_id = c.id)
),
judged AS (
    SELECT petition_id, unit_id, satisfied IN ('very', 'yes', 'basically') AS satisfied, solved
    FROM petitions_callback
    WHERE reached AND at >= %s::timestamptz AND at < %s::timestamptz AND at <= %s::timestamptz
),
closed AS (
    SELECT p.id, p.unit_id FROM petitions_petition p
    WHERE p.status IN ('closed', 'archived') AND p.caller_fingerprint IS NOT NULL
        AND p.concluded_at >= %s::timestamptz AND p.concluded_at < %s::timestamptz AND p.concluded_at <= %s::timestamptz
        AND EXISTS (
            SELECT FROM petitions_event ended
            WHERE ended.petition_id = p.id AND ended.at = p.concluded_at AND ended.action IN ('close', 'conclude')
        )
),
found (petition_id, unit_id, contact_due, contact_kept, resolve_due, resolve_kept, answer_due, answered, satisfied,
    unsolved, partly, solved, false_closing, improper_return, supervised_again, leaked) AS (
    SELECT petition_id, {unit}, bool_or(promise = 'contact'), bool_and(kept) FILTER (WHERE promise = 'contact'),
        bool_or(promise <> 'contact'), bool_and(kept) FILTER (WHERE promise <> 'contact'),
        false, false, false, false, false, false, false, false, false, false
    FROM promised GROUP BY 1, 2
    UNION ALL
    SELECT petition_id, {unit}, false, false, false, false, true, true, bool_and(satisfied),
        bool_or(solved = 'no'), bool_or(solved = 'partly'), bool_or(solved = 'yes'), false, false, false, false
    FROM judged GROUP BY 1, 2
    UNION ALL
    SELECT id, {unit}, false, false, false, false, true, false, false, false, false, false, false, false, false, false
    FROM closed
    UNION ALL
    SELECT petition_id, {unit}, false, false, false, false, false, false, false, false, false, false,
        kind = 'false_closing', kind = 'improper_return', kind = 'supervised_again', kind = 'leaked'
    FROM ({faults}) AS fault
    WHERE at >= %s::timestamptz AND at < %s::timestamptz AND at <= %s::timestamptz
),
marked AS (
    SELECT petition_id, unit_id,
        bool_or(contact_due) AS contact_due, bool_or(contact_kept) AS contact_kept,
        bool_or(resolve_due) AS resolve_due, bool_or(resolve_kept) AS resolve_kept,
        bool_or(answer_due) AS answer_due, bool_or(answered) AS answered, bool_or(satisfied) AS satisfied,
        bool_or(solved OR partly OR unsolved) AS solving_judged,
        bool_or(solved AND NOT partly AND NOT unsolved) AS solved, bool_or(partly AND NOT unsolved) AS partly,
        bool_or(false_closing) AS false_closing, bool_or(improper_return) AS improper_return,
        bool_or(supervised_again) AS supervised_again, bool_or(leaked) AS leaked
    FROM found GROUP BY 1, 2
)
"""
FAULTS = """
    SELECT petition_id, unit_id, done_at AS at, 'false_closing' AS kind FROM petitions_recheck WHERE result = 'false'
    UNION ALL
    SELECT petition_id, unit_id, decided_at, 'improper_return' FROM petitions_return WHERE verdict = 'rejected'
    UNION ALL
    SELECT petition_id, unit_id, issued_at, 'supervised_again' FROM petitions_supervisionnotice WHERE time >= 2
    UNION ALL
    SELECT petition_id, unit_id, found_at, 'leaked' FROM petitions_leak
"""
LEFT_OUT = "EXISTS (SELECT FROM petitions_exclusion x WHERE x.petition_id = m.petition_id AND x.agreed)"
# A petition has one line, or one for each of its units. OFFSET 0: whether it is left out is asked once, not per number.
COUNTED = """{marked}
SELECT {key}, {counts} FROM (SELECT m.*, {left_out} AS left_out FROM marked m OFFSET 0) AS m
JOIN petitions_petition p ON p.id = m.petition_id
WHERE p.id IN ({among}) {of_unit}
GROUP BY 1
"""


def _marked(period: Period, at: datetime, *, by_unit: bool) -> tuple[str, list[Any]]:
    sql = MARKED.format(
        kept_by=" ".join(f"WHEN '{promise}' THEN '{action}'" for promise, action in KEPT_BY.items()),
        assisting=", 'assist_reply'" if by_unit else "",
        unit="unit_id" if by_unit else "NULL::bigint",
        faults=FAULTS,
    )
    return sql, [period.since, period.until, at] * 4


def bearing(
    mark: str, period: Period, at: datetime, *, unit: int | None = None, units: bool = False, all_of: bool = False
) -> Q:
    """The petitions that bear a mark; of one unit, of any unit each for its part, or of the city as a whole.

    `all_of` counts in those that two people have left out.
    """
    if mark not in MARKS:
        raise KeyError(mark)
    sql, params = _marked(period, at, by_unit=unit is not None or units)
    sql += f"SELECT m.petition_id FROM marked m WHERE m.{mark}"
    if not all_of:
        sql += f" AND NOT {LEFT_OUT}"
    if unit is not None:
        sql += " AND m.unit_id = %s"
        params.append(unit)
    return Q(pk__in=RawSQL(sql, params))


@dataclass(frozen=True, slots=True)
class Rate:
    measure: Measure
    counts: Mapping[str, int]

    @property
    def part(self) -> float:
        return sum(weight * self.counts[mark] for mark, weight in self.measure.parts)

    @property
    def whole(self) -> int:
        return self.counts[self.measure.whole]

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one group: as they count, and as they would without what was left out."""

    key: Any
    counts: Mapping[str, int]
    raw: Mapping[str, int]

    @property
    def rates(self) -> list[Rate]:
        return [Rate(measure, self.counts) for measure in MEASURES.values()]

    @property
    def raw_rates(self) -> list[Rate]:
        return [Rate(measure, self.raw) for measure in MEASURES.values()]

    @property
    def deducted(self) -> int:
        return sum(one.points * self.counts[one.mark] for one in DEDUCTIONS)

    @property
    def score(self) -> float | None:
        """A rate without a denominator leaves its weight to the others."""
        known = [(rate.measure.weight, rate.value) for rate in self.rates if rate.value is not None]
        weights = sum(weight for weight, _ in known)
        if not weights:
            return None
        return 100 * sum(weight * value for weight, value in known) / weights - self.deducted

    def is_odd(self, *, satisfied_from: int, answered_below: int) -> bool:
        """Nearly everybody is content, and nearly nobody was heard: percent."""
        satisfied, answered = (Rate(MEASURES[name], self.counts).value for name in ("satisfied", "answered"))
        return (
            satisfied is not None
            and answered is not None
            and 100 * satisfied >= satisfied_from
            and 100 * answered < answered_below
        )


def table(
    among: PetitionQuerySet, period: Period, at: datetime, *, by: str = "", unit: int | None = None
) -> Iterator[Line]:
    """A line per group in one query, however many there are; without `by` a single line for all."""
    by_unit = by == "unit" or unit is not None
    marked, params = _marked(period, at, by_unit=by_unit)
    ids, of_ids = among.order_by().values("pk").query.sql_with_params()
    sql = COUNTED.format(
        marked=marked,
        key=GROUPS[by][1] if by else "NULL",
        counts=", ".join(
            f"count(*) FILTER (WHERE m.{mark}{only})" for only in (" AND NOT m.left_out", "") for mark in MARKS
        ),
        left_out=LEFT_OUT,
        among=ids,
        of_unit="AND m.unit_id = %s" if unit is not None else "",
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, *of_ids, *([unit] if unit is not None else [])])
        rows = cursor.fetchall()
    for key, *counts in rows:
        half = len(MARKS)
        yield Line(key, dict(zip(MARKS, counts[:half], strict=True)), dict(zip(MARKS, counts[half:], strict=True)))


NOTHING = dict.fromkeys(MARKS, 0)


def whole(among: PetitionQuerySet, period: Period, at: datetime, *, unit: int | None = None) -> Line:
    return next(table(among, period, at, unit=unit), Line(None, NOTHING, NOTHING))
