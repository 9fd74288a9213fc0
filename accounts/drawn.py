"""What would be drawn alike again is kept in the process; whoever asks for it meanwhile waits instead of drawing it.

Two threads that draw the same take twice as long each, since Python runs one of them at a time: the slowest answers of
a list were those (`make bench ONLY=list`).
"""

from collections.abc import Callable
from threading import Lock
from typing import TypeVar
from weakref import WeakValueDictionary

from django.core.cache import caches

T = TypeVar("T")

_turns: WeakValueDictionary[str, Lock] = WeakValueDictionary()
_list_of_turns = Lock()


def once(key: str, draw: Callable[[], T], seconds: float, *, among: str = "drawn") -> T:
    """What is kept under this key, or else what `draw` makes, which is kept so long. None is not kept."""
    kept = caches[among]
    known: T | None = kept.get(key)
    if known is None:
        with _turn(key):
            known = kept.get(key)
            if known is None:
                known = draw()
                kept.set(key, known, seconds)
    return known


def _turn(key: str) -> Lock:
    with _list_of_turns:
        return _turns.setdefault(key, Lock())
