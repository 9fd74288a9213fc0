from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.masking import mask_id_number, mask_name, mask_phone
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


@given(st.text(st.characters(codec="utf-8", exclude_characters="（"), min_size=1, max_size=30))
def test_no_mask_shows_the_whole(words: str) -> None:
    assert mask_name(words) != words or set(words.strip()) <= {"*"}
    digits = "".join(character for character in words if character.isdecimal())
    assert not digits or digits not in mask_phone(words)
