"""A mark that changes whenever a petition does: two lists drawn under the same mark say the same.

Every verb leaves an event, so the newest events are the mark. A transaction may take its numbers early and commit late;
that is why the newest two hundred are looked at, and not just the last. Time passes too, in words like 还剩 3 工作时:
`SLOT` is the pace of the sweep, and what was drawn is not shown after it.
"""

from datetime import datetime

from django.db import connection

SLOT = 15  # seconds

NEWEST = """
SELECT count(*), max(id), sum(id) FROM (SELECT id FROM petitions_event ORDER BY id DESC LIMIT 200) AS newest
"""


def stamp(at: datetime) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(NEWEST)
        return int(at.timestamp()) // SLOT, *cursor.fetchone()
