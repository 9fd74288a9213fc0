"""What waits for somebody of meetings, briefings and tasks: each queue with its first few and the way to its list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from grids.scope import duties_of
from petitions.models import SupervisionNotice, Task
from petitions.papers.queues import KINDS
from petitions.timeleft import TimeLeft, left_of, left_of_notice


@dataclass(frozen=True, slots=True)
class PaperQueue:
    name: str
    label: str
    total: int
    href: str
    row: str  # the template of a row
    papers: list[tuple[Any, TimeLeft | None]]


def waiting_papers(user: User, at: datetime, *, top: int) -> list[PaperQueue]:
    held, found = duties_of(user), []
    for kind, (model, queues, related, order) in KINDS.items():
        for queue in queues:
            if not held & set(queue.duties):
                continue
            rows = model.objects.visible_to(user).filter(queue.where(user, at)).select_related(*related)
            total = rows.count()
            first = [timed(row, at) for row in rows.order_by(order, "pk")[:top]] if total else []
            href, row = f"/{kind}/?facet={queue.name}", f"papers/_row_{kind}.html"
            found.append(PaperQueue(f"{kind}-{queue.name}", queue.label, total, href, row, first))
    return found


def timed(paper: Any, at: datetime) -> tuple[Any, TimeLeft | None]:
    return paper, left_of(paper, at) if isinstance(paper, Task) else _owed(paper, at)


def _owed(paper: Any, at: datetime) -> TimeLeft | None:
    return left_of_notice(paper, at) if isinstance(paper, SupervisionNotice) else None
