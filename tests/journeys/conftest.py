from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.cast import Cast

Clock = Callable[[str], None]


@pytest.fixture
def it_is(cast: Cast, time_machine: Any) -> Clock:
    """`it_is("2026-11-16 10:00")`: from here on the story is at that moment, in Shouguang."""

    def it_is(moment: str) -> None:
        time_machine.move_to(datetime.fromisoformat(f"{moment}+08:00"))

    it_is("2026-11-16 10:00")
    return it_is
