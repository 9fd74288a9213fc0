"""No index that another one makes superfluous: each costs every row that is written."""

from typing import Any

from django.apps import apps
from django.db import connection

from tests.house.sources import APPS

# An index on columns with which another index of the table begins; unique ones hold a rule and stay.
SUPERFLUOUS = """
WITH found AS (
    SELECT i.indexrelid, i.indrelid, i.indisunique, i.indkey::int2[] AS columns
    FROM pg_index i WHERE i.indrelid = ANY(%s::regclass[]) AND i.indpred IS NULL AND i.indexprs IS NULL
        AND (SELECT amname FROM pg_class c JOIN pg_am a ON a.oid = c.relam WHERE c.oid = i.indexrelid) = 'btree'
)
SELECT a.indexrelid::regclass::text, b.indexrelid::regclass::text FROM found a JOIN found b USING (indrelid)
WHERE a.indexrelid <> b.indexrelid AND NOT a.indisunique
    AND cardinality(b.columns) > cardinality(a.columns)
    AND b.columns[0:cardinality(a.columns) - 1] = a.columns[0:cardinality(a.columns) - 1]
"""
# Of tables that a city fills once, and that nothing is written to in a hurry.
SMALL = {"grids_landmark", "grids_posting"}


def test_no_index_is_the_beginning_of_another(db: Any) -> None:
    ours = [m._meta.db_table for app in APPS for m in apps.get_app_config(app).get_models()]
    with connection.cursor() as cursor:
        cursor.execute(SUPERFLUOUS, [[table for table in ours if table not in SMALL]])
        assert cursor.fetchall() == []
