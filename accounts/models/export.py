"""A list that somebody asked for as an Excel sheet: the row is the order, the queue and the record of its progress."""

import uuid
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.user import User

FOLDER = "exports"  # beside the attachments: outside of the web root, and in no backup


class ExportQuerySet(models.QuerySet["Export"]):
    def of(self, user: User) -> "ExportQuerySet":
        return self.filter(by=user)

    def unfinished(self) -> "ExportQuerySet":
        return self.filter(state__in=UNFINISHED)

    def ahead_of(self, export: "Export") -> "ExportQuerySet":
        return self.unfinished().filter(asked_at__lt=export.asked_at)

    def held(self, at: datetime) -> "ExportQuerySet":
        """Being written now by a worker that is alive."""
        return self.filter(state=Export.State.WRITING, lease_until__gt=at)


class Export(models.Model):
    class State(models.TextChoices):
        ASKING = "asking", "等待批准"
        WAITING = "waiting", "等待导出"
        WRITING = "writing", "正在导出"
        DONE = "done", "可以下载"
        FAILED = "failed", "没有导出"
        CANCELLED = "cancelled", "已取消"
        EXPIRED = "expired", "文件已删除"
        REFUSED = "refused", "没有批准"

    token = models.UUIDField("提交标识", unique=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="exports", verbose_name="导出人", db_index=False)
    listing = models.CharField("清单", max_length=40)
    title = models.CharField("清单名称", max_length=60)
    query = models.TextField("条件（地址）", blank=True)
    said = models.TextField("条件")
    purpose = models.CharField("用途", max_length=100)
    asked_at = models.DateTimeField("提出时间")
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="批准人", db_index=False
    )
    decided_at = models.DateTimeField("批准时间", null=True)
    total = models.PositiveIntegerField("共几行", null=True)
    done = models.PositiveIntegerField("已写几行", default=0)
    attempts = models.PositiveSmallIntegerField("第几次写", default=0)
    lease_until = models.DateTimeField("最迟何时有动静", null=True)
    finished_at = models.DateTimeField("完成时间", null=True)
    expires_at = models.DateTimeField("文件保留至", null=True)
    size = models.PositiveBigIntegerField("文件大小", default=0)
    problem = models.CharField("原因", max_length=200, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = "导出"
        verbose_name_plural = "导出"
        ordering = ("-asked_at", "-id")
        indexes = [
            models.Index(fields=["by", "-asked_at"], name="export_of_person"),
            models.Index(fields=["asked_at"], name="export_unfinished", condition=Q(state__in=["waiting", "writing"])),
            models.Index(fields=["expires_at"], name="export_expires", condition=Q(state="done")),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.get_state_display()}"

    @property
    def unfinished(self) -> bool:
        return self.state in UNFINISHED

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0

    @property
    def folder(self) -> Path:
        return Path(settings.MEDIA_ROOT) / FOLDER

    @property
    def file(self) -> Path:
        return self.folder / f"{self.token.hex}.xlsx"

    @property
    def workplace(self) -> Path:
        """Where this attempt is written; another attempt, should this one be dead or slow, has its own."""
        return self.folder / f"{self.token.hex}-{self.attempts}"


UNFINISHED = (Export.State.WAITING, Export.State.WRITING)
OVER = (Export.State.FAILED, Export.State.CANCELLED, Export.State.EXPIRED, Export.State.REFUSED)
