"""Make the key that seals personal columns, or add a version to it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from accounts import sealing


class Command(BaseCommand):
    help = "Make the sealing key file (mode 600); --rotate adds a version that is used from now on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rotate", action="store_true", help="add a key version; run `reseal` afterwards")

    def handle(self, *args: Any, rotate: bool, **options: Any) -> None:
        if rotate:
            self.stdout.write(
                f"已启用第 {sealing.rotate()} 版密钥；旧版密钥仍用于读取和查找。"
                f"请备份 {settings.SEALING_KEY_FILE}，然后运行 reseal。"
            )
        elif sealing.create():
            self.stdout.write(
                f"密钥已生成：{settings.SEALING_KEY_FILE}（请与数据库分开备份，丢失后个人信息无法恢复）。"
            )
        else:
            self.stdout.write(f"密钥已存在：{settings.SEALING_KEY_FILE}，未作改动。")
