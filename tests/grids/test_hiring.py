"""Work that is shared comes back in order; who fails is heard, and nobody is left behind."""

import os
import time
from pathlib import Path

import pytest

from grids.importing.hiring import HANDS, shared


def test_answers_come_in_the_order_of_the_parts() -> None:
    assert list(shared(len, ("x" * n for n in range(20)))) == list(range(20))


def test_a_part_that_cannot_be_done_is_heard_of() -> None:
    answers = shared(int, ["1", "2", "three", "4"])
    assert [next(answers), next(answers)] == [1, 2]
    with pytest.raises(ValueError, match="three"):
        list(answers)


def test_nobody_is_left_when_the_rest_is_not_wanted() -> None:
    pids = {os.getpid(), *(answer for answer in _pids(4 * HANDS))}
    assert 2 <= len(pids) <= 1 + HANDS
    answers = shared(time.sleep, [0, *[3600] * 6])
    next(answers)
    answers.close()  # type: ignore[attr-defined]
    assert not [pid for pid in pids - {os.getpid()} if Path(f"/proc/{pid}/stat").exists()]


def _pids(parts: int) -> list[int]:
    return list(shared(_pid, range(parts)))


def _pid(_part: int) -> int:
    return os.getpid()
