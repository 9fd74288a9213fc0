"""More time, a place on the books, an end, one petition of two: what may be asked for now, and who decides."""

from datetime import datetime

from accounts.models import User
from petitions import ledger, terms, turns
from petitions.models import FINISHED, Extension, Petition, Promise, Status, Suspension
from petitions.permissions import DIRECTORS, REVIEWERS, Party
from petitions.promises import Length
from petitions.rules import AGREES


def extension_cap(petition: Petition) -> Length | None:
    """The longest that the class of the promise allows; the class is that of the day it was made."""
    clock = ledger.current().last_clock(petition, Promise.RESOLVE)
    return terms.extension_cap(clock.promise_class) if clock else None


def decides_extension(length: Length) -> Party:
    """Up to so many days the reviewer, above them the director."""
    days = Length(terms.setting("extension_reviewer_days"), "working_day" if length.working else "day")
    return REVIEWERS if length.delta <= days.delta else DIRECTORS


def not_extendable(petition: Petition, by: User | None, at: datetime) -> str:
    book = ledger.current()
    clock, asked = book.last_clock(petition, Promise.RESOLVE), book.asked(Extension, petition)
    if extension_cap(petition) is None:
        return "这一类诉求不予延期。"
    if asked is not None and asked.round == petition.redo_count + 1:
        return "每次办理只能申请一次延期，本次已经申请过。"
    if clock is None or clock.stopped_at is not None or at > clock.due_at:
        return "延期须在到期前申请，现在已经超期。"
    return ""


def not_hers_to_extend(petition: Petition, by: User | None, at: datetime) -> str:
    asked = ledger.current().asked(Extension, petition)
    if asked is None or by is None or decides_extension(asked.length).includes(by, petition):
        return ""
    return f"申请延长 {terms.said(asked.length)}，须由{_whose(decides_extension(asked.length))}审批。"


def not_her_turn(petition: Petition, by: User | None, at: datetime) -> str:
    asked = ledger.current().asked(Suspension, petition)
    if asked is None or by is None or AGREES[asked.awaiting].includes(by, petition):
        return ""
    return f"现在等{Suspension.Step(asked.awaiting).label}审批。"


def no_evidence(petition: Petition, by: User | None, at: datetime) -> str:
    lead = ledger.current().lead(petition)
    if lead and not any(one.uploaded_at >= lead.dispatched_at for one in petition.attachments.all()):
        return "终止办理须附证明材料，请先“上传附件”。"
    return ""


def has_others(petition: Petition, by: User | None, at: datetime) -> str:
    count = petition.merged.count()
    return f"已有 {count} 件并入本件，本件是主单，不能再并入别的。" if count else ""


def why_not_into(petition: Petition, main: Petition) -> str:
    if main.pk == petition.pk:
        return "不能并入自己，请填另一件的编号。"
    if main.status == Status.MERGED and main.merged_into:
        return f"{main.number} 自己已并入 {main.merged_into.number}，请直接并入后者。"
    if main.status in FINISHED:
        return f"{main.number} 已经{main.get_status_display()}，只能并入还在办的诉求。"
    return ""


def main_goes_on(petition: Petition, by: User | None, at: datetime) -> str:
    """The others are told when the main one is done, and once each time it is."""
    main = petition.merged_into
    if main is None or main.is_open:
        return f"主单 {main.number} 还没有办完，办完后再告知和回访。" if main else ""
    if petition.informed_at and main.concluded_at and petition.informed_at >= main.concluded_at:
        return "这位诉求人已经告知和回访过。" if by else "这件诉求已经评价过了，感谢您的反馈。"
    return turns.worked_on_it(main, by)


def _whose(party: Party) -> str:
    return "中心主任" if party is DIRECTORS else "中心审核员"
