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

    @staticmethod
    def take(prefix: str, on: date) -> str:
        """The next paper of its kind and year: 寿社治联〔2026〕3号. Whoever takes one holds the row till it commits."""
        key = f"{prefix}〔{on.year}〕"
        with connection.cursor() as cursor:
            cursor.execute(TAKE, {"key": key})
            return f"{key}{cursor.fetchone()[0]}号"


TAKE = """
INSERT INTO petitions_series (key, last) VALUES (%(key)s, 1)
ON CONFLICT (key) DO UPDATE SET last = petitions_series.last + 1 RETURNING last
"""
