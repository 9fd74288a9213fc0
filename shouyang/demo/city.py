"""The demo city: invented people, 11,889 petitions of the last thirty days, and what became of each."""

import random
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import Unit, User
from grids.models import Duty, Item, Leave, Place, Posting
from petitions import clocks, ledger, lessons, periods, workflow
from petitions.models import Nature, Petition, Tag
from petitions.models.petition import LOOKUP_ALPHABET
from shouyang import catalogues
from shouyang.demo import arrivals, handling, knowledge, names, phrasings, staff, supervised
from shouyang.demo.arrivals import Caller
from shouyang.demo.callers import Call
from shouyang.demo.cast import CAST
from shouyang.demo.history import History, Staff, Words
from shouyang.demo.knowledge import Known
from shouyang.demo.memory import MemoryLedger
from shouyang.demo.phrasings import Phrasing
from shouyang.demo.tables import rows

Progress = Callable[[str], None]
SINCE = date(2018, 3, 1)
BY_RESIDENTS = {"WEB", "MP", "SSP"}  # registered without a sign-in, accepted by an operator
BY_GRID_WORKERS = {"GRID", "PATROL"}
REFUSED = 0.012  # of all petitions


@dataclass
class Told:
    """One petition as it was told, before anybody did anything about it."""

    petition: Petition
    phrasing: Phrasing
    words: Words
    at: datetime


@dataclass
class Month:
    """What was told in thirty days, and who was there to hear it."""

    rng: random.Random
    now: datetime
    known: Known
    told: list[Told]

    def calls(self) -> list[Call]:
        said = ((one.petition, one.at) for one in self.told if one.petition.caller_phone)
        return [Call(p.caller_name, p.caller_phone, p.address, p.place_id, p.nature, at, p.tags) for p, at in said]


def build(seed: int, now: datetime, progress: Progress, *, total: int = arrivals.TOTAL) -> list[History]:
    """Everything, in one go; the same seed and the same moment give the same city."""
    return live(begin(seed, now, progress, total=total), progress)


def begin(seed: int, now: datetime, progress: Progress, *, total: int = arrivals.TOTAL) -> Month:
    """The city and who works there, in the database; what its residents tell, not yet."""
    rng = random.Random(seed)  # noqa: S311 (a demo city, not a secret)
    progress("目录、单位与网格 …")
    catalogues.load(timezone.localdate(now))
    catalogues.load_landmarks()
    load_fictional_units()
    progress("人员与任职 …")
    hire(rng, timezone.localdate(now))
    known = knowledge.fill(now)
    progress(f"{total} 件诉求的内容 …")
    places = {place.code: place for place in Place.objects.select_related("unit")}
    items = {item.code: item for item in Item.objects.select_related("lead")}
    callers = arrivals.callers(rng)
    times = arrivals.times(rng, timezone.localtime(now), total=total)
    return Month(rng, now, known, [told(rng, next(callers), at, items, places) for at in times])


def live(month: Month, progress: Progress) -> list[History]:
    """What became of all that was told."""
    progress(f"{len(month.told)} 件诉求的办理 …")
    histories = answer(month, progress)
    workflow.draw_rechecks(periods.month_before(timezone.localdate(month.now)), at=month.now)
    progress("督办通知单的签收与反馈 …")
    supervised.answer(month.rng, month.now)
    lessons.learn()
    progress("响起到点的时钟 …")
    clocks.ring_due(month.now)
    return histories


def load_fictional_units() -> None:
    kinds = {str(kind.label): kind for kind in Unit.Kind}
    lines = {row["unit"]: row["line"] for row in rows("lines.csv")}
    Unit.objects.bulk_create(
        (
            Unit(
                name=row["name"],
                short_name=row["short_name"],
                kind=kinds[row["kind"]],
                line=lines.get(row["name"], ""),
                fictional=row["fictional"] == "yes",
            )
            for row in rows("demo/units.csv")
        ),
        ignore_conflicts=True,
    )
    units = {unit.line: unit for unit in Unit.objects.exclude(line="")}
    for item in Item.objects.filter(lead=None, lead_line__in=units):
        item.lead = units[item.lead_line]
        item.save(update_fields=["lead"])


def hire(rng: random.Random, today: date) -> None:
    """The cast can sign in with the demo password; everybody else is there to be told and to be shown."""
    password = make_password(settings.DEMO_PASSWORD)
    nobody = make_password(None)
    users, posts, own = [], [], random.Random("cast")  # noqa: S311
    for part in CAST:
        admin = Duty.ADMINISTRATOR in part.duties
        users.append(
            User(
                username=part.username,
                name=part.name,
                mobile=names.phone(own),
                password=password,
                is_staff=admin,
                is_superuser=admin,
            )
        )
        posts += [(part.username, staff.Post(duty, part.unit, part.place)) for duty in part.duties]
    for person in staff.others(rng):
        users.append(User(username=person.username, name=person.name, mobile=person.mobile, password=nobody))
        posts += [(person.username, post) for post in person.posts]
    User.objects.bulk_create(users, ignore_conflicts=True)
    user_of = {user.username: user for user in User.objects.all()}
    unit_of = {unit.name: unit for unit in Unit.objects.all()}
    Posting.objects.bulk_create(
        (_posting(user_of[username], unit_of[post.unit], post, today) for username, post in posts),
        ignore_conflicts=True,
    )
    secretary = user_of["secretary"]
    Leave.objects.bulk_create(
        Leave(
            user=user_of[worker],
            deputy=user_of[deputy],
            since=today + timedelta(days=since),
            until=today + timedelta(days=until),
            by=secretary,
            at=timezone.make_aware(datetime.combine(today, time(8, 30))),
        )
        for worker, deputy, since, until in staff.leaves()
        if {worker, deputy} <= user_of.keys()
    )


def _posting(user: User, unit: Unit, post: staff.Post, today: date) -> Posting:
    until = None if post.term is None else today + timedelta(days=post.term)
    since = SINCE if until is None else until - timedelta(days=staff.TERM)
    return Posting(
        user=user, duty=post.duty, unit=unit, place_id=post.place, since=since, until=until, source=post.source
    )


def answer(month: Month, progress: Progress) -> list[History]:
    at_work, workers = _staff()
    offices = {street.code: street.unit for street in Place.objects.of_kind("street").select_related("unit")}
    rng, now, histories = month.rng, month.now, []
    book = MemoryLedger(news_since=now - timedelta(days=2))
    with ledger.using(book):
        for count, said in enumerate(month.told, 1):
            petition = said.petition
            unit = petition.item.lead or offices[petition.place_id[:9]]
            assert unit is not None, "every item has a lead, or its street office"
            history = History(petition, said.words, at_work, unit, month.known, rng, now, book)
            by: User | None = rng.choice(at_work.operators)
            if petition.channel_id in BY_RESIDENTS:
                by = None
            elif petition.channel_id in BY_GRID_WORKERS and petition.place_id in workers:
                by = rng.choice(workers[petition.place_id])
            history.live(said.at, by, accepted=petition.channel_id not in BY_RESIDENTS | BY_GRID_WORKERS)
            histories.append(history)
            if count % 2000 == 0:
                progress(f"已生成 {count} 件 …")
    progress("写入数据库 …")
    book.save()
    return histories


def _staff() -> tuple[Staff, dict[str, list[User]]]:
    by_duty: dict[str, list[User]] = defaultdict(list)
    by_unit: dict[str, dict[int, list[User]]] = defaultdict(lambda: defaultdict(list))
    workers: dict[str, list[User]] = defaultdict(list)
    people: dict[int, User] = {}
    units: dict[int, Unit] = {}
    for posting in Posting.objects.select_related("user", "unit").order_by("id"):
        units[posting.unit_id] = posting.unit
        user = people.setdefault(posting.user_id, posting.user)
        by_duty[posting.duty].append(user)
        by_unit[posting.duty][posting.unit_id].append(user)
        if posting.duty == Duty.GRID_WORKER:
            workers[posting.place_id].append(user)
    return Staff(
        operators=by_duty[Duty.OPERATOR],
        dispatchers=by_duty[Duty.DISPATCHER],
        reviewers=by_duty[Duty.REVIEWER],
        callers_back=by_duty[Duty.CALLER_BACK],
        directors=by_duty[Duty.CENTRE_DIRECTOR],
        leaders=by_duty[Duty.LEADER],
        receivers=by_unit[Duty.RECEIVER],
        handlers=by_unit[Duty.HANDLER],
        heads=by_unit[Duty.HEAD],
        units={
            pk: unit
            for pk, unit in units.items()
            if all(pk in by_unit[duty] for duty in (Duty.RECEIVER, Duty.HANDLER, Duty.HEAD))
        },
    ), workers


def told(rng: random.Random, caller: Caller, at: datetime, items: dict[str, Item], places: dict[str, Place]) -> Told:
    phrasing = phrasings.choose(rng, arrivals.nature(rng), at.month)
    address = arrivals.scene(rng, caller, phrasing.shape)
    letter = phrasings.write(rng, phrasing, address, at)
    item, title, content, refusal = items[phrasing.item], letter.title, letter.content, None
    nature = phrasing.nature
    if rng.random() < REFUSED:
        refused = rng.choice(handling.refused())
        item, nature, title, content = items[refused.item], refused.nature, refused.title, refused.content
        refusal = (refused.reason, refused.direction)
    channel = arrivals.channel(rng, at, item.code, nature, first_person=letter.first_person)
    anonymous, confidential = arrivals.secrecy(rng, nature, item.visibility)
    petition = Petition(
        submission=uuid.UUID(int=rng.getrandbits(128), version=4),
        lookup_code="".join(rng.choices(LOOKUP_ALPHABET, k=6)),
        channel_id=channel,
        nature=nature,
        item=item,
        urgency=item.urgency if nature not in (Nature.CONSULTATION, Nature.SUGGESTION, Nature.THANKS) else "normal",
        tags=[Tag.ELDERLY] if caller.elderly else [],
        title=title,
        content=content,
        wish=handling.sentence(rng, "wish", letter) if rng.random() < 0.3 else "",
        address=address.text,
        happened_at=None if refusal else letter.happened_at,
        place=places[address.ground.code],
        caller_name="" if anonymous else caller.name,
        caller_phone="" if anonymous else caller.phone,
        anonymous=anonymous,
        confidential=confidential and not anonymous,
    )
    return Told(
        petition,
        phrasing,
        Words(
            opinion=handling.sentence(rng, "opinion", letter),
            contact=handling.contact(rng, letter),
            result=handling.result(rng, letter),
            basis=handling.basis(letter),
            answer=handling.result(rng, letter) if letter.phrasing.reply or nature == Nature.THANKS else "",
            refusal=refusal,
            remark=handling.remark(rng, letter),
            not_ours=(handling.sentence(rng, "not_ours", letter), handling.sentence(rng, "not_ours_why", letter)),
            part=handling.sentence(rng, "part", letter),
        ),
        at,
    )


def moment(today: date | None) -> datetime:
    """Seeded for a day: that day at five in the afternoon. Seeded for now: this very minute."""
    if today is None:
        return timezone.now().replace(second=0, microsecond=0)
    return timezone.make_aware(datetime.combine(today, time(17)))
