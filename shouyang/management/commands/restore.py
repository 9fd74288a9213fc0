"""`manage.py restore FILE`: put back what `manage.py backup` saved."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from shouyang import backups


class Command(BaseCommand):
    help = "从备份恢复数据库与附件"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="数据库里已有数据时也恢复，原有数据会被替换")

    def handle(self, *, file: Path, replace: bool, **options: Any) -> None:
        try:
            backups.restore(file, replace=replace)
        except (backups.CannotBackUp, OSError) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"已从 {file} 恢复")
        if not Path(settings.SEALING_KEY_FILE).is_file():
            self.stdout.write(f"还缺封存密钥 {settings.SEALING_KEY_FILE}：没有它，个人信息无法读取")
