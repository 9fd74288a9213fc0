"""Waiting for what other processes do: as long as the slowest machine takes, since a deadline measures the machine."""

import time
from collections.abc import Callable

PATIENCE = 300  # seconds


def wait(condition: Callable[[], object], why: Callable[[], object] = lambda: "") -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, why()
        time.sleep(0.05)
