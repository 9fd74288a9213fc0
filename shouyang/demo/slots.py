"""Filling a sentence: “[一|两]次” takes one of the words, “{road}” the road of the address it is about."""

import random
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from shouyang.demo.addresses import Address

CHOICE = re.compile(r"\[([^\[\]]+)\]")
SLOT = re.compile(r"\{(\w+)\}")
SINCE = ("三天", "四五天", "一个星期", "十来天", "半个月", "二十多天", "一个月", "一个多月")
COUNT = ("两", "三", "四", "五")
PARTS_OF_DAY = ((5, "凌晨"), (8, "早上"), (12, "上午"), (14, "中午"), (18, "下午"), (24, "晚上"))


def fill(text: str, slots: Mapping[str, str], rng: random.Random) -> str:
    chosen = CHOICE.sub(lambda found: rng.choice(found[1].split("|")), text)
    return SLOT.sub(lambda found: slots[found[1]], chosen)


def about(address: Address, at: datetime, rng: random.Random, *, within: timedelta) -> tuple[dict[str, str], datetime]:
    """The words for one matter at this address, told at `at`; and when it happened, `within` this time before."""
    ground = address.ground
    then = at - within * rng.uniform(0.1, 1)
    if then.hour < 6 and within > timedelta(hours=1):
        then -= timedelta(hours=7)  # what can wait was seen by people who were awake
    words = {
        "place": address.spot,
        "home": address.home,
        "compound": address.compound.name,
        "property": address.compound.property_company,
        "building": address.building,
        "unit": address.unit,
        "road": address.road,
        "number": address.number,
        "corner": address.corner,
        "community": ground.community,
        "street": ground.street,
        "when": moment(at, then),
        "night": rng.choice(("昨晚10点多", "昨晚11点左右", "昨天夜里12点多", "今天凌晨1点左右", "今天凌晨2点多")),
        "since": rng.choice(SINCE),
        "n": rng.choice(COUNT),
        "age": str(rng.randint(71, 92)),
    }
    return words, then


def moment(now: datetime, then: datetime) -> str:
    """How a caller names an earlier moment: “刚才”, “今天早上7点多”, “昨天晚上9点左右”, “11月3日下午”."""
    if now - then < timedelta(minutes=40):
        return "刚才"
    days = (now.date() - then.date()).days
    day = {0: "今天", 1: "昨天", 2: "前天"}.get(days, f"{then.month}月{then.day}日")
    part = next(name for until, name in PARTS_OF_DAY if then.hour < until)
    hour = then.hour if then.hour <= 12 else then.hour - 12
    clock = f"{hour or 12}点{'多' if then.minute >= 20 else '左右'}"
    return f"{day}{part}" + (clock if days < 3 else "")
