"""Seal a model's personal columns again with the newest key, in batches, while the portal runs."""

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import models, transaction

from accounts.sealed import SealedTextField
from accounts.sealing import Unreadable


class Command(BaseCommand):
    help = "Re-encrypt the sealed columns of a model, e.g. `reseal petitions.Petition`."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("model", help="app.Model")
        parser.add_argument("--batch", type=int, default=500)

    def handle(self, *args: Any, model: str, batch: int, **options: Any) -> None:
        rows = apps.get_model(model)._default_manager.order_by("pk")
        columns = [field.name for field in rows.model._meta.fields if isinstance(field, SealedTextField)]
        if not columns:
            raise CommandError(f"{model} 没有加密字段。")
        done = unreadable = 0
        last: Any = None
        while keys := list(
            (rows.filter(pk__gt=last) if last is not None else rows).values_list("pk", flat=True)[:batch]
        ):
            last = keys[-1]
            unreadable += _reseal(rows, keys, columns)
            done += len(keys)
        self.stdout.write(f"已重新加密 {done} 行；其中 {unreadable} 行含无法读取的值，原密文保留。")


def _reseal(rows: models.QuerySet[Any], keys: list[Any], columns: list[str]) -> int:
    """One batch under its own lock: a verb that edits a caller meanwhile waits, and is not overwritten."""
    with transaction.atomic():
        batch = list(rows.filter(pk__in=keys).select_for_update(no_key=True).only("pk", *columns))
        rows.model._default_manager.bulk_update(batch, columns)
    return sum(any(isinstance(getattr(row, column), Unreadable) for column in columns) for row in batch)
