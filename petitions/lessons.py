"""What earlier petitions teach: which words speak for which item, read out of the newest of them by one statement.

A word counts for an item by the part of its petitions that were about that item, times what the word tells at all (how
far the items of its petitions are from the items of all petitions, in nats). Names of compounds are said about
everything and weigh nothing; “路灯” weighs. Who calls ten times about one matter is heard once. Linear models of
scikit-learn, given the same words and names, were right no more often (the READMEs have the figures).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction

from petitions.models import Lesson
from petitions.words import grams

NEWEST = 150_000  # a year of the city: what is said about heating in November was said last November
HEARD_FROM = 5  # callers at least: what fewer of them said teaches nothing, and gives none of them away
DOUBT = 5.0  # petitions: so many of all kinds are thought to have said each word besides
WORTH_KEEPING = 0.1
TOGETHER = 0.08  # of the petitions with one of its characters have the pair: 路灯 is a word, 灯不 is the seam of two
AT_MOST = 600  # signs of one text

LEARN = """
INSERT INTO petitions_lesson (word, item_id, weight, whole)
WITH newest AS (
    SELECT DISTINCT ON (item_id, caller) item_id, words
    FROM (
        SELECT item_id, words, coalesce(caller_fingerprint, petition.id::text::bytea) AS caller
        FROM petitions_petition AS petition JOIN grids_item AS item ON item.id = item_id AND NOT unsorted
        ORDER BY registered_at DESC, petition.id DESC LIMIT %(newest)s
    ) AS newest
),
heard AS (
    SELECT word, item_id, count(*) AS heard
    FROM newest, LATERAL (
        SELECT unnest(words) AS word
        UNION SELECT sign FROM unnest(string_to_array(array_to_string(words, ''), NULL)) AS sign
        WHERE sign !~ '[a-z0-9]'
    ) AS signs
    GROUP BY word, item_id
),
shares AS (
    SELECT item_id, count(*) / sum(count(*)) OVER () AS share
    FROM newest GROUP BY item_id
),
parts AS (
    SELECT word, item_id, share::float8, total::float8,
        ((heard + %(doubt)s * share) / (total + %(doubt)s))::float8 AS part
    FROM (SELECT *, sum(heard) OVER (PARTITION BY word) AS total FROM heard) AS heard JOIN shares USING (item_id)
    WHERE total >= %(heard_from)s
),
weights AS (
    SELECT word, item_id, total, part * (
        sum(part * ln(part / share)) OVER one
        + greatest(1 - sum(share) OVER one, 0) * %(doubt)s / (total + %(doubt)s) * ln(%(doubt)s / (total + %(doubt)s))
    ) AS weight
    FROM parts WINDOW one AS (PARTITION BY word)
),
totals AS (SELECT DISTINCT word, total FROM parts)
SELECT weights.word, item_id, weight,
    coalesce(weights.total >= %(together)s * least(one.total, other.total), length(weights.word) > 1)
FROM weights LEFT JOIN totals AS one ON one.word = left(weights.word, 1)
    LEFT JOIN totals AS other ON other.word = right(weights.word, 1)
WHERE weight > %(worth_keeping)s
"""


def learn() -> int:
    """Everything anew; who reads meanwhile reads what was there. Returns how much was learned."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE petitions_lesson IN SHARE ROW EXCLUSIVE MODE")  # one learns at a time
        cursor.execute("DELETE FROM petitions_lesson")
        cursor.execute(
            LEARN,
            {
                "newest": NEWEST,
                "heard_from": HEARD_FROM,
                "doubt": DOUBT,
                "worth_keeping": WORTH_KEEPING,
                "together": TOGETHER,
            },
        )
        return int(cursor.rowcount)


def signs(text: str) -> list[str]:
    """The words of a text and their single characters: what is said in other words often shares those."""
    words = grams(text)
    characters = (character for word in words for character in word if not character.isascii())
    return list(dict.fromkeys((*words, *characters)))[:AT_MOST]


@dataclass
class Recalled:
    weights: dict[int, dict[str, float]] = field(default_factory=dict)  # item → sign → how loudly it speaks for it
    words: set[str] = field(default_factory=set)  # of these signs, what may be quoted by itself


def recall(said: Sequence[str]) -> Recalled:
    """What was learned about these signs of a text."""
    recalled = Recalled()
    lessons = Lesson.objects.filter(word__in=said).values_list("word", "item_id", "weight", "whole")
    for word, item, weight, whole in lessons:
        recalled.weights.setdefault(item, {})[word] = weight
        if whole and len(word) > 1:
            recalled.words.add(word)
    return recalled
