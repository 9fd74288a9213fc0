"""Identity numbers as they are typed."""

import pytest
from stdnum.cn import ric

from grids import id_numbers
from grids.id_numbers import NotAnIdNumber, canonical


def number(first: str = "110101", born: str = "19900307", serial: str = "123") -> str:
    """With the right last character."""
    return f"{first}{born}{serial}" + ric.calc_check_digit(f"{first}{born}{serial}0")


def ending_in_x() -> str:
    return next(one for serial in range(100, 999) if (one := number(serial=str(serial)))[-1] == "X")


def test_spaces_and_a_small_x_are_brought_to_one_spelling() -> None:
    plain = ending_in_x()
    assert canonical(f" {plain[:6]} {plain[6:14]} {plain[14:].lower()}") == plain
    assert canonical("".join(chr(ord(c) + 0xFEE0) for c in plain)) == plain


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("110101900307123", "15 位的旧号码"),
        ("11010119900307", "现在是 14 位"),
        ("1101011990030712A4", "只能是数字"),
        (number(born="19900230"), "出生日期不存在"),
        (number()[:-1] + str((int(number()[-1].replace("X", "0")) + 1) % 10), "校验码不对"),
        (number("999999"), "行政区划代码"),
        ("", "现在是 0 位"),
    ],
)
def test_what_is_wrong_is_said(typed: str, sentence: str) -> None:
    with pytest.raises(NotAnIdNumber, match=sentence):
        canonical(typed)


def test_the_demo_citys_regions_were_never_assigned() -> None:
    assert canonical(number("999999"), demo=True) == number("999999")


def test_birthday_and_sex_stand_in_the_number() -> None:
    assert str(id_numbers.born_on(number())) == "1990-03-07"
    assert id_numbers.is_male(number(serial="123"))
    assert not id_numbers.is_male(number(serial="124"))
