"""Words to search by: every pair of neighbouring Chinese characters, and every run of letters and digits.

Pure. Pairs find any Chinese word of two characters and more by index, whatever the locale of the database.
"""

import re
import unicodedata
from collections.abc import Collection
from operator import add

# What stands between words, in its wide form: without it, most texts are normal already, which is quickly seen.
_WIDE = str.maketrans(dict.fromkeys("，！？：；（）～　", " "))
_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+|[a-z0-9]+")


def grams(text: str) -> list[str]:
    """The searchable words of a text, each once, in order; full-width letters and digits count as ordinary ones."""
    found: dict[str, None] = {}
    for run in _RUN.findall(_plain(text)):
        if run[0].isascii():
            found[run[:32]] = None
        elif len(run) == 1:
            found[run] = None
        else:
            found.update(dict.fromkeys(map(add, run, run[1:])))
    return list(found)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text.translate(_WIDE)).lower()


def phrases(text: str, found: Collection[str]) -> list[str]:
    """The found words as they stand in the text, pairs joined again: 路灯 灯不 不亮 → 路灯不亮. Longest first."""
    seen: dict[str, None] = {}
    for run in _RUN.findall(_plain(text)):
        if run[0].isascii():
            if run[:32] in found:
                seen[run[:32]] = None
            continue
        start = end = 0
        for i in range(len(run) - 1):
            if run[i : i + 2] not in found:
                continue
            if i >= end:  # this pair does not touch the ones before it
                seen[run[start:end]] = None
                start = i
            end = i + 2
        seen[run[start:end]] = None
    return sorted((phrase for phrase in seen if phrase), key=len, reverse=True)
