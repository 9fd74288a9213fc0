"""Gapless numbers: one row per series, raised inside the transaction that uses the number."""

from datetime import date

from django.db import models


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
