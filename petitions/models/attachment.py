"""A file that belongs to a petition: kept outside the web root, served only through a permission check."""

from django.db import models

from accounts import files
from accounts.models import User
from petitions.models.petition import Petition


def stored_name(attachment: "Attachment", name: str) -> str:
    return files.stored_name(attachment.uploaded_at, name)


class Attachment(models.Model):
    class Stage(models.TextChoices):
        BEFORE = "before", "办理前"
        AFTER = "after", "办理后"

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="attachments", verbose_name="诉求")
    file = models.FileField("文件", upload_to=stored_name)
    name = models.CharField("文件名", max_length=120)
    content_type = models.CharField("类型", max_length=80)
    size = models.PositiveIntegerField("大小")
    sm3 = models.CharField("SM3", max_length=64)
    stage = models.CharField("阶段", max_length=6, choices=Stage, default=Stage.BEFORE)
    likeness = models.CharField("感知哈希", max_length=16, blank=True, help_text="照片的 64 位 pHash，十六进制")
    resembles = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="过于相似的办理前照片"
    )
    excused_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="认可人")
    excuse = models.CharField("认可理由", max_length=200, blank=True)
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="上传人")

    class Meta:
        verbose_name = "附件"
        verbose_name_plural = "附件"
        ordering = ("id",)
        indexes = [models.Index(fields=["sm3"], name="attachment_twins")]

    def __str__(self) -> str:
        return self.name
