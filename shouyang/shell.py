"""What the page frame shows, for every template as `shell`; nothing is read until a template asks."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.models import Notice
from grids import scope
from grids.models import Posting
from shouyang.demo_door import CAST, Player
from shouyang.menu import Item, menu_for


class Shell:
    name = settings.SITE_NAME
    short_name = "寿光网格治理"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def demo(self) -> bool:
        return bool(settings.DEMO)

    @cached_property
    def menu(self) -> list[Item]:
        return menu_for(scope.duties_of(self.request.user), self.request.path)

    @cached_property
    def unread(self) -> int:
        return Notice.objects.of(self.request.user).unread().count()

    @cached_property
    def postings(self) -> list[Posting]:
        mine = Posting.objects.current(timezone.localdate()).filter(user=self.request.user)
        return list(mine.select_related("unit", "place"))

    @property
    def cast(self) -> tuple[Player, ...]:
        return CAST if settings.DEMO else ()

    @cached_property
    def search(self) -> str:
        try:
            return reverse("search")
        except NoReverseMatch:
            return ""


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": Shell(request)}
