"""Meetings, briefings, tasks, topics, supervision notices: what the list of each shows under its tab."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.http import QueryDict

from accounts.listings import Cell, Column, Found, Listing, found, minute
from accounts.models import User
from petitions.models import Briefing, Meeting, SupervisionNotice, Task, Topic
from petitions.paper_queues import timed
from petitions.papers.queues import TITLES, narrowed

WHEN = 17
Line = Callable[[Any, datetime], tuple[Cell, ...]]


def find(kind: str, line: Line, user: User, asked: QueryDict, at: datetime) -> Found:
    _, chosen, papers = narrowed(kind, asked.get("facet", ""), user, at)
    return found(papers, lambda paper: line(paper, at), chosen.label if chosen else "全部")


def _notice(paper: SupervisionNotice, at: datetime) -> tuple[Cell, ...]:
    about = (paper.number or "", paper.title, paper.time_label, paper.get_state_display(), str(paper.unit))
    days = (minute(paper.drafted_at), minute(paper.issued_at), minute(paper.complete_by))
    return (*about, paper.get_origin_display(), paper.petition.number, *days, _left(paper, at))


def _briefing(paper: Briefing, at: datetime) -> tuple[Cell, ...]:
    about = (paper.number, paper.reason, *_of(paper.petition), paper.get_duty_display(), paper.get_state_display())
    return (*about, minute(paper.raised_at), minute(paper.read_at), minute(paper.concluded_at))


def _task(paper: Task, at: datetime) -> tuple[Cell, ...]:
    source = paper.decision.meeting if paper.decision else paper.instruction.briefing if paper.instruction else None
    about = (paper.content, str(paper.unit), source.number if source else "", paper.get_state_display())
    return (*about, minute(paper.assigned_at), minute(paper.due_at), minute(paper.done_at), _left(paper, at))


def _meeting(paper: Meeting, at: datetime) -> tuple[Cell, ...]:
    about = (paper.number, paper.title, paper.get_kind_display(), paper.get_state_display(), minute(paper.held_at))
    return (*about, paper.venue, str(paper.convener), f"{paper.next_review_on or ''}")


def _topic(paper: Topic, at: datetime) -> tuple[Cell, ...]:
    number, _ = _of(paper.petition)
    about = (paper.subject, paper.get_level_display(), paper.get_state_display(), paper.reason, number)
    return (*about, minute(paper.raised_at), str(paper.raised_by or "督办同时提请"))


def _of(petition: Any) -> tuple[str, str]:
    return (petition.number, petition.title) if petition else ("", "")


def _left(paper: Any, at: datetime) -> str:
    _, left = timed(paper, at)
    return left.words if left else ""


def _listing(kind: str, line: Line, *columns: tuple[str, int]) -> Listing:
    return Listing(kind, TITLES[kind], tuple(Column(*column) for column in columns), partial(find, kind, line))


LISTS = (
    _listing(
        "supervision",
        _notice,
        *(("发文字号", 24), ("标题", 44), ("第几次督办", 10), ("状态", 16), ("主送单位", 24), ("督办事由", 20)),
        *(("来源工单", 20), ("拟稿时间", WHEN), ("签发时间", WHEN), ("完成时限", WHEN), ("时限", 18)),
    ),
    _listing(
        "briefings",
        _briefing,
        *(("呈阅件编号", 24), ("呈报事由", 36), ("来源工单", 20), ("工单标题", 36), ("呈报", 24), ("状态", 10)),
        *(("呈报时间", WHEN), ("阅读时间", WHEN), ("办结时间", WHEN)),
    ),
    _listing(
        "tasks",
        _task,
        *(("任务", 50), ("牵头单位", 24), ("来源", 24), ("状态", 16), ("交办时间", WHEN)),
        *(("完成时限", WHEN), ("完成时间", WHEN), ("时限", 18)),
    ),
    _listing(
        "meetings",
        _meeting,
        *(("会议编号", 24), ("会议名称", 40), ("类别", 14), ("状态", 12), ("会议时间", WHEN)),
        *(("地点", 24), ("召集人", 12), ("下次复盘日", 12)),
    ),
    _listing(
        "topics",
        _topic,
        *(("议题", 40), ("上什么会", 14), ("状态", 14), ("提请事由", 36), ("来源工单", 20)),
        *(("提请时间", WHEN), ("提请人", 14)),
    ),
)
