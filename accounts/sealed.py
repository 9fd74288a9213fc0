"""A text column that is ciphertext in the database and words in Python, and the column by which it is found."""

from typing import Any

from django.db import models

from accounts.sealing import UNREADABLE, Unreadable, seal, unseal


class SealedTextField(models.TextField):
    """Use beside a `FingerprintField` where exact search is needed."""

    description = "加密文本"

    def get_internal_type(self) -> str:
        return "BinaryField"

    def from_db_value(self, value: bytes | None, expression: Any, connection: Any) -> str | None:
        return None if value is None else unseal(bytes(value))

    def get_prep_value(self, value: Any) -> bytes | None:
        if value is None:
            return None
        if isinstance(value, Unreadable):
            return value.raw  # the words cannot be read now, but the ciphertext must survive the save
        if isinstance(value, bytes):
            return value  # already sealed: bulk loading, or the empty default of a migration
        if value == UNREADABLE:
            raise ValueError("the marker of a lost key must not be stored as somebody's words")
        return seal(str(value))

    def get_lookup(self, lookup_name: str) -> Any:
        # Every sealing has a new nonce: equal words never compare equal in the database, so comparing is a FieldError.
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def get_transform(self, lookup_name: str) -> None:
        return None


class FingerprintField(models.BinaryField):
    """Holds `sealing.fingerprint(…)` of the sealed column `of`; found by `…__in=sealing.fingerprints(words)`."""

    def __init__(self, *args: Any, of: str = "", **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs  # the same to the database: no migration knows `of`
