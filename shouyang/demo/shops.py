"""The rows of the shops and small premises along the roads of a grid."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.sealing import seal_many
from grids.models import Premises
from shouyang.demo import people
from shouyang.demo.addresses import Ground
from shouyang.demo.copying import Table, sealed, yes
from shouyang.demo.people import Numbers

OF_A_GRID = 20
WORDS = (
    "福来",
    "顺达",
    "益民",
    "鑫源",
    "金穗",
    "好邻居",
    "老地方",
    "宏发",
    "家兴",
    "绿源",
    "聚鲜",
    "万家",
    "诚信",
    "康乐",
    "美味",
    "百姓",
    "利民",
    "同福",
    "旺角",
    "佳和",
)


@dataclass(frozen=True)
class Trade:
    name: str
    share: int
    kind: str = "small"
    fire_risk: str = "ordinary"
    gas: bool = False
    most: int = 4  # at work


TRADES = (
    Trade("便利店", 18), Trade("超市", 8, fire_risk="raised", most=15),
    Trade("小吃店", 14, gas=True, fire_risk="raised"), Trade("羊汤馆", 8, gas=True, fire_risk="raised", most=8),
    Trade("烧烤店", 6, gas=True, fire_risk="key", most=10), Trade("理发店", 10), Trade("药店", 6), Trade("诊所", 4),
    Trade("水果店", 8), Trade("电动车行", 5, fire_risk="key"), Trade("快递驿站", 5, fire_risk="raised", most=6),
    Trade("洗衣店", 4), Trade("棋牌室", 3, fire_risk="raised"), Trade("宾馆", 3, fire_risk="key", most=20),
    Trade("托管班", 4, fire_risk="key", most=8), Trade("网吧", 2, fire_risk="key"),
    Trade("蔬菜商贸公司", 4, "enterprise", most=40), Trade("广告公司", 3, "new_economy", most=12),
    Trade("家政公司", 3, "new_economy", most=30),
)  # fmt: skip


class Shops:
    def __init__(self, numbers: Numbers) -> None:
        self.premises = Table(
            Premises, "id", "name", "kind", "address", "place_id", "owner", "contact", "phone", "employees",
            "party_organisation", "fire_risk", "uses_gas", "inspected_on", "patrol_due_on", illustrative="t",
        )  # fmt: skip
        self._numbers = numbers

    def of(self, rng: random.Random, ground: Ground, today: date) -> Iterator[tuple[Table, bytes]]:
        trades = rng.choices(TRADES, [trade.share for trade in TRADES], k=rng.randint(OF_A_GRID - 6, OF_A_GRID + 6))
        owners = [people.full_name(rng, rng.choice(("male", "female")), rng.randint(1960, 1998)) for _ in trades]
        said = zip(seal_many(owners), seal_many(self._numbers.phone() for _ in trades), strict=True)
        rows = [self._shop(rng, ground, trade, *words, today) for trade, words in zip(trades, said, strict=True)]
        yield self.premises, self.premises.lines(rows)

    def _shop(
        self, rng: random.Random, ground: Ground, trade: Trade, owner: bytes, phone: bytes, today: date
    ) -> tuple[str, ...]:
        stretch = rng.choice(ground.stretches)
        every = 30 if trade.kind == "small" else 90  # days between two inspections; a few are late
        seen = today - timedelta(days=rng.randrange(1, every + 4))
        return (
            str(self.premises.number()), f"{rng.choice(WORDS)}{trade.name}", trade.kind,
            f"{stretch.road}{rng.randint(stretch.first, stretch.last)}号", ground.code, sealed(owner), sealed(owner),
            sealed(phone), str(rng.randint(1, trade.most)), "" if trade.kind == "small" else "无党员",
            trade.fire_risk, yes(trade.gas), str(seen), str(Premises(kind=trade.kind).next_patrol(seen)),
        )  # fmt: skip
