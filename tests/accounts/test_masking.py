from collections.abc import Callable

import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.masking import LONG_NUMBER, NUMBER_HIDDEN, mask_id_number, mask_name, mask_numbers, mask_phone
from accounts.sealing import UNREADABLE


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张建国", "张**"),
        ("张三", "张*"),
        ("欧阳小明", "欧阳**"),
        ("欧阳", "欧*"),
        ("张", "*"),
        ("", ""),
        (" 王秀英 ", "王**"),
    ],
)
def test_a_name_keeps_its_surname(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812345678", "138****5678"),
        ("138 1234 5678", "138****5678"),
        ("0536-5221234", "*******1234"),
        ("5221234", "*****34"),
        ("110", "***"),
        ("", ""),
    ],
)
def test_a_phone_keeps_what_a_clerk_needs_to_recognise_it(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


def test_an_id_number_hides_the_birthday() -> None:
    assert mask_id_number("370783199001011234") == "370783********1234"
    assert mask_id_number("123") == "***"


@pytest.mark.parametrize("mask", [mask_name, mask_phone, mask_id_number])
def test_the_sentence_of_a_lost_key_is_shown_as_it_is(mask: Callable[[str], str]) -> None:
    assert mask(UNREADABLE) == UNREADABLE


@given(st.text(st.characters(codec="utf-8", exclude_characters="（*"), min_size=1, max_size=30))
def test_no_mask_shows_the_whole(words: str) -> None:
    assert mask_name(words) != words
    digits = "".join(character for character in words if character.isdecimal())
    assert not digits or digits not in mask_phone(words)


PIECES = ["1990-01-02", "1990-1-2", "19900102", "2003", "1", "02", "-", " ", "、", "号"]


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("“990783199001011115”不是日期", f"“{NUMBER_HIDDEN}”不是日期"),
        ("回电 138-1234-5678 或 5221234", f"回电 {NUMBER_HIDDEN} 或 {NUMBER_HIDDEN}"),
        ("没有“1980-02-30”这一天", "没有“1980-02-30”这一天"),
        ("没有“19800230”这一天", "没有“19800230”这一天"),
        ("2026-11-16 12:30 至 2026-12-01 8 时停水", "2026-11-16 12:30 至 2026-12-01 8 时停水"),
        ("1990-01-02 13812345678", f"1990-01-02 {NUMBER_HIDDEN}"),
        ("19900102-13812345678", f"19900102-{NUMBER_HIDDEN}"),
        ("1990-01-0213812345678", NUMBER_HIDDEN),
        ("990783 19900101 111x", NUMBER_HIDDEN),
    ],
)
@pytest.mark.django_db
def test_long_numbers_are_hidden_and_days_are_not(words: str, seen: str) -> None:
    assert mask_numbers(words) == seen
    with connection.cursor() as cursor:
        cursor.execute("SELECT regexp_replace(%s, %s, %s, 'g')", [words, LONG_NUMBER.pattern, NUMBER_HIDDEN])
        assert cursor.fetchone()[0] == seen, "the database hides the same"


@given(st.lists(st.sampled_from(PIECES), max_size=4), st.lists(st.sampled_from(PIECES), max_size=4))
@example(["1990-01-02", "-"], ["-", "19900102"])
def test_no_number_hides_behind_a_day(before: list[str], after: list[str]) -> None:
    for number in ("13812345678", "5221234", "370783199001011234"):
        assert number not in mask_numbers("".join([*before, number, *after]))
