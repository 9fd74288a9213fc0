"""The audit trail: who did what, when, to what; and who looked at whose data. Never what was said or seen.

Each kind of record stays the table that it is. A page takes a few of the newest rows of each and lays them together by
their instants, so that it costs as much among ten million rows as among ten.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.db.models import Q, QuerySet

from accounts.masking import mask_numbers
from accounts.models import Access, User
from accounts.models.access import OF_PETITION
from petitions.keyset import EPOCH
from petitions.models import Briefing, Event, Meeting, PaperEvent, Petition, SupervisionNotice, Task
from petitions.papers.rules import RULES as PAPER_RULES
from petitions.papers.rules import SENTENCES as PAPER_SENTENCES
from petitions.papers.step import address
from petitions.rules import NOTICE_SENTENCES, RULES, TICK_SENTENCES
from petitions.timeline import actor

LOOKS = (Access.Kind.UNMASK, Access.Kind.EXPORT, Access.Kind.DOWNLOAD)
KINDS: dict[str, str] = {
    "people": "办理诉求",
    "clock": "系统与群众",
    "papers": "督办、会议、批示",
    "looks": "查阅（明文、导出、附件）",
    **{kind.value: f"其中：{kind.label}" for kind in LOOKS},
    Access.Kind.SIGN_IN.value: "登录",
    Access.Kind.ERASE.value: Access.Kind.ERASE.label,
    "admin": "系统管理",
}
FLAGS = {ADDITION: "新增", CHANGE: "修改"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the page says."""

    kind: str = ""
    people: tuple[int, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None
    subject: str = ""  # the number of a petition or a paper, or a word of what was administered
    petition: int | None = None  # the one of that number


@dataclass(slots=True)
class Line:
    at: datetime
    who: str
    username: str
    kind: str
    what: str
    subject: str
    href: str = ""


class Cursor(NamedTuple):
    """Where a row stands among all of them: by its instant, then by its table, then by its number."""

    at: datetime
    rank: int
    pk: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // timedelta(microseconds=1)}-{self.rank}-{self.pk}"

    @classmethod
    def read(cls, words: str) -> "Cursor | None":
        """None for what makes no sense, which means the first page."""
        parts = words[:60].split("-")
        if len(parts) != len(cls._fields) or not all(part.isascii() and part.isdigit() for part in parts):
            return None
        try:
            return cls(EPOCH + timedelta(microseconds=int(parts[0])), int(parts[1]), min(int(parts[2]), 2**63 - 1))
        except OverflowError:
            return None

    def before(self, source: "Source", rank: int) -> Q:
        """What of that table comes after it, the newest standing first."""
        instant = source.instant
        if rank != self.rank:
            return Q(**{f"{instant}__{'lte' if rank < self.rank else 'lt'}": self.at})
        return Q(**{f"{instant}__lte": self.at}) & (Q(**{f"{instant}__lt": self.at}) | Q(pk__lt=self.pk))


class Source(NamedTuple):
    kinds: tuple[str, ...]
    instant: str
    by: str
    rows: Callable[[Asked], QuerySet[Any, Any] | None]  # None: nothing of it has to do with what was asked
    line: Callable[[Any], Line]


def page(user: User, asked: Asked, *, size: int, after: str = "") -> tuple[list[Line], str]:
    """The newest first, and what `after` of the next page is."""
    cursor, found = Cursor.read(after), []
    for rank, source in enumerate(SOURCES):
        if (rows := _narrowed(source, asked)) is not None:
            if cursor:
                rows = rows.filter(cursor.before(source, rank))
            newest = rows.order_by(f"-{source.instant}", "-pk")[: size + 1]
            found += [(Cursor(getattr(row, source.instant), rank, row.pk), source, row) for row in newest]
    found.sort(key=lambda one: one[0], reverse=True)
    lines = [source.line(row) for _, source, row in found[:size]]
    _link(user, [row for _, _, row in found[:size]], lines)
    return lines, str(found[size - 1][0]) if len(found) > size else ""


def every(user: User, asked: Asked, *, chunk: int) -> Iterator[Line]:
    after = ""
    while True:
        lines, after = page(user, asked, size=chunk, after=after)
        yield from lines
        if not after:
            return


def count(asked: Asked, *, most: int) -> int:
    narrowed = (_narrowed(source, asked) for source in SOURCES)
    return sum(rows.order_by()[:most].count() for rows in narrowed if rows is not None)


def _narrowed(source: Source, asked: Asked) -> QuerySet[Any, Any] | None:
    rows = source.rows(asked) if not asked.kind or asked.kind in source.kinds else None
    if rows is None:
        return None
    if asked.people is not None:
        rows = rows.filter(**{f"{source.by}__in": asked.people})
    if asked.since:
        rows = rows.filter(**{f"{source.instant}__gte": asked.since})
    return rows.filter(**{f"{source.instant}__lt": asked.until}) if asked.until else rows


# --- What each kind of record says ------------------------------------------------------------------------


def _events(asked: Asked) -> QuerySet[Any, Any] | None:
    if asked.subject and asked.petition is None:
        return None
    rows = Event.objects.select_related("by", "petition").only("at", "action", *WHO, "petition", "petition__number")
    if asked.kind:
        rows = rows.filter(by__isnull=asked.kind == "clock")
    return rows.filter(petition=asked.petition) if asked.petition else rows


def _event(row: Event) -> Line:
    rule = RULES.get(row.action)
    what = rule.label if rule else TICK_SENTENCES.get(row.action) or NOTICE_SENTENCES.get(row.action, row.action)
    return _line(row, actor(row), KINDS["people" if row.by else "clock"], what, row.petition.number)


def _papers(asked: Asked) -> QuerySet[Any, Any] | None:
    rows = PaperEvent.objects.select_related("by", "meeting", "briefing", "task", "notice").only(
        *("at", "action", *WHO, "meeting", "briefing", "task", "notice"),
        *("meeting__number", "briefing__number", "task__state", "notice__number"),
    )
    if asked.petition:
        return rows.filter(Q(notice__petition=asked.petition) | Q(briefing__petition=asked.petition))
    if not asked.subject:
        return rows
    return rows.filter(
        Q(notice__number=asked.subject) | Q(briefing__number=asked.subject) | Q(meeting__number=asked.subject)
    )


def _paper_event(row: PaperEvent) -> Line:
    paper = _paper(row)
    rule = PAPER_RULES[type(paper)].get(row.action)
    what = f"{paper._meta.verbose_name}：{rule.label if rule else PAPER_SENTENCES.get(row.action, row.action)}"
    number = getattr(paper, "number", None) or f"{paper._meta.verbose_name} {paper.pk}"
    return _line(row, str(row.by or "系统"), KINDS["papers"], what, number)


def _accesses(asked: Asked) -> QuerySet[Any, Any] | None:
    rows = Access.objects.select_related("by").only("at", "kind", "subject", "field", "reason", *WHO)
    if asked.kind:
        rows = rows.filter(kind__in=LOOKS if asked.kind == "looks" else [asked.kind])
    if asked.subject:
        return rows.of(asked.subject) if asked.petition else rows.filter(subject=asked.subject)
    return rows


def _access(row: Access) -> Line:
    what = "，".join(filter(None, (row.get_kind_display(), row.field, mask_numbers(row.reason))))
    subject = row.subject.removeprefix(OF_PETITION) if row.kind in LOOKS else ""
    return _line(row, str(row.by), row.get_kind_display(), what, subject if subject[:2] == "SG" else "")


def _administered(asked: Asked) -> QuerySet[Any, Any] | None:
    rows = LogEntry.objects.select_related("user", "content_type")
    if asked.petition:
        return None
    return rows.filter(object_repr__icontains=asked.subject) if asked.subject else rows


def _admin(row: LogEntry) -> Line:
    kind: Any = row.content_type.model_class() if row.content_type else None
    name = kind._meta.verbose_name if kind else ""
    what = f"{FLAGS.get(row.action_flag, '删除')}{name}"
    return Line(row.action_time, str(row.user), row.user.username, KINDS["admin"], what, mask_numbers(row.object_repr))


def _line(row: Any, who: str, kind: str, what: str, subject: str) -> Line:
    return Line(row.at, who, row.by.username if row.by else "", kind, what, subject)


def _paper(row: PaperEvent) -> Meeting | Briefing | Task | SupervisionNotice:
    paper = row.notice or row.briefing or row.meeting or row.task
    assert paper is not None
    return paper


def _link(user: User, rows: list[Any], lines: list[Line]) -> None:
    """Where she may see the subject: one question for petitions and one for each kind of paper."""
    numbers = {line.subject for line in lines if line.subject[:2] == "SG"}
    seen = set(Petition.objects.visible_to(user).filter(number__in=numbers).values_list("number", flat=True))
    papers = {row.pk: _paper(row) for row in rows if isinstance(row, PaperEvent)}
    hers = set()
    for kind in (SupervisionNotice, Briefing, Meeting, Task):
        keys = [paper.pk for paper in papers.values() if isinstance(paper, kind)]
        visible: Any = kind.objects.visible_to(user)
        hers |= {(kind, pk) for pk in visible.filter(pk__in=keys).values_list("pk", flat=True)}
    for row, line in zip(rows, lines, strict=True):
        if line.subject in seen:
            line.href = f"/petitions/{line.subject}/"
        elif isinstance(row, PaperEvent) and (type(papers[row.pk]), papers[row.pk].pk) in hers:
            line.href = address(papers[row.pk])


WHO = ("by", "by__name", "by__username")
SOURCES = (
    Source(("admin",), "action_time", "user", _administered, _admin),
    Source(("papers",), "at", "by", _papers, _paper_event),
    Source(("people", "clock"), "at", "by", _events, _event),
    Source(("looks", *(kind.value for kind in LOOKS), "sign_in", "erase"), "at", "by", _accesses, _access),
)
