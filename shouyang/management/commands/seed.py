import gc
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from petitions.models import Petition, Setting
from shouyang.demo import arrivals, city, published


class Command(BaseCommand):
    help = "Fill an empty database with the demo city; does nothing when petitions are there already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--random-seed", type=int, default=2019)
        parser.add_argument("--today", help="YYYY-MM-DD; without it, now")
        parser.add_argument("--petitions", type=int, default=arrivals.TOTAL)

    def handle(self, *args: Any, **options: Any) -> None:
        if Petition.objects.exists():
            self.stdout.write("数据库里已有诉求，不再生成演示数据。")
            return
        try:
            today = date.fromisoformat(options["today"]) if options["today"] else None
        except ValueError:
            raise CommandError("--today 应为 YYYY-MM-DD") from None
        gc.disable()  # half a million rows are held until they are copied; there is nothing to collect among them
        now = city.moment(today)
        city.build(options["random_seed"], now, self.say, total=options["petitions"])
        gc.enable()
        self.say("公开的案例 …")
        published.publish(options["random_seed"], now)
        # Its history kept the day between review and call-back; who tries it out walks from call to close in one go.
        Setting.objects.filter(key="callback_cooldown").update(value=0)
        self.say("演示数据已就绪（回访冷却时间在演示城市里设为 0 小时，可在系统管理里改回）")

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
