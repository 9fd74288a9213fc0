"""However a number is said or typed, it is one number; what is none gets a sentence."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.phones import NotAPhone, canonical

ONE_SPELLING = {
    "13812345678": "13812345678",
    " 138 1234 5678 ": "13812345678",
    "138-1234-5678": "13812345678",
    "１３８１２３４５６７８": "13812345678",
    "+86 138 1234 5678": "13812345678",
    "+86-13812345678": "13812345678",
    "008613812345678": "13812345678",
    "8613812345678": "13812345678",
    "(+86) 13812345678": "13812345678",
    "5221234": "05365221234",
    "0536-5221234": "05365221234",
    "(0536) 522 1234": "05365221234",
    "（０５３６）５２２－１２３４": "05365221234",
    "+86 536 5221234": "05365221234",
    "0536—5221234": "05365221234",
    "0536-5221234转801": "05365221234-801",
    "0536-5221234-801": "05365221234-801",
    "05365221234 分机 8": "05365221234-8",
    "5221234-8": "05365221234-8",
    "010-82345678": "01082345678",
    "+86 10 82345678": "01082345678",
    "400-123-4567": "4001234567",
    "+852 2345 6789": "+85223456789",
    "00852 2345 6789": "+85223456789",
}


@pytest.mark.parametrize(("typed", "number"), ONE_SPELLING.items())
def test_one_number_has_one_spelling(typed: str, number: str) -> None:
    assert canonical(typed) == number
    assert canonical(number) == number


WRONG = {
    "": "只能由数字组成",
    "不知道": "只能由数字组成",
    "138١٢٣٤٥٦٧٨": "只能由数字组成",
    "12345": "服务短号",
    "110": "服务短号",
    "1381234567": "手机号码应为 11 位，现在是 10 位",
    "138123456789": "手机号码应为 11 位，现在是 12 位",
    "10012345678": "没有这个手机号段",
    "13812345678转8": "手机号码没有分机",
    "0536-522123": "固定电话应为区号加 7 或 8 位号码",
    "9999999": "固定电话",
    "138\x0012345678": "只能由数字组成",
}


@pytest.mark.parametrize(("typed", "sentence"), WRONG.items())
def test_what_is_no_number_gets_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(NotAPhone, match=sentence) as why:
        canonical(typed)
    assert "来电" not in str(why.value), "it is said of residents and shops too"


def test_the_demo_citys_numbers_exist_in_the_demo_alone() -> None:
    assert canonical("120 0000 0001", demo=True) == "12000000001"
    with pytest.raises(NotAPhone, match="没有这个手机号段"):
        canonical("12000000001")


@given(st.text(max_size=40))
def test_any_words_are_a_number_or_refused(words: str) -> None:
    with suppress(NotAPhone):
        number = canonical(words, demo=True)
        assert canonical(number, demo=True) == number
