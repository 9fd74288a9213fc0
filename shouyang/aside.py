"""Work that goes on in a process of its own while this one does something else: a second core, a second connection."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context

from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper


@contextmanager
def aside(work: Callable[[], None], *, processes: int = 2) -> Iterator[None]:
    """Begins `work` in a fork, and ends when the block and the work are both done; where the block fails, both end.

    With one process the work follows the block: both see what is not committed yet. Raises ChildProcessError when the
    work failed; why, it has written to stderr.
    """
    if processes == 1:
        yield
        work()
        return
    connections.close_all()
    for connection in connections.all(initialized_only=True):
        if isinstance(connection, DatabaseWrapper):
            connection.close_pool()  # what lies in it has one owner; each of the two makes its own
    sys.stdout.flush()
    process = get_context("fork").Process(target=work, daemon=True)
    process.start()
    try:
        yield
    except BaseException:
        process.terminate()
        raise
    finally:
        process.join()
    if process.exitcode:
        raise ChildProcessError(f"{work} ended with {process.exitcode}")
