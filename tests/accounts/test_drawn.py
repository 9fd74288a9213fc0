"""What is drawn alike is drawn once, also when two ask at the same moment."""

from threading import Barrier, Thread
from time import sleep

import pytest

from accounts import drawn


def test_two_who_ask_at_once_are_shown_one_drawing() -> None:
    begun, drawings, shown = Barrier(2, timeout=30), list[str](), list[str]()

    def draw() -> str:
        drawings.append("a list")
        sleep(0.2)  # the other one asks meanwhile
        return f"a list, drawn {len(drawings)} times"

    def ask() -> None:
        begun.wait()
        shown.append(drawn.once("of-two", draw, 60))

    threads = [Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shown == ["a list, drawn 1 times"] * 2


def test_who_fails_leaves_the_turn_to_the_next() -> None:
    def fail() -> str:
        raise OSError

    with pytest.raises(OSError):
        drawn.once("failing", fail, 60)
    assert drawn.once("failing", lambda: "drawn", 60) == "drawn"
