"""What other sessions of this test's database do: the server's own lists hold those of the tests beside it too."""

from django.db import connection

OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def waiting() -> int:
    """Sessions that wait for somebody else's lock."""
    return _counted("wait_event_type = 'Lock'")


def under_way() -> int:
    """Sessions in a transaction, also those of a killed program that the server has not yet noticed to be gone."""
    return _counted("xact_start IS NOT NULL")


def _counted(which: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # kept by a transaction as it was when first read
        cursor.execute(f"{OTHERS} AND {which}")
        return int(cursor.fetchone()[0])
