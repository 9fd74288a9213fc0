"""Words to search by: every pair of neighbouring Chinese characters, and every run of letters and digits.

Pure. Pairs find any Chinese word of two characters and more by index, whatever the locale of the database.
"""

import re
import unicodedata

_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+|[a-z0-9]+")


def grams(text: str) -> list[str]:
    """The searchable words of a text, each once, in order; full-width letters and digits count as ordinary ones."""
    found: dict[str, None] = {}
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        if run[0].isascii():
            found[run[:32]] = None
        elif len(run) == 1:
            found[run] = None
        else:
            found.update(dict.fromkeys(run[i : i + 2] for i in range(len(run) - 1)))
    return list(found)
