"""Bring what is sealed to the newest key, and its fingerprints to the newest search key, while people work.

A batch is first read without a lock; what is at the newest key already is left alone, so a run that was stopped
is simply started again. What is not is locked, read once more and rewritten in one statement.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection, models, transaction
from django.db.models.functions import Cast

from accounts.sealed import FingerprintField, SealedTextField
from accounts.sealing import Unreadable, fingerprint, keyring, seal, unseal, version_of

Model = type[models.Model]
IN_A_SECOND_FACTOR = ("secret", "seed")  # sealed words that allauth keeps within a JSON column


@dataclass
class Progress:
    model: Model
    total: int
    looked_at: int = 0
    rewritten: int = 0
    unreadable: int = 0


def sealed_models() -> list[Model]:
    return [model for model in apps.get_models() if columns_of(model) or model is Authenticator]


def columns_of(model: Model) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if isinstance(field, SealedTextField)]


def newest_sealed() -> int:
    """The highest version of a key under which anything is sealed; 0 where nothing is."""
    tables = connection.introspection.table_names()
    found = [0]
    for model in sealed_models():
        if model._meta.db_table not in tables:  # the key may be made before the tables
            continue
        for column in columns_of(model):
            newest = model._base_manager.annotate(raw=Cast(column, models.BinaryField())).order_by("-raw")
            raw = newest.exclude(raw=None).values_list("raw", flat=True).first()
            found.append(version_of(bytes(raw or b"")) or 0)
    factors = Authenticator.objects.all() if Authenticator._meta.db_table in tables else []
    found.extend(version_of(bytes.fromhex(part)) or 0 for factor in factors for part in _parts(factor.data))
    return max(found)


def reseal(model: Model, batch: int) -> Iterator[Progress]:
    """Tells where it is after each batch."""
    rows = model._base_manager.order_by("pk")
    progress, last = Progress(model, rows.count()), None
    stale, rewrite = (_stale_factors, _rewrite_factors) if model is Authenticator else (_stale, _rewrite)
    yield progress
    while keys := list((rows if last is None else rows.filter(pk__gt=last)).values_list("pk", flat=True)[:batch]):
        last = keys[-1]
        if old := stale(model, keys):
            with transaction.atomic():
                progress.unreadable += rewrite(model, old)
        progress.looked_at += len(keys)
        progress.rewritten += len(old)
        yield progress


def _stale(model: Model, keys: list[Any]) -> list[Any]:
    """Of these rows, those with a value under an older key, or a fingerprint that is not the newest one."""
    columns, newest = columns_of(model), keyring().current
    raw = {f"raw_{column}": Cast(column, models.BinaryField()) for column in columns}
    marks = {field.name: f"raw_{field.of}" for field in _fingerprints(model)}
    found = model._base_manager.filter(pk__in=keys).annotate(**raw).values("pk", *raw, *marks)
    return [
        row["pk"]
        for row in found
        if any(_older(row[name], newest) for name in raw)
        or any(_differs(row[mark], row[name]) for mark, name in marks.items())
    ]


def _rewrite(model: Model, keys: list[Any]) -> int:
    """Returns how many of them hold something that cannot be read: its ciphertext stays as it is."""
    columns, marks = columns_of(model), _fingerprints(model)
    rows = list(
        model._base_manager.filter(pk__in=keys)
        .select_for_update(no_key=True)
        .order_by("pk")
        .only("pk", *columns, *(mark.name for mark in marks))
    )
    for row in rows:
        for mark in marks:
            words = getattr(row, mark.of)
            if words and not isinstance(words, Unreadable):
                setattr(row, mark.name, fingerprint(words))
    if rows:
        model._base_manager.bulk_update(rows, [*columns, *(mark.name for mark in marks)])
    return sum(any(isinstance(getattr(row, column), Unreadable) for column in columns) for row in rows)


def _stale_factors(model: Model, keys: list[Any]) -> list[Any]:
    newest = keyring().current
    found = Authenticator.objects.filter(pk__in=keys)
    return [factor.pk for factor in found if any(_older(bytes.fromhex(raw), newest) for raw in _parts(factor.data))]


def _rewrite_factors(model: Model, keys: list[Any]) -> int:
    unreadable, factors = 0, list(Authenticator.objects.filter(pk__in=keys).select_for_update(no_key=True))
    for factor in factors:
        words = {raw: unseal(bytes.fromhex(raw)) for raw in _parts(factor.data)}
        unreadable += any(isinstance(read, Unreadable) for read in words.values())
        for name in IN_A_SECOND_FACTOR:
            read = words.get(factor.data.get(name, ""), "")
            if read and not isinstance(read, Unreadable):
                factor.data[name] = seal(read).hex()
    Authenticator.objects.bulk_update(factors, ["data"])
    return unreadable


def _fingerprints(model: Model) -> list[FingerprintField]:
    return [field for field in model._meta.concrete_fields if isinstance(field, FingerprintField)]


def _parts(data: dict[str, Any]) -> Iterable[str]:
    return [data[name] for name in IN_A_SECOND_FACTOR if data.get(name)]


def _older(raw: Any, newest: int) -> bool:
    return bool(raw) and version_of(bytes(raw)) != newest


def _differs(mark: Any, raw: Any) -> bool:
    if not raw:
        return False
    words = unseal(bytes(raw))
    return not isinstance(words, Unreadable) and bytes(mark or b"") != fingerprint(words)
