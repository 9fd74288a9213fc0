"""Seal personal columns again with the newest key, and make them findable under the newest search key."""

import time
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts import sealing
from accounts.resealing import Progress, reseal, sealed_models

SETTLED = timedelta(hours=1)  # by then no request that began under the old key is running
EVERY = 2  # seconds between two lines of progress


class Command(BaseCommand):
    help = (
        "Rotate: `sealing_key --rotate`, then this command while the portal runs; start it again if it was stopped."
        " An hour later `reseal --retire` checks everything once more and drops the older keys."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("models", nargs="*", help="app.Model; all that seal something, if none is named")
        parser.add_argument("--batch", type=int, default=500)
        parser.add_argument("--retire", action="store_true", help="drop older keys when nothing is left under them")

    def handle(self, *args: Any, models: list[str], batch: int, retire: bool, **options: Any) -> None:
        chosen = self._chosen(models)
        if retire and models:
            raise CommandError("停用旧密钥前必须检查全部加密数据，不能只指定部分。")
        if retire and timezone.now() - sealing.in_use_since() < SETTLED:
            raise CommandError("新密钥启用不足 1 小时，仍可能有请求在用旧密钥，请稍后再停用。")
        ran = [self._run(model, batch) for model in chosen]
        if retire:
            self._retire(ran)

    def _chosen(self, names: list[str]) -> list[Any]:
        everything = sealed_models()
        chosen = [apps.get_model(name) for name in names] or everything
        for model in chosen:
            if model not in everything:
                raise CommandError(f"{model._meta.label} 没有加密字段。")
        return chosen

    def _run(self, model: Any, batch: int) -> Progress:
        said = time.monotonic()
        for progress in reseal(model, batch):
            if time.monotonic() - said >= EVERY:
                said = time.monotonic()
                part = 100 * progress.looked_at // max(progress.total, 1)
                self.stdout.write(f"{model._meta.label}：{progress.looked_at:,} / {progress.total:,}（{part}%）")
        self.stdout.write(
            f"{model._meta.label}：检查 {progress.looked_at:,} 行，重新加密 {progress.rewritten:,} 行；"
            f"{progress.unreadable:,} 行含无法读取的值，原密文保留。"
        )
        return progress

    def _retire(self, ran: list[Progress]) -> None:
        if any(progress.unreadable for progress in ran):
            raise CommandError("有无法读取的值，旧密钥未停用。")
        if any(progress.rewritten for progress in ran):
            raise CommandError("刚才仍有数据使用旧密钥，已重新加密；请再运行一次 reseal --retire。")
        dropped = sealing.retire()
        self.stdout.write(f"已停用 {dropped} 个旧版密钥。此前的数据库备份仍需旧密钥文件才能读取，请与备份分开保管。")
