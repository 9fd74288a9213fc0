from petitions.models.attachment import Attachment
from petitions.models.briefing import Briefing, Instruction, Phrase
from petitions.models.callback import DISSATISFIED, Callback, Satisfied, Solved
from petitions.models.clock import Clock
from petitions.models.direction import Direction
from petitions.models.dispatch import Dispatch
from petitions.models.draft import Draft
from petitions.models.entry import Entry
from petitions.models.event import Event
from petitions.models.exclusion import Exclusion
from petitions.models.extension import Extension
from petitions.models.handover import Handover
from petitions.models.interval import Interval
from petitions.models.leak import Leak
from petitions.models.lesson import Lesson
from petitions.models.link import AnswerLink
from petitions.models.meeting import Attendance, Decision, Meeting, Topic
from petitions.models.origin import Origin
from petitions.models.paper import PaperEvent
from petitions.models.petition import FINISHED, OPEN, Channel, Nature, Petition, Status, Tag
from petitions.models.phone import IncomingCall, PhoneEvent, PhoneExtension, PhoneSystem
from petitions.models.publication import Publication
from petitions.models.recheck import Recheck
from petitions.models.returning import Return
from petitions.models.ruling import Ruling
from petitions.models.saved import SavedFilter
from petitions.models.script import ScriptLine
from petitions.models.series import Series
from petitions.models.supervision import CardWithdrawal, StandingAuthorisation, SupervisionNotice
from petitions.models.suspension import Approval, Suspension
from petitions.models.task import Report, Task
from petitions.models.template import Template
from petitions.models.termination import Termination
from petitions.models.terms import (
    AGAINST_A_UNIT,
    WRITTEN,
    Effect,
    Promise,
    PromiseClass,
    Rung,
    Setting,
    Term,
    Workday,
    WorkingHours,
)

__all__ = [
    "AGAINST_A_UNIT",
    "DISSATISFIED",
    "FINISHED",
    "OPEN",
    "WRITTEN",
    "AnswerLink",
    "Approval",
    "Attachment",
    "Attendance",
    "Briefing",
    "Callback",
    "CardWithdrawal",
    "Channel",
    "Clock",
    "Decision",
    "Direction",
    "Dispatch",
    "Draft",
    "Effect",
    "Entry",
    "Event",
    "Exclusion",
    "Extension",
    "Handover",
    "IncomingCall",
    "Instruction",
    "Interval",
    "Leak",
    "Lesson",
    "Meeting",
    "Nature",
    "Origin",
    "PaperEvent",
    "Petition",
    "PhoneEvent",
    "PhoneExtension",
    "PhoneSystem",
    "Phrase",
    "Promise",
    "PromiseClass",
    "Publication",
    "Recheck",
    "Report",
    "Return",
    "Ruling",
    "Rung",
    "Satisfied",
    "SavedFilter",
    "ScriptLine",
    "Series",
    "Setting",
    "Solved",
    "StandingAuthorisation",
    "Status",
    "SupervisionNotice",
    "Suspension",
    "Tag",
    "Task",
    "Template",
    "Term",
    "Termination",
    "Topic",
    "Workday",
    "WorkingHours",
]
