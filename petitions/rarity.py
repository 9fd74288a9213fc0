"""Which words tell a petition from others, and how petitions are found by words, whether few have them or many."""

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import BooleanField, ExpressionWrapper, Q, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from petitions.models.petition import PetitionQuerySet
from petitions.terms import Kept
from petitions.words import grams

COMMON = 0.03  # a word that stands in more than three petitions of a hundred says little, and finds too many
AT_MOST = 24
FEW = 3_000  # so many are collected by the index of words; of more, every few hundredth petition of a million is one


def _read_parts() -> dict[str, float]:
    with connection.cursor() as cursor:
        # Kept by ANALYZE: the thousand or so most frequent elements of the column, without a scan of ours.
        cursor.execute(
            "SELECT e.word, e.part FROM pg_stats,"
            " unnest(most_common_elems::text::text[], most_common_elem_freqs) AS e(word, part)"
            " WHERE tablename = 'petitions_petition' AND attname = 'words' AND e.word IS NOT NULL"
        )
        return dict(cursor.fetchall())


parts = Kept(_read_parts)  # of all petitions have this word


def telling(text: str) -> list[str]:
    """The words to look for, the rarest first; all of them when every one is common."""
    words, part = grams(text), parts()
    rare = [word for word in words if len(word) > 1 and part.get(word, 0.0) <= COMMON]
    return sorted(rare or words, key=lambda word: part.get(word, 0.0))[:AT_MOST]


def _read_count() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'petitions_petition'::regclass")
        return float(cursor.fetchone()[0])


count = Kept(_read_count)  # of all petitions, as of the last ANALYZE


def sooner_by_walking(words: Iterable[str], wanted: int) -> bool:
    """Whether the newest `wanted` petitions with at least one of the words are found sooner on a walk from the newest,
    which reads wanted ÷ part of them, than by the index of words, which finds part × all and sorts them. Words of one
    phrase stand in the same petitions, so the most frequent of them says how many these are."""
    part = max(parts().get(word, 0.0) for word in words)
    return part * part * count() > wanted


def with_words(petitions: PetitionQuerySet, words: str) -> tuple[PetitionQuerySet, bool]:
    """Those that have every one of the words in title, address or content; and whether these are more than FEW in all.

    The database cannot be left to choose. It takes every word it keeps no figures of for one that thousands have, and
    would read a million petitions, newest first, until it has found fifty that do not exist; and it takes the pairs of
    one phrase for independent, and would collect a hundred thousand to sort them.
    """
    wanted = grams(words)[:20]
    few = _few_with(wanted) if wanted else []
    if few is not None:
        return petitions.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [few])), False  # thousands in one value
    stated = ExpressionWrapper(Q(words__contains=wanted), output_field=BooleanField())
    # COALESCE hides the words from the index and from the planner's guess: the list is walked in its own order.
    return petitions.filter(Coalesce(stated, Value(False))), True


def _few_with(words: list[str]) -> list[int] | None:
    """By the index of words, whatever the planner thinks of it; None: there are more than FEW."""
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(BY_INDEX_ALONE, ["off", "off"])
        cursor.execute("SELECT id FROM petitions_petition WHERE words @> %s::varchar[] LIMIT %s", [words, FEW + 1])
        found = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(BY_INDEX_ALONE, ["on", "on"])
    return found if len(found) <= FEW else None


BY_INDEX_ALONE = "SELECT set_config('enable_seqscan', %s, true), set_config('enable_indexscan', %s, true)"
