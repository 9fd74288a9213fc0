"""`manage.py check_records`: is every sealed record what it was?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shouyang import records


class Command(BaseCommand):
    help = "核验审计封存：逐条重算 SM3，指出第一处被改动、删除或插入的记录"

    def handle(self, *args: Any, **options: Any) -> None:
        count, problem = records.check()
        if problem:
            raise CommandError(f"不符：{problem}")
        self.stdout.write(f"{count} 条记录与封存时一致。")
