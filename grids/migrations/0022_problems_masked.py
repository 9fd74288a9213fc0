"""Problems of imports that were looked through before the sentences were masked: long numbers are hidden in them too."""

from django.db import connection, migrations

from accounts.masking import LONG_NUMBER, NUMBER_HIDDEN

HIDDEN = """
UPDATE grids_importproblem SET sentence = left(regexp_replace(sentence, %(number)s, %(hidden)s, 'g'), 200),
    cell = left(regexp_replace(cell, %(number)s, %(hidden)s, 'g'), 60)
WHERE sentence ~ %(number)s OR cell ~ %(number)s
"""


def hide(apps, schema_editor):
    with connection.cursor() as cursor:
        cursor.execute(HIDDEN, {"number": LONG_NUMBER.pattern, "hidden": NUMBER_HIDDEN})


class Migration(migrations.Migration):
    dependencies = [("grids", "0021_taken_over")]
    operations = [migrations.RunPython(hide, migrations.RunPython.noop)]
