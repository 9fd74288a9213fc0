"""A process of the crew: it is handed its work, then part after part, through a pipe, and answers through another.

It ends when nobody holds the other end any longer. Settings and database are none of its business: it is there at once.
"""

import pickle
import sys
from collections.abc import Callable
from typing import Any


def main() -> None:
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever is printed must not fall among the answers
    work: Callable[[Any], Any] = pickle.load(source)  # noqa: S301, nobody else can write here
    while True:
        try:
            part = pickle.load(source)  # noqa: S301
        except EOFError:
            return
        try:
            answer = work(part)
        except Exception as why:
            answer = why
        pickle.dump(answer, sink, pickle.HIGHEST_PROTOCOL)
        sink.flush()


if __name__ == "__main__":
    main()
