"""One row of the sheet while it is looked at: its cells by their columns, and what is wrong with them, masked. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from accounts import masking
from grids.importing import cells
from grids.importing.cells import Cell
from grids.importing.columns import BY_NAME

HOUSEHOLD_NEED = {"hardship": 200, "welfare": 60}
HIDDEN_OF_CARE = ("care_category", "care_degree", "care_need", "guardian", "health")
MASKS: dict[str, Callable[[str], str]] = {
    "name": masking.mask_name,
    "id_number": masking.mask_id_number,
    "phone": masking.mask_phone,
    "emergency_contact": masking.mask_name,
    "address": masking.mask_numbers,
    "born_on": masking.mask_day,
    **dict.fromkeys((*HOUSEHOLD_NEED, *HIDDEN_OF_CARE), masking.hide),
}
REPEATED = 20  # characters of a cell, at most, stand in a sentence


class Problem(NamedTuple):
    number: int
    column: str
    cell: str
    sentence: str
    stops: bool = True
    community: str = ""


@dataclass(frozen=True)
class Reader:
    """What the portal knows, small enough to be handed to another process."""

    columns: dict[str, int]  # name → position
    heads: list[str]
    community: str  # the only one, or empty
    communities: dict[str, str]  # name → code
    grids: dict[str, str]  # name or code → code
    compounds: dict[tuple[str, str], str]  # community and normalised name → name
    buildings: dict[tuple[str, str], dict[str, tuple[str, int]]]  # community and compound → said → name and number
    choices: dict[str, dict[str, str]]  # column → words → value
    makes_buildings: bool
    demo: bool
    formulas: frozenset[tuple[int, int]] = frozenset()
    today: date = date.max


@dataclass(slots=True)
class Row:
    """One row while it is looked at."""

    reader: Reader
    number: int
    cells: Sequence[Cell]
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def cell(self, name: str) -> Cell:
        n = self.reader.columns.get(name, -1)
        return self.cells[n] if 0 <= n < len(self.cells) else None

    def text(self, name: str) -> str:
        return cells.words(self.cell(name))

    def wrong(self, name: str, sentence: str, *, stops: bool = True) -> None:
        n = self.reader.columns.get(name)
        head = self.reader.heads[n] if n is not None and n < len(self.reader.heads) else BY_NAME[name].label
        cell = self.text(name)
        shown = MASKS.get(name, masking.mask_numbers)(cell)
        if cell:  # a sentence may repeat it
            sentence = sentence.replace(cell[:REPEATED], shown[:REPEATED])
        said = masking.mask_numbers(sentence)  # in a column that slipped stands anything
        self.problems.append(Problem(self.number, head[:40], shown[:60], said[:200], stops))
