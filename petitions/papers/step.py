"""The frame around everything done to a paper: lock, check, let the verb do its part, record, commit."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts import notices
from accounts.models import Notice, User
from accounts.notnow import NotNow
from petitions import step as petition_step
from petitions.models import Briefing, Meeting, Petition, SupervisionNotice, Task
from petitions.papers.hindrances import hindrance
from petitions.papers.rules import RULES, Paper, PaperRule
from petitions.papers.seats import sits

FOLDERS: dict[type[Paper], str] = {
    Meeting: "meetings",
    Briefing: "briefings",
    Task: "tasks",
    SupervisionNotice: "supervision",
}
STALE = "这一页刚刚被别人改过，已经不是您看到的样子，请看最新的情况再办。"


@dataclass
class PaperStep:
    action: str
    rule: PaperRule
    paper: Paper
    by: User
    at: datetime
    note: str = ""

    def change(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self.paper, name, value)
        self.paper.save(update_fields=list(values))

    def on_petition(self, petition: Petition | None, action: str, note: str) -> None:
        """The petition's own story says it, too: by a verb of its table."""
        if petition is not None:
            with petition_step.step(action, petition, by=self.by, at=self.at) as this:
                this.note = note

    def tell(self, people: Iterable[User], title: str, body: str = "", weight: str = Notice.Weight.INFO) -> None:
        tell(self.paper, people, f"{self.action}:{self.paper.version}", title, at=self.at, body=body, weight=weight)


@contextmanager
def paper_step(
    action: str, paper: Paper, *, by: User, at: datetime | None, seen: int | None = None
) -> Iterator[PaperStep]:
    rule, at = RULES[type(paper)][action], at or timezone.now()
    with transaction.atomic():
        locked: Any = type(paper)._default_manager.select_for_update(no_key=True)
        paper.refresh_from_db(from_queryset=locked)
        check(action, paper, by=by, at=at, seen=None if rule.beside else seen)
        this = PaperStep(action, rule, paper, by, at)
        yield this
        this.change(state=rule.target or paper.state, version=paper.version + (not rule.beside))
        record(paper, action, by=by, at=at, note=this.note)


def check(action: str, paper: Paper, *, by: User, at: datetime, seen: int | None = None) -> None:
    """May she, and now? Raises PermissionDenied, or NotNow with the sentence that says why not."""
    rule = RULES[type(paper)][action]
    if not sits(by, rule.who, paper):
        raise PermissionDenied
    if seen is not None and seen != paper.version:
        raise NotNow(STALE)
    if paper.state not in rule.sources:
        raise NotNow(f"{paper._meta.verbose_name}现在是“{paper.get_state_display()}”，不能{rule.label}。")
    if why := hindrance(action, paper, at):
        raise NotNow(why)


def record(paper: Paper, action: str, *, by: User | None, at: datetime, note: str = "") -> None:
    paper.events.create(action=action, by=by, at=at, note=note)


def available(paper: Paper, user: User, at: datetime) -> dict[str, str]:
    """The actions this person has on this paper now, each with what still stands in its way."""
    return {
        action: hindrance(action, paper, at)
        for action, rule in RULES[type(paper)].items()
        if paper.state in rule.sources and sits(user, rule.who, paper)
    }


def address(paper: Paper) -> str:
    return f"/{FOLDERS[type(paper)]}/{paper.pk}/"


def tell(
    paper: Paper,
    people: Iterable[User],
    key: str,
    title: str,
    *,
    at: datetime,
    body: str = "",
    weight: str = Notice.Weight.INFO,
) -> None:
    path = address(paper)
    notices.tell(people, key=f"{path}:{key}", title=title, at=at, body=body, path=path, weight=weight)
