"""What earlier petitions teach about a word: for which items it speaks, and how loudly."""

from django.db import models

from grids.models import Item


class Lesson(models.Model):
    """Worked out anew from the petitions by `lessons.learn`; nothing else writes here, and losing it loses nothing."""

    pk = models.CompositePrimaryKey("word", "item")
    word = models.CharField("词", max_length=32, db_collation="C")
    item = models.ForeignKey(Item, models.CASCADE, related_name="+", verbose_name="事项", db_index=False)
    weight = models.FloatField("分量")
    whole = models.BooleanField("是词", help_text="两个字常在一起，可以单独引用")

    class Meta:
        verbose_name = "用词经验"
        verbose_name_plural = "用词经验"

    def __str__(self) -> str:
        return f"{self.word} → {self.item_id}"
