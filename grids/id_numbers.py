"""Citizen identity numbers as people type them, brought to one spelling. Pure: words in, eighteen characters out."""

import unicodedata
from datetime import date

from stdnum.cn import ric
from stdnum.exceptions import InvalidComponent

UNASSIGNED = "前六位不是已有的行政区划代码，请核对。"


class NotAnIdNumber(ValueError):
    """Says in a Chinese sentence what is wrong with the number."""


def canonical(text: str, *, demo: bool = False) -> str:
    """`11010119900101 001x` → `11010119900101001X`. Raises NotAnIdNumber.

    The demo city's people live in regions that were never assigned: these are known only when `demo`.
    """
    number = "".join(unicodedata.normalize("NFKC", text).split()).replace("-", "").upper()
    if len(number) == 15 and number.isascii() and number.isdigit():
        raise NotAnIdNumber("这是 15 位的旧号码，请按身份证填写 18 位号码。")
    if len(number) != 18:
        raise NotAnIdNumber(f"身份证号码应为 18 位，现在是 {len(number)} 位。")
    if not (number.isascii() and number[:17].isdigit() and (number[17].isdigit() or number[17] == "X")):
        raise NotAnIdNumber("身份证号码只能是数字，末位可以是 X。")
    if born_on(number) is None:
        raise NotAnIdNumber("号码里的出生日期不存在，请核对第 7 至 14 位。")
    if number[17] != ric.calc_check_digit(number):
        raise NotAnIdNumber("末位校验码不对，多半有一位输错了，请逐位核对。")
    if not demo and not _assigned(number):
        raise NotAnIdNumber(UNASSIGNED)
    return number


def born_on(number: str) -> date | None:
    """The birthday in a number of eighteen; None for one that is on no calendar."""
    try:
        return ric.get_birth_date(number)
    except (InvalidComponent, ValueError):
        return None


def is_male(number: str) -> bool:
    return int(number[16]) % 2 == 1


def _assigned(number: str) -> bool:
    try:
        return bool(ric.get_birth_place(number))
    except InvalidComponent:
        return False
