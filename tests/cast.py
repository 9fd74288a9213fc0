"""The cast: a few named people, the same in every test and in the demo city."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Unit, User
from grids.models import CITY_CODE, Duty, Item, Place, Posting
from petitions import workflow
from petitions.models import Entry, Nature, Petition
from shouyang.demo.cast import CAST

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY_TEN = datetime(2026, 11, 16, 10, 0, tzinfo=SHANGHAI)
XIANGYANG_1 = "370783001901001"


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


@dataclass
class Cast:
    """`cast.operator`, `cast.head` …: the people; `cast.bureau`: 市综合行政执法局,
    `cast.construction`: 市住房和城乡建设局."""

    people: dict[str, User]

    def __getattr__(self, username: str) -> User:
        try:
            user: User = self.__dict__["people"][username]
        except KeyError:
            raise AttributeError(username) from None
        user.remembered.clear()  # postings are read once per request; a test goes on for many
        return user

    @property
    def bureau(self) -> Unit:
        return Unit.objects.get(name="寿光市综合行政执法局")

    @property
    def construction(self) -> Unit:
        return Unit.objects.get(name="寿光市住房和城乡建设局")

    @property
    def grid(self) -> Place:
        return Place.objects.get(code=XIANGYANG_1)


def hire() -> Cast:
    users = [User(username=part.username, name=part.name) for part in CAST]
    for user in users:
        user.set_unusable_password()
    User.objects.bulk_create(users)
    people = {user.username: user for user in users}
    units = {unit.name: unit for unit in Unit.objects.filter(name__in={part.unit for part in CAST})}
    Posting.objects.bulk_create(
        Posting(
            user=people[part.username], duty=duty, unit=units[part.unit], place_id=part.place, since=date(2020, 1, 1)
        )
        for part in CAST
        for duty in part.duties
    )
    return Cast(people)


def known(cast: Cast, *, title: str = "路灯什么时候亮", items: tuple[str, ...] = ("A07",), **said: Any) -> Entry:
    """The dispatcher writes an entry of the knowledge base, the reviewer checks it."""
    values: dict[str, Any] = {
        "text": "路灯按日落时刻自动开启，不亮的派住建部门修复。",
        "source": "城市照明养护办法（示例）",
        "valid_from": date(2026, 1, 1),
        "valid_until": None,
    } | said
    of = Item.objects.filter(code__in=items)
    entry = workflow.write_entry(title=title, items=of, by=cast.dispatcher, at=MONDAY_TEN - hours(48), **values)
    workflow.check_entry(entry, by=cast.reviewer, at=MONDAY_TEN - hours(24))
    entry.refresh_from_db()
    return entry


def call(cast: Cast, *, at: datetime = MONDAY_TEN, item: str = "A02", **said: Any) -> Petition:
    """Somebody rings 12345 and the operator writes it down."""
    values: dict[str, Any] = {
        "channel_id": "12345",
        "nature": Nature.COMPLAINT,
        "item": Item.objects.get(code=item),
        "title": "店外经营占用人行道",
        "content": "向阳社区门口的烧烤店把桌子摆到人行道上，晚上走不过去。",
        "address": "圣城街道向阳社区第1网格",
        "place_id": XIANGYANG_1,
        "caller_name": "王秀英",
        "caller_phone": "12000000001",
    } | said
    values.setdefault("urgency", values["item"].urgency)
    return workflow.register(Petition(**values), by=cast.operator, at=at, accepted=True)


__all__ = ["CITY_CODE", "MONDAY_TEN", "SHANGHAI", "XIANGYANG_1", "Cast", "Duty", "call", "hire", "hours", "known"]
