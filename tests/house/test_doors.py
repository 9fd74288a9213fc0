"""Every address needs a sign-in, or stands on this short list with its reason."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from grids.models import Posting
from grids.scope import Held, postings_of, today
from petitions.models import Petition
from tests.cast import Cast

PUBLIC = {
    "healthz": "asked by the machines that watch",
    "metrics": "a token of its own",
    "manifest.webmanifest": "names and icons of the app",
    "service-worker.js": "addresses of our own files",
    "offline/": "kept on the phone for pages that are not",
    "public/": "the residents' window",
    "public/look-up/": "asks for number and code",
    "public/report/": "anybody may report; limited per address",
    "public/report/received/": "for who has just reported",
    "public/cases/": "what was published",
    "public/cases/<int:pk>/": "what was published",
    "public/grid/<str:code>/": "what hangs in the stairwell",
    "public/statistics/": "counts and rates, no small ones",
    "public/petition/": "with number and code",
    "public/suspended/": "what stands on the books, in counts and kinds",
    "public/petition/not-solved/": "with number and code",
    "public/petition/rate/": "with number and code",
    "public/answer/<str:token>/": "with a link that works once",
    "public/type-size/": "the size of the letters",
    "open311/v2/services.<georeport:form>": "what can be reported",
    "open311/v2/services/<str:code>.<georeport:form>": "what can be reported",
    "open311/v2/requests.<georeport:form>": "what is public may be read; who reports has a key",
    "open311/v2/requests/<str:number>.<georeport:form>": "if it is public",
    "open311/v2/tokens/<str:token>.<georeport:form>": "for whoever made up the token",
    "open311/v2/<path:path>": "there is nothing else",
    "open311/v2/": "there is nothing else",
    "public/leave/": "forgets what was looked up",
    "account/login/": "the door itself",
    "account/logout/": "says goodbye to anybody",
    "account/inactive/": "a sentence for those who may no longer",
    "account/second-factor/code/": "the second half of signing in",
    "demo/enter/": "demo mode only: one click",
    "petitions/new/hints/": "keeps what was typed when the session is over, and shows nothing",
    "petitions/new/draft/": "keeps what was typed when the session is over, and shows nothing",
    "admin/login/": "the door of the admin",
    "admin/logout/": "says goodbye to anybody",
}
SAMPLES = {"number": "SG2026111600001", "code": "370783", "action": "sign", "slug": "sign", "pk": "1"}


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    for entry in (resolver or get_resolver()).url_patterns:
        address = before + str(entry.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
        if isinstance(entry, URLResolver):
            yield from addresses(entry, address)
        elif isinstance(entry, URLPattern):
            yield address


def filled(address: str) -> str:
    address = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda m: SAMPLES.get(m[1], "1"), address)
    address = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: SAMPLES.get(m[1], "1"), address)
    return address.replace("\\.", ".").replace("^", "").replace("$", "").rstrip("?")


PRIVATE = sorted({filled(address) for address in addresses()} - {filled(address) for address in PUBLIC})


ASKED = [(method, address) for address in PRIVATE for method in ("get", "post")]


def group(address: str) -> str:
    return address.split("/")[0]


@pytest.mark.parametrize("area", sorted({group(address) for address in PRIVATE}))
def test_a_stranger_is_sent_to_the_door(client: Client, db: None, area: str) -> None:
    for method, address in ASKED:
        if group(address) == area:
            turned_away(client, method, address)
    assert not Petition.objects.exists()


def turned_away(client: Client, method: str, address: str) -> None:
    answer = getattr(client, method)(f"/{address}")
    if answer.status_code in {301, 302}:
        assert "login" in answer.url or "/account/" in answer.url, f"{method} {address} → {answer.url}"
    else:
        assert answer.status_code in {401, 403, 404, 405}, f"{method} {address} → {answer.status_code}"


def test_the_list_of_public_addresses_names_only_what_exists() -> None:
    assert set(PUBLIC) <= set(addresses())


def test_what_every_request_asks_in_fixed_words_is_what_the_orm_would_ask(cast: Cast) -> None:
    Posting.objects.filter(user=cast.head).update(until=today())
    Posting.objects.filter(user=cast.reviewer).update(since=date(2090, 1, 1))
    for user in cast.people.values():
        user.remembered.clear()
        rows = Posting.objects.current(today()).filter(user=user).values_list("duty", "unit_id", "place_id")
        assert sorted(map(str, postings_of(user))) == sorted(str(Held(*row)) for row in rows)
