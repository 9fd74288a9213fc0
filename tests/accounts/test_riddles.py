"""A sum in words: whoever can add answers it as she likes, in time, on the form it stands on."""

from datetime import timedelta
from typing import Any

import pytest

from accounts import riddles
from tests.cast import MONDAY_TEN

FORM, OTHER = "a-form", "another-form"


def right(question: str) -> int:
    one, other = (riddles.NUMERALS.index(question[n]) for n in (0, 2))
    return one + other if question[1] == "加" else one - other


@pytest.mark.parametrize("say", ["{}", " {} ", "{}。", "等于{}", "={}"])
def test_any_way_of_saying_the_answer_is_right(say: str) -> None:
    for _ in range(40):
        riddle = riddles.ask(FORM)
        answer = right(riddle.question)
        assert 0 <= answer <= 18
        for spelled in (
            str(answer),
            riddles.NUMERALS[answer],
            "".join(chr(ord(digit) + 0xFEE0) for digit in str(answer)),
        ):
            assert riddles.is_solved(riddle.token, say.format(spelled), FORM), (riddle.question, spelled)


def test_a_wrong_answer_another_form_and_a_forged_token_are_wrong() -> None:
    riddle = riddles.ask(FORM)
    answer = right(riddle.question)
    for said in ("", "一百", "不知道", str(answer + 1), f"-{answer + 1}", "9" * 50, "\x00", "½"):
        assert not riddles.is_solved(riddle.token, said, FORM), said
    assert not riddles.is_solved(riddle.token, str(answer), OTHER)
    for token in ("", "一加一", f"一加一{riddle.token[3:]}", riddle.token[:-1]):
        assert not riddles.is_solved(token, "2", FORM), token
    assert riddles.again(riddle.token) == riddle


def test_it_stands_for_half_an_hour(time_machine: Any) -> None:
    time_machine.move_to(MONDAY_TEN)
    riddle = riddles.ask(FORM)
    answer = str(right(riddle.question))
    time_machine.shift(timedelta(minutes=29))
    assert riddles.is_solved(riddle.token, answer, FORM)
    time_machine.shift(timedelta(minutes=2))
    assert not riddles.is_solved(riddle.token, answer, FORM)
