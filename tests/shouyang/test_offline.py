"""What a phone without network lives on: an app to install, a key of the session, answers that a queue understands."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.test import Client

from shouyang.offline import LIBRARIES, PAGES, WORKER
from tests.cast import Cast
from tests.grids.homes import home


@pytest.fixture
def worker(cast: Cast, client: Client) -> Client:
    client.force_login(cast.worker)
    return client


def test_the_app_can_be_installed_and_opens_on_today(client: Client, db: None) -> None:
    told = json.loads(client.get("/manifest.webmanifest").content)
    assert (told["start_url"], told["display"], told["lang"]) == ("/today/", "standalone", "zh-CN")
    assert {icon["sizes"] for icon in told["icons"]} == {"any", "192x192", "512x512"}
    assert "maskable" in {icon["purpose"] for icon in told["icons"]}
    for icon in told["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/")), icon


def test_the_worker_needs_only_files_of_our_own(client: Client, db: None) -> None:
    answer = client.get("/service-worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Service-Worker-Allowed"] == "/"
    addresses = re.findall(r'"(/static/[^"]+)"', answer.content.decode())
    assert len(addresses) == len({*LIBRARIES, WORKER}) + len(PAGES)
    for address in addresses:
        assert finders.find(address.removeprefix("/static/")), address


def test_after_one_opening_the_phone_has_all_that_its_pages_are_made_of(worker: Client, cast: Cast) -> None:
    household = home(cast)
    kept = set(re.findall(r'"(/static/[^"]+)"', worker.get("/service-worker.js").content.decode()))
    for address in ("/today/", f"/homes/{household.pk}/?edit=1"):
        page = worker.get(address).content.decode()
        used = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page)) - {static("img/icon-180.png")}
        assert used <= kept, address


def test_the_key_is_of_the_session_and_of_nothing_else(worker: Client, cast: Cast) -> None:
    one, again = (worker.get("/today/session/").json() for _ in range(2))
    assert (one["user"], one["key"], one["key_name"]) == (cast.worker.pk, again["key"], again["key_name"])
    other = Client()
    other.force_login(cast.worker)
    assert other.get("/today/session/").json()["key"] != one["key"]
    assert str(worker.session.session_key) not in one["key"]


def test_a_queue_is_told_to_sign_in_and_not_sent_to_the_door(client: Client, db: None) -> None:
    assert client.get("/today/session/", headers={"X-Queued": "1"}).status_code == 401
    assert client.get("/today/session/").status_code == 302


def test_a_queue_is_told_that_it_is_done_and_where(worker: Client) -> None:
    answer = worker.post("/account/inbox/read/", headers={"X-Queued": "1"})
    assert (answer.status_code, answer["X-Done"]) == (200, "/account/inbox/")
