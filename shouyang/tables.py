"""The tables of a new database at once, as the models say now; one that is there already is migrated step by step.

Replaying every step on an empty database takes half a minute; what comes of both is compared by test_production.py.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations import RunSQL
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from pgtrigger import installation

OF_THE_TABLES = "of_the_tables"  # hint of a RunSQL that says what no model can say of its table


def make() -> None:
    if not connection.introspection.table_names():
        _make_at_once()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def _make_at_once() -> None:
    with _without_migrations():
        call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
    loader, recorder = MigrationLoader(connection), MigrationRecorder(connection)
    recorder.ensure_schema()
    with connection.cursor() as cursor:
        for operation in (one for migration in loader.disk_migrations.values() for one in migration.operations):
            if isinstance(operation, RunSQL) and OF_THE_TABLES in operation.hints:
                cursor.execute(str(operation.sql))
    installation.install()
    for app, name in loader.disk_migrations:
        recorder.record_applied(app, name)


@contextmanager
def _without_migrations() -> Iterator[None]:
    before = settings.MIGRATION_MODULES
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}
    try:
        yield
    finally:
        settings.MIGRATION_MODULES = before
