"""The verbs of grids: the only writers of who lives where and who answers for it, what was changed, visited, found."""

from grids.workflow.caring import add_care, end_care
from grids.workflow.crisis import report_crisis
from grids.workflow.doors import Door, register_door
from grids.workflow.editing import Clash, Clashing, Edit, edit, said_at
from grids.workflow.facts import edit_facts
from grids.workflow.holding import NumberTaken
from grids.workflow.merging import merge_across, merge_households, merge_residents
from grids.workflow.moving import found, move_in, move_out, move_over, register_birth, register_death
from grids.workflow.needs import settle_need
from grids.workflow.pinpointing import pinpoint, pinpoint_all
from grids.workflow.redrawing import redraw
from grids.workflow.regridding import Part, assign, merge, split
from grids.workflow.rules import change_rules
from grids.workflow.staffing import appoint, relieve, return_from_leave, take_leave
from grids.workflow.visiting import Found, NotInTime, Seen, visit, why_not

__all__ = [
    "Clash",
    "Clashing",
    "Door",
    "Edit",
    "Found",
    "NotInTime",
    "NumberTaken",
    "Part",
    "Seen",
    "add_care",
    "appoint",
    "assign",
    "change_rules",
    "edit",
    "edit_facts",
    "end_care",
    "found",
    "merge",
    "merge_across",
    "merge_households",
    "merge_residents",
    "move_in",
    "move_out",
    "move_over",
    "pinpoint",
    "pinpoint_all",
    "redraw",
    "register_birth",
    "register_death",
    "register_door",
    "relieve",
    "report_crisis",
    "return_from_leave",
    "said_at",
    "settle_need",
    "split",
    "take_leave",
    "visit",
    "why_not",
]
