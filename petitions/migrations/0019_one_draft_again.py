from django.db import migrations


class Migration(migrations.Migration):
    """Taking the key's own index away in 0016 took this one along, as it begins with the same column."""

    dependencies = [
        ('petitions', '0018_origins'),
    ]

    operations = [
        migrations.RunSQL(
            'CREATE UNIQUE INDEX IF NOT EXISTS one_draft_per_promise ON petitions_supervisionnotice (clock_id)'
            " WHERE state IN ('draft', 'reviewed')",
            migrations.RunSQL.noop,
        ),
    ]
