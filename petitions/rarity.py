"""Which words of a text tell it from others: those that few petitions have (by the database's own statistics)."""

from django.db import connection

from petitions.terms import Kept
from petitions.words import grams

COMMON = 0.03  # a word that stands in more than three petitions of a hundred says little, and finds too many
AT_MOST = 24


def _read_common() -> frozenset[str]:
    with connection.cursor() as cursor:
        # Kept by ANALYZE: the thousand or so most frequent elements of the column, without a scan of ours.
        cursor.execute(
            "SELECT e.word FROM pg_stats,"
            " unnest(most_common_elems::text::text[], most_common_elem_freqs) AS e(word, part)"
            " WHERE tablename = 'petitions_petition' AND attname = 'words' AND e.part > %s",
            [COMMON],
        )
        return frozenset(word for (word,) in cursor.fetchall())


common = Kept(_read_common)


def telling(text: str) -> list[str]:
    """The words to look for; all of them when every one is common."""
    words = grams(text)
    rare = [word for word in words if len(word) > 1 and word not in common()]
    return (rare or words)[:AT_MOST]
