from petitions.models.attachment import Attachment
from petitions.models.callback import DISSATISFIED, Callback, Satisfied, Solved
from petitions.models.clock import Clock
from petitions.models.direction import Direction
from petitions.models.dispatch import Dispatch
from petitions.models.draft import Draft
from petitions.models.event import Event
from petitions.models.petition import FINISHED, OPEN, Channel, Nature, Petition, Status, Tag
from petitions.models.series import Series
from petitions.models.terms import Effect, Promise, PromiseClass, Rung, Setting, Term, Workday, WorkingHours

__all__ = [
    "DISSATISFIED",
    "FINISHED",
    "OPEN",
    "Attachment",
    "Callback",
    "Channel",
    "Clock",
    "Direction",
    "Dispatch",
    "Draft",
    "Effect",
    "Event",
    "Nature",
    "Petition",
    "Promise",
    "PromiseClass",
    "Rung",
    "Satisfied",
    "Series",
    "Setting",
    "Solved",
    "Status",
    "Tag",
    "Term",
    "Workday",
    "WorkingHours",
]
