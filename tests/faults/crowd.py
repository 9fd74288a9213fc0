"""Many people at once: the same work in several threads, each with a connection of its own, begun together."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def at_once(*works: Callable[[], T]) -> list[T]:
    connection.close()  # back to the pool, which holds as many as there are people in the largest crowd
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], T]) -> T:
        try:
            gate.wait(10)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as crowd:
        return [done.result(60) for done in [crowd.submit(run, work) for work in works]]
