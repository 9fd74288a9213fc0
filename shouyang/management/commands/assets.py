"""`manage.py assets`: lay out the front-end files; `--collect` also hashes and compresses them for serving."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from shouyang import assets


class Command(BaseCommand):
    help = "整理前端文件"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--collect", action="store_true", help="另外生成带摘要名的压缩文件，供正式服务使用")

    def handle(self, *, collect: bool, **options: Any) -> None:
        if assets.build():
            self.stdout.write("前端文件已整理")
        if collect and assets.collect():
            self.stdout.write("静态文件已收集")
