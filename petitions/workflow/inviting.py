"""A resident answers by a link that works once; it is sent to her, or the caller-back sees to it."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from accounts.notnow import NotNow
from petitions import ledger, links, terms
from petitions.models import AnswerLink, Callback, Petition, Status
from petitions.step import step
from petitions.workflow.afterwards import rate
from petitions.workflow.calling_back import call_back
from petitions.workflow.merging import call_back_merged

USED_UP = "这个链接已经用过，或已过期。要再说什么，请拨打 12345，或用编号和查询码查询。"


def invite(petition: Petition, *, by: User, at: datetime | None = None) -> tuple[AnswerLink, str]:
    """A fresh link, and the secret in it, which nobody can read again; earlier ones no longer work.

    Where it can be sent (`link.next_try_at` says so), a sweep sends it after this has committed.
    """
    with step("invite", petition, by=by, at=at) as this:
        link, token = AnswerLink.prepared(
            petition,
            by=by,
            at=this.at,
            lasts=timedelta(days=terms.setting("answer_link_days")),
            to_be_sent=links.can_send(petition),
        )
        petition.answer_links.revoke(this.at)
        this.add(link)
        this.detail["until"] = link.expires_at.isoformat()
    return link, token


def answer_by_link(
    link: AnswerLink, *, contacted: bool | None, solved: str, satisfied: str, note: str, at: datetime
) -> None:
    """The link is used up in the transaction in which its answer is written."""
    with ledger.current().transaction():
        petition = Petition.objects.select_for_update(no_key=True).get(pk=link.petition_id)
        # Whoever sends twice at once waits here for the petition, and then finds the link used.
        if not AnswerLink.objects.alive(at).filter(pk=link.pk).update(used_at=at):
            raise NotNow(USED_UP)
        if petition.redo_count + 1 != link.round:
            raise NotNow("这件诉求已经重新办理，请等新的办理结果。")
        said: dict[str, Any] = {"solved": solved, "satisfied": satisfied, "contacted": contacted, "note": note}
        if petition.status == Status.MERGED:
            call_back_merged(petition, by=None, way=Callback.Way.SELF, at=at, **said)
        elif petition.is_open:
            call_back(petition, by=None, way=Callback.Way.SELF, at=at, **said)
        else:
            rate(petition, at=at, **said)
