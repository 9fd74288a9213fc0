"""The verbs: everything that can happen to a petition. Each is one transaction of row, event, clocks, notices."""

from petitions.workflow.afterwards import archive, rate, reopen
from petitions.workflow.amending import amend
from petitions.workflow.arrival import accept, answer, dispatch, refuse, register
from petitions.workflow.calling_back import call_back, conclude
from petitions.workflow.handling import approve, contact, correct, pass_review, reply, send_back, sign
from petitions.workflow.offers import available

__all__ = [
    "accept",
    "amend",
    "answer",
    "approve",
    "archive",
    "available",
    "call_back",
    "conclude",
    "contact",
    "correct",
    "dispatch",
    "pass_review",
    "rate",
    "refuse",
    "register",
    "reopen",
    "reply",
    "send_back",
    "sign",
]
