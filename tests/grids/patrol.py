"""What a worker finds on her round through 向阳社区 第1网格."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from accounts.models import User
from accounts.pictures import Bare
from grids.models import Hazard, Item, Premises
from grids.workflow import hazards, premises
from tests.cast import MONDAY_TEN, XIANGYANG_1, Cast

IN_A_WEEK = date(2026, 11, 23)


def hazard(item: str = "A02", **said: Any) -> Hazard:
    values: dict[str, Any] = {
        "item": Item.objects.get(code=item),
        "place_id": XIANGYANG_1,
        "address": "锦绣华庭3号楼2单元楼道",
        "words": "楼道里堆着纸箱和旧家具，堵了消防通道。",
    } | said
    return Hazard(**values)


def found(
    cast: Cast,
    *,
    by: User | None = None,
    at: datetime = MONDAY_TEN,
    photos: Sequence[Bare] = (),
    after: str = "",
    **said: Any,
) -> Hazard:
    one = hazards.find(hazard(**said), key=uuid4(), by=by or cast.worker, at=at, photos=photos, after_words=after)
    assert one
    return one


def solved(cast: Cast, **said: Any) -> Hazard:
    return found(cast, after="已请住户搬走，通道已清空。", **said)


def shop(cast: Cast, name: str = "老王烧烤店", **said: Any) -> Premises:
    values: dict[str, Any] = {
        "name": name,
        "place_id": XIANGYANG_1,
        "address": "学院路18号",
        "owner": "王建国",
        "phone": "12000000005",
    } | said
    made = premises.register(Premises(**values), key=uuid4(), by=cast.worker, at=MONDAY_TEN)
    assert made
    return made
