"""Make the key that seals personal columns, or add a version to it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import resealing, sealing


class Command(BaseCommand):
    help = "Make the sealing key file (mode 600); --rotate adds a version that is used from now on."
    lost = (
        "数据库里已有加密的个人信息，密钥文件却不在：请恢复密钥备份，不要另造。"
        "确实找不回来的，用 --lost 另起一版密钥：原有内容原样保留，但不再能显示。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rotate", action="store_true", help="add a key version; run `reseal` afterwards")
        parser.add_argument("--lost", action="store_true", help="begin anew beside what a lost key has sealed")

    def handle(self, *args: Any, rotate: bool, lost: bool, **options: Any) -> None:
        there = settings.SEALING_KEY_FILE.exists()
        newest = 0 if there or rotate else resealing.newest_sealed()
        if newest and not lost:
            raise CommandError(self.lost)
        if rotate:
            self.stdout.write(
                f"已启用第 {sealing.rotate()} 版密钥；旧版密钥仍用于读取和查找。"
                f"请备份 {settings.SEALING_KEY_FILE}，然后运行 reseal。"
            )
        elif sealing.create(newest + 1):
            self.stdout.write(
                f"密钥已生成：{settings.SEALING_KEY_FILE}（请与数据库分开备份，丢失后个人信息无法恢复）。"
            )
        else:
            self.stdout.write(f"密钥已存在：{settings.SEALING_KEY_FILE}，未作改动。")
