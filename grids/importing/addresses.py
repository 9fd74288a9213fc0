"""A door as people write it, in the parts of a standard address. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from grids.said import normalise, number_of

_NUMBERED = re.compile(r"(?:第)?(\d{1,4}|[一二三四五六七八九十]{1,3})(?:号楼|号|#楼|#|栋|幢|座|楼)?")
_UNIT = re.compile(r"(?:第)?(\d{1,2}|[一二三四五六七八九十]{1,3})(?:单元|门|单)?")
_ROOM = re.compile(r"([0-9A-Za-z-]{1,10})(?:室|号|户|房)?")
_ABOVE = re.compile(
    r"^(?:山东省?)?(?:潍坊市?)?(?:寿光市)?(?:[\u4e00-\u9fff]{2,4}(?:街道|镇))?(?:[\u4e00-\u9fff]{2,6}社区)?"
)
_DIGITS = re.compile(r"\d+")
# “向阳花园3号楼2单元501室”, “向阳花园3-2-501”
WRITTEN = re.compile(
    r"(?P<compound>.+?)(?P<building>\d{1,4}(?:号楼|#楼|#|栋|幢|座|楼)|[A-Za-z]座)"
    r"(?:(?P<unit>\d{1,2}|[一二三四五六七八九十]{1,3})(?:单元|门)-?)?(?P<room>[0-9A-Za-z]{1,8})(?:室|号|户)?"
)
DASHED = re.compile(r"(?P<compound>.+?)(?P<building>\d{1,4})-(?:(?P<unit>\d{1,2})-)?(?P<room>\d{3,5})(?:室|号|户)?")


@dataclass(frozen=True, slots=True)
class Door:
    compound: str
    building: str
    unit: str
    room: str


@lru_cache(maxsize=8192)
def building_of(text: str) -> tuple[str, int]:
    """`3`, `3#`, `3栋`, `三号楼` → (`3号楼`, 3); what has no number keeps its name."""
    if found := _NUMBERED.fullmatch(text):
        number = number_of(found[1])
        return f"{number}号楼", number
    digits = _DIGITS.search(text)
    return text, int(digits[0][-4:]) if digits else 0


@lru_cache(maxsize=8192)
def unit_of(text: str) -> str:
    found = _UNIT.fullmatch(text)
    return f"{number_of(found[1])}单元" if found else text


@lru_cache(maxsize=8192)
def room_of(text: str) -> str:
    found = _ROOM.fullmatch(text)
    return found[1].upper() if found else text


def read(address: str) -> Door | None:
    """The parts of an address that is written in one cell; None where they cannot be told apart."""
    said = re.sub(r"\s", "", unicodedata.normalize("NFKC", address))
    said = re.sub(r"[—–－~]", "-", _ABOVE.sub("", said))
    found = WRITTEN.fullmatch(said) or DASHED.fullmatch(said)
    if not found:
        return None
    return Door(found["compound"].rstrip("-"), found["building"], found["unit"] or "", found["room"])


@lru_cache(maxsize=8192)
def said_and_walk(address: str, unit: str, room: str) -> tuple[str, str]:
    """The normalised address, and where in its building a door is passed; as `Dwelling.name_address` says it."""
    return normalise(address), f"{_first_number(unit):04d}{_first_number(room):06d}"


def _first_number(words: str) -> int:
    found = _DIGITS.search(words)
    return int(found[0][-4:]) if found else 0
