"""Parts of a long work, each done by whichever process is free, and told in the order of the parts.

Processes of our own, since those of `multiprocessing` import anew what started them, framework and all: a second for
each, and more than a small file takes.
"""

import pickle
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from queue import SimpleQueue
from subprocess import PIPE, Popen
from typing import Any

HANDS = 2
IN_FLIGHT = 4
HAND = [sys.executable, "-m", "grids.importing.hand"]
ROOT = Path(__file__).parents[2]


def shared(work: Callable[[Any], Any], parts: Iterable[Any]) -> Iterator[Any]:
    with ExitStack() as stack:
        threads = stack.enter_context(ThreadPoolExecutor(HANDS))
        free: SimpleQueue[Popen[bytes]] = SimpleQueue()
        for _ in range(HANDS):
            hand = stack.enter_context(Popen(HAND, stdin=PIPE, stdout=PIPE, cwd=ROOT))
            stack.callback(_let_go, hand)  # before anybody waits for it, also when nobody wants the rest
            _tell(hand, pickle.dumps(work))
            free.put(hand)
        under_way: deque[Future[Any]] = deque()
        for part in parts:
            under_way.append(threads.submit(_do, free, pickle.dumps(part, pickle.HIGHEST_PROTOCOL)))
            if len(under_way) > IN_FLIGHT:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def _do(free: "SimpleQueue[Popen[bytes]]", part: bytes) -> Any:
    hand = free.get()
    try:
        _tell(hand, part)
        assert hand.stdout is not None
        answer = pickle.load(hand.stdout)  # noqa: S301, from a process of ours
    finally:
        free.put(hand)  # one that is gone as well: whoever waits for it must not wait for ever
    if isinstance(answer, Exception):
        raise answer
    return answer


def _let_go(hand: Popen[bytes]) -> None:
    assert hand.stdin is not None
    hand.kill()
    with suppress(BrokenPipeError):  # of a part that was on its way
        hand.stdin.close()


def _tell(hand: Popen[bytes], words: bytes) -> None:
    assert hand.stdin is not None
    hand.stdin.write(words)
    hand.stdin.flush()
