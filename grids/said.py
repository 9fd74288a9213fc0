"""Addresses as people say and type them, brought to one form. Pure."""

import re
import unicodedata

LONGEST = 400  # characters of an address that are read
_SILENT = re.compile(r"[^0-9a-z\u3400-\u4dbf\u4e00-\u9fff]+")
_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[^0-9a-z\u3400-\u4dbf\u4e00-\u9fff]+(?=[0-9])")
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}

# “第3网格”, “3号网格”, “第十二网格”
GRID_NUMBER = re.compile(r"第?([0-9]{1,3}|[一二三四五六七八九十]{1,3})号?网格")
# Right after a road: “88号”, “88”; not “3号楼”, which is a building somewhere along it.
HOUSE_NUMBER = re.compile(r"([0-9]{1,5})(?![0-9])(?!号?[楼栋幢座])(?!单元|室|米|公里)")

_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", start=1)}


def normalise(text: str) -> str:
    """Full-width becomes half-width, capitals small, punctuation silent, “88-3” 88之3; twice is the same as once."""
    # Cut before and after: NFKC can make one character into eighteen.
    folded = unicodedata.normalize("NFKC", text[:LONGEST]).translate(_LOWER)
    return _SILENT.sub("", _BETWEEN_DIGITS.sub("之", folded))[:LONGEST]


def number_of(numeral: str) -> int:
    """“12” or “十二” as a number; from one to ninety-nine in characters."""
    if numeral.isascii():
        return int(numeral)
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return _DIGITS.get(numeral, 0)
    return 10 * _DIGITS.get(tens, 0 if tens else 1) + _DIGITS.get(ones, 0)
