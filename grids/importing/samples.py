"""A few cells of each column, so that whoever maps the columns can tell them apart: kept sealed, shown masked."""

import json
import re
from collections.abc import Callable
from itertools import islice

from accounts import masking
from accounts.sealing import Unreadable
from grids.importing import cells
from grids.importing.columns import guess, is_forbidden, plain
from grids.importing.files import Row, Sheet
from grids.importing.row import MASKS

LOOKED_AT, TAKEN = 200, 3  # rows, and different cells of a column
KEPT, SHOWN = 60, 18  # characters: a number that begins within the shown ones is kept whole, and so known as a number
DATES = ("born_on", "since", "assessed_on")
NAMES = re.compile("姓名|名字")


def taken(sheet: Sheet) -> str:
    """From the first rows; what may not be collected is not looked at."""
    rows = [row for _, row in islice(sheet.rows, LOOKED_AT)]
    of = [[] if is_forbidden(head) else _different(rows, n) for n, head in enumerate(sheet.heads)]
    return json.dumps(of, ensure_ascii=False)


def read(kept: str) -> list[list[str]]:
    """By the position of the column; nothing where the key is lost."""
    found: list[list[str]] = [] if not kept or isinstance(kept, Unreadable) else json.loads(kept)
    return found


def shown(said: list[str], *, head: str, name: str) -> str:
    """As the column deserves: as what its heading says it is, or else as what it was mapped to."""
    mask = _mask(head, name)
    masked = [words if len(words) <= SHOWN else f"{words[:SHOWN]}…" for words in map(mask, said)]
    return f"如 {' · '.join(dict.fromkeys(masked))}" if masked else f"前 {LOOKED_AT} 行没有内容"


def _different(rows: list[Row], n: int) -> list[str]:
    said = (" ".join(cells.words(row[n]).split())[:KEPT] for row in rows if n < len(row))
    return list(islice(dict.fromkeys(filter(None, said)), TAKEN))


def _mask(head: str, name: str) -> Callable[[str], str]:
    for known in (guess(head), name):
        if known in DATES:
            return masking.mask_day
        if known in MASKS:
            return MASKS[known]
    return masking.mask_name if NAMES.search(plain(head)) else masking.mask_numbers
