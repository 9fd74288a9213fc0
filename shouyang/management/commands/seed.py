import gc
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from grids.models import CITY_CODE, Compound, ask_for_checks
from petitions.models import Petition, Setting
from shouyang.demo import arrivals, city, homes, published


class Command(BaseCommand):
    help = "Fill an empty database with the demo city; what is there already, petitions or homes, is left as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--random-seed", type=int, default=2019)
        parser.add_argument("--today", help="YYYY-MM-DD; without it, now")
        parser.add_argument("--petitions", type=int, default=arrivals.TOTAL)
        parser.add_argument("--homes", type=int, metavar="GRIDS", help="只装入前几个网格的住户")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            today = date.fromisoformat(options["today"]) if options["today"] else None
        except ValueError:
            raise CommandError("--today 应为 YYYY-MM-DD") from None
        seed, now = options["random_seed"], city.moment(today)
        gc.disable()  # half a million rows are held until they are copied; there is nothing to collect among them
        if Petition.objects.exists():
            self.say("数据库里已有诉求，不再生成演示诉求。")
        else:
            self.build(seed, now, options["petitions"])
        if Compound.objects.exists():
            self.say("数据库里已有小区，不再生成演示住户。")
        elif grids := homes.grids_of(homes.SMALL if settings.SMALL_CITY else ())[: options["homes"]]:
            homes.settle(seed, now, self.say, grids=grids)
            ask_for_checks([CITY_CODE], now)
        gc.enable()

    def build(self, seed: int, now: datetime, petitions: int) -> None:
        city.build(seed, now, self.say, total=petitions)
        self.say("公开的案例 …")
        published.publish(seed, now)
        # Its history kept the day between review and call-back; who tries it out walks from call to close in one go.
        Setting.objects.filter(key="callback_cooldown").update(value=0)
        self.say("演示数据已就绪（回访冷却时间在演示城市里设为 0 小时，可在系统管理里改回）")

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
