"""What became of petitions: handed back, on the books, to be called back, asked again, carded, left out."""

from datetime import datetime

from django.http import QueryDict

from accounts.listings import Cell, Column, Found, Listing, found, listed, minute
from accounts.models import User
from accounts.notnow import NotNow
from grids.scope import holds
from petitions import books, call_queue, cards, handed_back, periods, timeleft
from petitions.books import Line as BookLine
from petitions.forms.cards import CardFilter
from petitions.handed_back import OF_UNITS, TURNS
from petitions.handed_back import Line as TurnLine
from petitions.models import Event, Exclusion, Petition, Recheck
from petitions.permissions import CALLERS_BACK

WHEN = 17


def _returns(user: User, asked: QueryDict, at: datetime) -> Found:
    try:
        period = periods.read(asked.get("period", "30d"), at)
    except periods.NotAPeriod as wrong:
        raise NotNow(str(wrong)) from None
    lines = [("承办单位", line) for line in handed_back.of_units(user, period)]
    lines += [("派单人", line) for line in handed_back.of_dispatchers(user, period)]
    return listed(lines, lambda one: _turns(*one), f"{period.label}，按派单时间")


def _turns(kind: str, line: TurnLine) -> tuple[Cell, ...]:
    counts = {number.label: number.count for number in line.numbers}
    return (kind, line.name, *(counts.get(TURNS[turn][0]) for turn in OF_UNITS))


def _books(user: User, asked: QueryDict, at: datetime) -> Found:
    return listed(books.books(user, at).lines, _book, "现在挂账的全部")


def _book(line: BookLine) -> tuple[Cell, ...]:
    one = line.suspension
    about = (one.petition.number, one.petition.title, line.where, one.get_reason_display(), str(one.unit), one.leader)
    review = line.review.words if line.review else ""
    return (*about, minute(one.granted_at), f"{one.expected_on}", review, line.total)


def _call_backs(user: User, asked: QueryDict, at: datetime) -> Found:
    waiting = call_queue.waiting_for(user, at)
    petitions = Petition.objects.for_list().in_bulk([one.pk for one in waiting])
    due = timeleft.first_due(list(petitions))
    rows = [one for one in waiting if one.pk in petitions]

    def line(one: call_queue.Waiting) -> tuple[Cell, ...]:
        petition, left = petitions[one.pk], timeleft.time_left(due[one.pk], at).words if one.pk in due else ""
        about = (petition.number, petition.title, str(petition.unit or ""), petition.item.name)
        return (*about, left, one.said, "稍后" if one.waits else "现在", one.waits)

    return listed(rows, line, "等待回访的全部（不含本人经办的）")


def _rechecks(user: User, asked: QueryDict, at: datetime) -> Found:
    related = ("petition", "unit", "callback", "done_by")
    return found(Recheck.objects.visible_to(user).select_related(*related), _recheck, "全部月份")


def _recheck(one: Recheck) -> tuple[Cell, ...]:
    about = (f"{one.month:%Y-%m}", str(one.unit), one.petition.number, one.petition.title)
    first = (one.callback.get_solved_display(), one.callback.get_satisfied_display())
    again = (one.get_result_display() or "待复核", one.get_solved_display(), one.get_satisfied_display())
    return (*about, *first, *again, str(one.done_by or ""), minute(one.done_at))


def _cards(user: User, asked: QueryDict, at: datetime) -> Found:
    form = CardFilter(asked)
    rows = form.narrow(cards.visible_to(user, at))
    if not form.is_valid():
        raise NotNow("这些条件有错，请先在清单上改正再导出。")
    said = [dict(form.fields[name].choices)[value] for name, value in form.cleaned_data.items() if value]  # type: ignore[attr-defined]
    return found(rows, _card, "；".join(["近 30 天", *said]))


def _card(card: Event) -> tuple[Cell, ...]:
    about = (
        card.petition.number,
        card.petition.title,
        str(card.unit or "热线中心"),
        card.effect_label,
        minute(card.at),
    )
    withdrawal = getattr(card, "withdrawal", None)
    return (*about, *((minute(withdrawal.at), str(withdrawal.by), withdrawal.reason) if withdrawal else ("", "", "")))


def _left_out(user: User, asked: QueryDict, at: datetime) -> Found:
    rows = Exclusion.objects.filter(petition__in=Petition.objects.visible_to(user))
    return found(rows.select_related("petition", "proposed_by", "decided_by"), _exclusion, "提出过的全部")


def _exclusion(one: Exclusion) -> tuple[Cell, ...]:
    verdict = "待复核" if one.agreed is None else "已剔除" if one.agreed else "照常考核"
    about = (one.petition.number, one.petition.title, one.get_reason_display(), one.note, verdict)
    return (*about, str(one.proposed_by), minute(one.proposed_at), str(one.decided_by or ""), minute(one.decided_at))


def _columns(*columns: tuple[str, int]) -> tuple[Column, ...]:
    return tuple(Column(*column) for column in columns)


PETITION = (("工单编号", 20), ("标题", 40))
LISTS = (
    Listing(
        "returns",
        "退单与错派",
        _columns(("类别", 10), ("名称", 30), *((TURNS[turn][0], 16) for turn in OF_UNITS)),
        _returns,
    ),
    Listing(
        "books",
        "挂账台账",
        _columns(
            *(*PETITION, ("街道、社区", 24), ("原因", 24), ("承办单位", 24), ("责任领导", 14)),
            *(("挂账时间", WHEN), ("预计销账", 12), ("下次复核", 18), ("总用时", 14)),
        ),
        _books,
    ),
    Listing(
        "callbacks",
        "待回访",
        _columns(
            *PETITION, ("承办单位", 24), ("事项", 26), ("时限", 18), ("打过几次", 24), ("何时打", 8), ("为什么", 40)
        ),
        _call_backs,
        open_to=lambda user: holds(user, *CALLERS_BACK.duties),
    ),
    Listing(
        "rechecks",
        "满意件抽查",
        _columns(
            *(("月份", 9), ("承办单位", 24), *PETITION, ("原回访：解决", 12), ("原回访：满意", 12)),
            *(("复核结论", 16), ("复核：解决", 12), ("复核：满意", 12), ("复核人", 10), ("复核时间", WHEN)),
        ),
        _rechecks,
    ),
    Listing(
        "cards",
        "亮牌",
        _columns(
            *(*PETITION, ("承办单位", 24), ("牌", 8), ("亮牌时间", WHEN)),
            *(("撤销时间", WHEN), ("撤销人", 10), ("撤销理由", 40)),
        ),
        _cards,
    ),
    Listing(
        "left-out",
        "考核剔除",
        _columns(
            *(*PETITION, ("剔除理由", 16), ("事实说明", 40), ("结论", 10)),
            *(("提出人", 10), ("提出时间", WHEN), ("复核人", 10), ("复核时间", WHEN)),
        ),
        _left_out,
    ),
)
