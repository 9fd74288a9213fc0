"""A page that would say the same again is not drawn again, but kept whole, with holes for what every copy has anew.

A grid worker's phone asks for the page of every home on today's list each time the list is opened, so that it can show
them without network, and hardly one of them has changed since. Whoever keeps a page says what it was drawn from, as a
mark made of the rows themselves: of all that the page shows or of more, never of less. For whom it was drawn, and with
which duties, goes into the key here. What is hidden on the page is hidden in what is kept. The key is also the page's
tag: a phone that has the page hears that it is still the same.
"""

import re
import secrets
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse, HttpResponseNotModified
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from accounts import drawn
from accounts.signed_in import SignedInRequest
from grids.scope import postings_of
from shouyang.every_request import unread

KEPT_FOR = 3600  # seconds
# Nobody can guess them, so nobody's words can be taken for them.
TOKEN, KEY = f"token-{secrets.token_hex(16)}", f"key-{secrets.token_hex(16)}"
HOLES = re.compile(f"({TOKEN}|{KEY})")


def kept_page(
    request: SignedInRequest, template: str, mark: object, context: Callable[[], dict[str, Any]]
) -> HttpResponse:
    """The page; drawn now if nothing drawn under this mark is kept.

    `context` puts `KEY` wherever the page carries the name of a submission. A page with something to tell once, and one
    without a mark, is drawn for this answer alone.
    """

    def draw() -> list[str]:
        page = render_to_string(template, context() | {"csrf_token": TOKEN}, request)
        return HOLES.split(page)

    if mark is None or len(get_messages(request)):
        return HttpResponse(_filled(draw(), get_token(request)))
    user = request.user
    whose = (user.pk, user.name, unread(user), postings_of(user))
    digest = sha256(repr((_edition(), request.get_full_path(), whose, mark)).encode()).hexdigest()
    tag = f'"{digest}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    pieces = drawn.once(digest, draw, KEPT_FOR, among="pages")
    return HttpResponse(_filled(pieces, get_token(request)), headers={"ETag": tag})


@cache
def _edition() -> tuple[str, int]:
    """Another one after a new release: what a phone kept under the tag of the old one is not said to be the same."""
    pages = (settings.BASE_DIR / "templates").rglob("*.html")
    return getattr(staticfiles_storage, "manifest_hash", ""), max(page.stat().st_mtime_ns for page in pages)


def _filled(pieces: list[str], token: str) -> str:
    """Each form its own name, all the token of this answer."""
    made = {TOKEN: lambda: token, KEY: lambda: str(uuid4())}
    pieces[1::2] = [made[hole]() for hole in pieces[1::2]]
    return "".join(pieces)
