"""`manage.py prepare`: everything a portal needs before it can open: tables, catalogues, front-end files."""

from argparse import ArgumentParser
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts import resealing, sealing
from grids.models import Compound
from petitions.models import Petition
from shouyang import assets, tables
from shouyang.aside import aside


def collect() -> None:
    assets.build()
    assets.collect()


class Command(BaseCommand):
    help = "建表、装入目录或演示城市、整理前端文件"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--database-only", action="store_true", help="不整理前端文件")

    def handle(self, *, database_only: bool, **options: Any) -> None:
        tables.make()
        self.make_key()
        with nullcontext() if database_only else aside(collect):
            self.fill()

    def make_key(self) -> None:
        """The demo's, and only where nothing is sealed: the rows of a lost key wait for its backup."""
        if not settings.DEMO or settings.SEALING_KEY_FILE.exists():
            return
        if resealing.newest_sealed():
            self.stdout.write(f"密钥文件 {settings.SEALING_KEY_FILE} 不在，个人信息暂不能显示和保存：请恢复密钥备份。")
        else:
            sealing.create()

    def fill(self) -> None:
        if settings.DEMO_CITY and not Petition.objects.exists():
            self.stdout.write("数据库是空的，正在装入演示城市 …")
            call_command("seed")
            return
        call_command("load_catalogues", verbosity=0)  # also what a newer portal's catalogues add to an older one's
        if settings.DEMO_CITY and not Compound.objects.exists():
            self.stdout.write("演示城市还没有住户，正在装入 …")
            call_command("seed")
