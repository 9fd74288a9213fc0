"""A file that belongs to a petition: kept outside the web root, served only through a permission check."""

import uuid
from pathlib import PurePosixPath

from django.db import models

from accounts.models import User
from petitions.models.petition import Petition


def stored_name(attachment: "Attachment", name: str) -> str:
    """Never the name a user chose: a random one, in a folder per month."""
    return f"{attachment.uploaded_at:%Y/%m}/{uuid.uuid4().hex}{PurePosixPath(name).suffix.lower()[:8]}"


class Attachment(models.Model):
    petition = models.ForeignKey(Petition, models.CASCADE, related_name="attachments", verbose_name="诉求")
    file = models.FileField("文件", upload_to=stored_name)
    name = models.CharField("文件名", max_length=120)
    content_type = models.CharField("类型", max_length=80)
    size = models.PositiveIntegerField("大小")
    sm3 = models.CharField("SM3", max_length=64)
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="上传人")

    class Meta:
        verbose_name = "附件"
        verbose_name_plural = "附件"
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name
