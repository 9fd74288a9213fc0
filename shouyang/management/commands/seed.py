import gc
from contextlib import nullcontext
from datetime import date
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from grids import visit_clocks
from grids.models import CITY_CODE, Compound, ask_for_checks
from petitions.models import Petition, Setting
from shouyang.aside import aside
from shouyang.demo import arrivals, callers, city, homes, published, snapshots


class Command(BaseCommand):
    help = "Fill an empty database with the demo city; what is there already, petitions or homes, is left as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--random-seed", type=int, default=2019)
        parser.add_argument("--today", help="YYYY-MM-DD; without it, now")
        parser.add_argument("--petitions", type=int, default=arrivals.TOTAL)
        parser.add_argument("--homes", type=int, metavar="GRIDS", help="只装入前几个网格的住户")
        parser.add_argument("--processes", type=int, default=2, choices=(1, 2), help="1：住户在诉求之后装入")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            today = date.fromisoformat(options["today"]) if options["today"] else None
        except ValueError:
            raise CommandError("--today 应为 YYYY-MM-DD") from None
        seed, now = options["random_seed"], city.moment(today)
        gc.disable()  # half a million rows are held until they are copied; there is nothing to collect among them
        month = None
        if Petition.objects.exists():
            self.say("数据库里已有诉求，不再生成演示诉求。")
        else:
            month = city.begin(seed, now, self.say, total=options["petitions"])
        grids: list[str] = []
        if Compound.objects.exists():
            self.say("数据库里已有小区，不再生成演示住户。")
        else:
            grids = homes.grids_of(homes.SMALL if settings.SMALL_CITY else ())[: options["homes"]]
        calls = month.calls() if month else list(callers.recorded())
        settle = partial(homes.settle, seed, now, self.say, grids=grids, calls=calls)
        with aside(settle, processes=options["processes"]) if grids else nullcontext():
            if month:
                self.live(seed, month)
        if grids:
            self.say("响起到期的走访时钟 …")
            visit_clocks.ring_due(now)
            snapshots.take()
            ask_for_checks([CITY_CODE], now)
        gc.enable()

    def live(self, seed: int, month: city.Month) -> None:
        city.live(month, self.say)
        self.say("公开的案例 …")
        published.publish(seed, month.now)
        # Its history kept the day between review and call-back; who tries it out walks from call to close in one go.
        Setting.objects.filter(key="callback_cooldown").update(value=0)
        self.say("演示数据已就绪（回访冷却时间在演示城市里设为 0 小时，可在系统管理里改回）")

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
