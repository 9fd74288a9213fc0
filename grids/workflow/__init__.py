"""The verbs of grids: the only writers of who lives where, what was changed, visited, found and solved."""

from grids.workflow.editing import Clash, Clashing, Edit, edit
from grids.workflow.merging import merge_households, merge_residents
from grids.workflow.moving import found, move_in, move_out, move_over, register_birth, register_death

__all__ = [
    "Clash",
    "Clashing",
    "Edit",
    "edit",
    "found",
    "merge_households",
    "merge_residents",
    "move_in",
    "move_out",
    "move_over",
    "register_birth",
    "register_death",
]
