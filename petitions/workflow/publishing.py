"""A case is published (案例公开): in words that a reviewer wrote, and nobody can be recognised in; or taken back."""

from datetime import datetime

from accounts.models import User
from accounts.notnow import NotNow
from petitions import redaction
from petitions.models import Petition, Publication
from petitions.step import step


def publish_case(
    petition: Petition,
    *,
    level: str,
    title: str,
    answer: str,
    question: str = "",
    by: User,
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    with step("publish_case", petition, by=by, at=at, seen=seen) as this:
        if why := next(filter(None, (tells_who(petition, words) for words in (title, question, answer))), ""):
            raise NotNow(why)
        case = Publication(
            petition=petition,
            level=Publication.Level(level),
            title=title,
            question=question,
            answer=answer,
            unit_id=petition.unit_id,
            published_at=this.at,
            published_by=by,
        )
        case.index_words()
        this.add(case)
        this.note = title
        this.detail["level"] = case.get_level_display()


def withdraw_case(
    petition: Petition, *, why: str, by: User, at: datetime | None = None, seen: int | None = None
) -> None:
    with step("withdraw_case", petition, by=by, at=at, seen=seen) as this:
        case = petition.publications.standing().get()
        this.change(case, withdrawn_at=this.at, withdrawn_by=by, withdrawn_why=why)
        this.note = why


def tells_who(petition: Petition, words: str) -> str:
    """Why these words cannot be published; empty when nobody can be recognised in them."""
    found = redaction.scan(words, names_of(petition))
    said = "、".join(f"“{words[one.start : one.end]}”（{one.kind}）" for one in found[:5])
    return f"{said}可能让人认出是谁，请删去或改写。" if found else ""


def names_of(petition: Petition) -> list[str]:
    return [petition.caller_name] if petition.caller_name else []
