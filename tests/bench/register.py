"""Petitions registered per second through the form, against one INSERT in the smallest Django view."""

import uuid
from itertools import count
from statistics import median
from urllib.parse import urlencode

from django.db import connection
from django.utils import timezone

from accounts.models import User
from grids.models import Item, Place
from petitions.models import Event, Petition
from tests.bench import city, web
from tests.bench.load import CLIENTS, Load, Request, load, post
from tests.bench.result import Result

SECONDS = {"small": 2.5, "full": 10.0}
TURNS = "ROORROOR"  # a shared machine is faster at one moment than at another
ALREADY = {"small": 20_000, "full": 1_000_000}  # a register is not empty
PAGE = "/petitions/new/"
CONTENT = "来电人反映小区门口的路灯已经三天不亮，老人小孩夜间通行不便，希望有关部门尽快安排人员维修。"


def measure(size: str) -> Result:
    city.people()
    city.empty()
    city.petitions(ALREADY[size], timezone.now())
    before = Petition.objects.count()
    web.make_plain_table()
    runs: dict[str, list[Load]] = {"O": [], "R": []}
    with web.serving() as portal, web.serving(web.PLAIN) as plain:
        submit, insert = form(), _insert()
        load(portal, submit, seconds=2, wanted=302)
        load(plain, insert, seconds=1)
        for turn in TURNS:
            with connection.cursor() as cursor:
                cursor.execute("CHECKPOINT")
            if turn == "O":
                runs["O"].append(load(portal, submit, seconds=SECONDS[size], wanted=302))
            else:
                runs["R"].append(load(plain, insert, seconds=SECONDS[size]))
    ours, reference = (median(one.rate for one in runs[turn]) for turn in "OR")
    made = Petition.objects.count() - before
    assert made == Event.objects.filter(action="register").count()
    return Result(
        "register",
        "petitions/s",
        ours,
        reference,
        f"one INSERT in the view of a new Django project, {CLIENTS} clients each",
        reach=0.35,
        notes={
            "petitions made": f"{made:,} beside {before:,}",
            "milliseconds": f"p50 {runs['O'][-1].p50:.1f}, p99 {runs['O'][-1].p99:.1f}",
            "answers": {turn: [dict(one.statuses) for one in found] for turn, found in runs.items()},
            "processor ms an answer": {turn: found[-1].cpu for turn, found in runs.items()},
        },
    )


def form() -> Request:
    operators = User.objects.filter(username__startswith="centre-operator-").order_by("pk")[:CLIENTS]
    cookies = [web.signed_in(user) for user in operators]
    places = list(Place.objects.filter(kind=Place.Kind.GRID).values_list("code", flat=True))
    items = list(Item.objects.filter(active=True).values_list("code", flat=True))
    number = count()

    def request(client: int, n: int) -> bytes:
        i = next(number)
        said = {
            "csrfmiddlewaretoken": web.TOKEN,
            "submission": uuid.uuid4(),
            "caller_phone": f"120{i % 90_000_000:08d}",
            "caller_name": "王秀英",
            "content": f"{CONTENT}（{i}）",
            "wish": "尽快修好",
            "address": f"圣城街道向阳社区{i % 40 + 1}号楼",
            "place": places[i % len(places)],
            "item": items[i % len(items)],
            "nature": "assistance",
            "channel": "12345",
            "title": "路灯不亮",
            "next": "dispatch",
        }
        return post(PAGE, urlencode(said).encode(), cookies[client])

    return request


def _insert() -> Request:
    number = count()

    def request(client: int, n: int) -> bytes:
        said = {"csrfmiddlewaretoken": web.TOKEN, "title": "路灯不亮", "content": f"{CONTENT}（{next(number)}）"}
        return post("/insert/", urlencode(said).encode(), web.TOKEN_COOKIE)

    return request
