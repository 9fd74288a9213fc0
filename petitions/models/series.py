"""Gapless numbers: one row per series, raised inside the transaction that uses the number."""

from datetime import date

from django.db import connection, models


class Series(models.Model):
    key = models.CharField("序列", max_length=40, primary_key=True, db_collation="C")
    last = models.PositiveIntegerField("末号", default=0)

    class Meta:
        verbose_name = "编号序列"
        verbose_name_plural = "编号序列"

    def __str__(self) -> str:
        return f"{self.key} {self.last}"

    @staticmethod
    def key_of(on: date) -> str:
        """Petitions are numbered day by day (domain §2.11)."""
        return f"SG{on:%Y%m%d}"

    @classmethod
    def take(cls, key: str) -> int:
        """The next number. A roll-back gives it back; others wait for this transaction, so take it late."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO petitions_series (key, last) VALUES (%s, 1)"
                " ON CONFLICT (key) DO UPDATE SET last = petitions_series.last + 1 RETURNING last",
                [key],
            )
            return int(cursor.fetchone()[0])
