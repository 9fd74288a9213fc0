"""What a caller-back says, line by line: the city edits the words, the three questions stay three."""

from django.db import models


class ScriptLine(models.Model):
    class Part(models.TextChoices):
        OPENING = "opening", "开场白"
        CONTACTED = "contacted", "问一：按时联系"
        SOLVED = "solved", "问二：是否解决"
        SATISFIED = "satisfied", "问三：是否满意"
        CLOSING = "closing", "结束语"
        MESSAGE = "message", "评价链接短信"

    part = models.CharField("部分", max_length=10, choices=Part, primary_key=True)
    words = models.TextField("话术", help_text="短信中 {number} 是编号，{link} 是链接，{until} 是有效期")

    class Meta:
        verbose_name = "回访话术"
        verbose_name_plural = "回访话术"

    def __str__(self) -> str:
        return self.get_part_display()
