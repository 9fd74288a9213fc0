"""`manage.py backup FILE`: the database and the attachments, in one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from shouyang import backups


class Command(BaseCommand):
    help = "备份数据库与附件"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            backups.back_up(file)
        except (backups.CannotBackUp, OSError) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"已备份到 {file}")
        self.stdout.write(f"封存密钥不在备份里，请另行保管：{settings.SEALING_KEY_FILE}")
