"""The verbs: everything that can happen to a petition. Each is one transaction of row, event, clocks, notices."""

from petitions.workflow.afterwards import archive, rate, reopen
from petitions.workflow.amending import amend
from petitions.workflow.arrival import accept, answer, dispatch, refuse, register
from petitions.workflow.assisting import assist_reply, assist_sign, involve, release
from petitions.workflow.calling_back import call_back, conclude
from petitions.workflow.catalogue import end_ruling, enter_ruling, word_ruling
from petitions.workflow.excluding import decide_exclusion, propose_exclusion
from petitions.workflow.extending import ask_extension, grant_extension, refuse_extension, stage_feedback
from petitions.workflow.handling import approve, contact, correct, pass_review, reply, send_back, sign
from petitions.workflow.inviting import answer_by_link, invite
from petitions.workflow.knowledge import check_entry, end_entry, write_entry
from petitions.workflow.leaking import record_leak
from petitions.workflow.merging import call_back_merged, merge, unmerge
from petitions.workflow.offers import available
from petitions.workflow.publishing import publish_case, withdraw_case
from petitions.workflow.raising import brief, raise_topic
from petitions.workflow.rechecking import draw_rechecks, recheck
from petitions.workflow.returns import arbitrate, dispute, hand_back, reject_return, uphold_return
from petitions.workflow.sending_on import conclude_hazards, find_and_send_on, photograph, send_on
from petitions.workflow.shifts import hand_over, take_over
from petitions.workflow.supervising import inspect, propose_supervision, urge, withdraw_card
from petitions.workflow.suspending import (
    approve_suspension,
    ask_suspension,
    refuse_suspension,
    resume,
    review_suspension,
)
from petitions.workflow.templates import end_template, may_keep, write_template
from petitions.workflow.terminating import ask_termination, refuse_termination, terminate

__all__ = [
    "accept",
    "amend",
    "answer",
    "answer_by_link",
    "approve",
    "approve_suspension",
    "arbitrate",
    "archive",
    "ask_extension",
    "ask_suspension",
    "ask_termination",
    "assist_reply",
    "assist_sign",
    "available",
    "brief",
    "call_back",
    "call_back_merged",
    "check_entry",
    "conclude",
    "conclude_hazards",
    "contact",
    "correct",
    "decide_exclusion",
    "dispatch",
    "dispute",
    "draw_rechecks",
    "end_entry",
    "end_ruling",
    "end_template",
    "enter_ruling",
    "find_and_send_on",
    "grant_extension",
    "hand_back",
    "hand_over",
    "inspect",
    "invite",
    "involve",
    "may_keep",
    "merge",
    "pass_review",
    "photograph",
    "propose_exclusion",
    "propose_supervision",
    "publish_case",
    "raise_topic",
    "rate",
    "recheck",
    "record_leak",
    "refuse",
    "refuse_extension",
    "refuse_suspension",
    "refuse_termination",
    "register",
    "reject_return",
    "release",
    "reopen",
    "reply",
    "resume",
    "review_suspension",
    "send_back",
    "send_on",
    "sign",
    "stage_feedback",
    "take_over",
    "terminate",
    "unmerge",
    "uphold_return",
    "urge",
    "withdraw_card",
    "withdraw_case",
    "word_ruling",
    "write_entry",
    "write_template",
]
