"""What was written down wrong is corrected; old and new words stay in the event."""

from datetime import datetime
from typing import Any

from accounts.models import User
from petitions import moments
from petitions.models import Petition, Tag
from petitions.step import Step, step


def amend(petition: Petition, *, by: User, at: datetime | None = None, seen: int | None = None, **values: Any) -> None:
    """Correct what was written down; no clock moves. Old and new values stay in the event."""
    with step("amend", petition, by=by, at=at, seen=seen) as this:
        correct(this, **values)
        petition.index_words()
        this.change(petition, words=petition.words)


def correct(this: Step, **values: Any) -> None:
    """What differs takes the place of what was written down, and both stay in the event."""
    petition = this.petition
    changed = {name: value for name, value in values.items() if getattr(petition, name) != value}
    if changed:
        this.detail["changed"] = {
            _label(name): [_said(name, getattr(petition, name)), _said(name, value)] for name, value in changed.items()
        }
        this.change(petition, **changed)


def _label(name: str) -> str:
    return str(getattr(Petition._meta.get_field(name), "verbose_name", name))


def _said(name: str, value: Any) -> str:
    """A value in the words of the form: labels, not codes."""
    if value is None or isinstance(value, datetime):
        return moments.spelled(value) or "未填"
    if isinstance(value, list):
        return "、".join(Tag(tag).label for tag in value) or "无"
    labels = dict(getattr(Petition._meta.get_field(name), "flatchoices", ()))
    return str(labels.get(value, value))
