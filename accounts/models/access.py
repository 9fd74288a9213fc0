"""Who signed in, and who looked at whose personal data, which field, and why: append-only."""

import pgtrigger
from django.db import models

from accounts.models.user import User

OF_PETITION = "petition:"  # SG2026112200001 follows


class AccessQuerySet(models.QuerySet["Access"]):
    def of(self, petition: str) -> "AccessQuerySet":
        """By its number."""
        return self.filter(subject=f"{OF_PETITION}{petition}")


class Access(models.Model):
    class Kind(models.TextChoices):
        UNMASK = "unmask", "查看明文"
        EXPORT = "export", "导出"
        DOWNLOAD = "download", "下载附件"
        SIGN_IN = "sign_in", "登录"
        ERASE = "erase", "到期删除"

    by = models.ForeignKey(User, models.PROTECT, related_name="accesses", verbose_name="查看人", db_index=False)
    at = models.DateTimeField("时间")
    kind = models.CharField("方式", max_length=10, choices=Kind)
    subject = models.CharField("对象", max_length=120, help_text="如 petition:SG2026112200001")
    field = models.CharField("字段", max_length=60, blank=True)
    reason = models.CharField("事由", max_length=200)

    objects = AccessQuerySet.as_manager()

    class Meta:
        verbose_name = "查阅记录"
        verbose_name_plural = "查阅记录"
        ordering = ("-at", "-id")
        indexes = [
            models.Index(fields=["subject", "-at"], name="access_of_subject"),
            models.Index(fields=["by", "-at"], name="access_by_person"),
            models.Index(fields=["kind", "-at", "-id"], name="access_of_kind"),
            models.Index(fields=["-at", "-id"], name="access_newest"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.by} {self.get_kind_display()} {self.subject}"
