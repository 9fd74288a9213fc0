"""What the desk keeps: dispatch catalogue, knowledge base, ready words, notes between shifts, published cases."""

from datetime import datetime

from django.http import QueryDict
from django.utils import timezone

from accounts.listings import Cell, Column, Found, Listing, found, minute
from accounts.models import User
from grids.scope import duties_of
from petitions import knowledge
from petitions.models import Entry, Handover, Publication, Ruling, Template
from petitions.models.entry import ENTRY_READERS
from petitions.models.handover import HANDOVER_READERS
from petitions.models.publication import PUBLICATION_READERS
from petitions.models.ruling import READERS
from petitions.models.template import TEMPLATE_READERS

WHEN = 17


def _rulings(user: User, asked: QueryDict, at: datetime) -> Found:
    ended, words = asked.get("ended") == "1", asked.get("q", "").strip()[:60]
    rows = Ruling.objects.visible_to(user).narrowed(ended=ended, words=words)
    said = "已停用或被取代" if ended else "在用"
    return found(rows.with_names(), _ruling, f"{said}；含“{words}”" if words else said)


def _ruling(one: Ruling) -> tuple[Cell, ...]:
    about = (one.item.name, str(one.place), one.said_words, str(one.unit), one.basis)
    source = one.petition.number if one.petition else ""
    ended = (minute(one.ended_at), str(one.ended_by or ""), one.ended_why)
    return (*about, source, minute(one.ruled_at), str(one.ruled_by), *ended)


def _entries(user: User, asked: QueryDict, at: datetime) -> Found:
    wanted = knowledge.Asked.read(asked)
    return found(wanted.entries(user, timezone.localdate(at)), _entry, wanted.said)


def _entry(one: Entry) -> tuple[Cell, ...]:
    about = (one.pk, one.title, one.text, one.said_items, one.source, f"{one.valid_from}", f"{one.valid_until or ''}")
    people = (str(one.written_by), minute(one.written_at), str(one.checked_by or ""), minute(one.checked_at))
    return (*about, *people, minute(one.ended_at), one.ended_why)


def _handovers(user: User, asked: QueryDict, at: datetime) -> Found:
    rows = Handover.objects.visible_to(user).select_related("written_by", "read_by").prefetch_related("petitions")
    return found(rows, _handover, "全部")


def _handover(note: Handover) -> tuple[Cell, ...]:
    numbers = "、".join(petition.number for petition in note.petitions.all())
    written = (str(note.written_by), minute(note.written_at))
    about = (f"{note.on}", note.get_shift_display(), note.text, numbers)
    return (*about, *written, str(note.read_by or ""), minute(note.read_at))


def _templates(user: User, asked: QueryDict, at: datetime) -> Found:
    rows = Template.objects.visible_to(user).of_action(asked.get("action", ""))
    action = dict(Template.Action.choices).get(asked.get("action", ""), "全部")
    return found(rows.select_related("item", "unit", "owner", "written_by"), _template, str(action))


def _template(one: Template) -> tuple[Cell, ...]:
    about = (one.title, one.get_action_display(), one.item.name if one.item else "各事项通用", one.whose, one.text)
    return (*about, str(one.written_by), minute(one.written_at))


def _cases(user: User, asked: QueryDict, at: datetime) -> Found:
    rows = Publication.objects.visible_to(user)
    return found(rows.select_related("petition", "unit", "published_by", "withdrawn_by"), _case, "公开过的全部")


def _case(one: Publication) -> tuple[Cell, ...]:
    about = (one.petition.number, one.title, one.get_level_display(), one.question, one.answer, str(one.unit or ""))
    published = (str(one.published_by), minute(one.published_at))
    return (*about, *published, str(one.withdrawn_by or ""), minute(one.withdrawn_at), one.withdrawn_why)


def _columns(*columns: tuple[str, int]) -> tuple[Column, ...]:
    return tuple(Column(*column) for column in columns)


LISTS = (
    Listing(
        "rulings",
        "派单目录",
        _columns(
            *(("事项", 26), ("适用范围", 24), ("关键词", 20), ("承办单位", 26), ("裁定依据", 40), ("来源工单", 20)),
            *(("裁定时间", WHEN), ("裁定人", 10), ("停用时间", WHEN), ("停用人", 10), ("停用理由", 30)),
        ),
        _rulings,
        open_to=lambda user: bool(duties_of(user) & set(READERS)),
    ),
    Listing(
        "knowledge",
        "知识库",
        _columns(
            *(("编号", 8), ("标题", 36), ("答复口径", 60), ("事项", 26), ("出处", 30), ("生效日期", 12)),
            *(("有效期至", 12), ("拟稿人", 10), ("拟稿时间", WHEN), ("核对人", 10), ("核对时间", WHEN)),
            *(("停用时间", WHEN), ("停用理由", 30)),
        ),
        _entries,
        open_to=lambda user: bool(duties_of(user) & set(ENTRY_READERS)),
    ),
    Listing(
        "handovers",
        "交接班",
        _columns(
            *(("日期", 12), ("班次", 8), ("交接事项", 60), ("未了的工单", 40)),
            *(("交班人", 10), ("交班时间", WHEN), ("接班人", 10), ("接班时间", WHEN)),
        ),
        _handovers,
        open_to=lambda user: bool(duties_of(user) & set(HANDOVER_READERS)),
    ),
    Listing(
        "templates",
        "答复模板",
        _columns(("名称", 24), ("用在", 14), ("事项", 26), ("谁用", 20), ("内容", 60), ("写的人", 10), ("写于", WHEN)),
        _templates,
        open_to=lambda user: bool(duties_of(user) & set(TEMPLATE_READERS)),
    ),
    Listing(
        "cases",
        "公开案例",
        _columns(
            *(
                ("工单编号", 20),
                ("公开标题", 36),
                ("公开级别", 10),
                ("诉求（公开文本）", 50),
                ("办理结果（公开文本）", 50),
            ),
            *(("承办单位", 24), ("公开人", 10), ("公开时间", WHEN)),
            *(("撤下人", 10), ("撤下时间", WHEN), ("撤下理由", 30)),
        ),
        _cases,
        open_to=lambda user: bool(duties_of(user) & set(PUBLICATION_READERS)),
    ),
)
