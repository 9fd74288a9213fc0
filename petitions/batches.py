"""A cursor for statements over many rows at once, in a transaction of their own."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper


@contextmanager
def batch() -> Iterator[CursorWrapper]:
    """Statements are planned anew for each batch: a plan kept from when the tables were empty would visit every row for
    every row, and a sweep may meet twenty thousand of them at once.

    Not so what the commit does by itself: it looks up each foreign key, thirty for a petition that is supervised, and
    to plan these anew took longer than everything else in the batch (`make bench ONLY=supervise`).
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        yield cursor
        cursor.execute("SET LOCAL plan_cache_mode = auto")
