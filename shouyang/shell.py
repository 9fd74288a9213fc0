"""What the page frame shows, for every template as `shell`; nothing is read until a template asks."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.models import User
from grids import scope
from grids.models import Leave, Posting
from shouyang import every_request
from shouyang.demo.cast import CAST, Part
from shouyang.menu import Item, here_in, menu_for


class Shell:
    name = settings.SITE_NAME
    short_name = "寿光网格治理"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def person(self) -> User:
        """Whoever is signed in; the parts of the frame that belong to a person are drawn for nobody else."""
        assert self.request.user.is_authenticated
        return self.request.user

    @property
    def demo(self) -> bool:
        return bool(settings.DEMO)

    @cached_property
    def duties(self) -> frozenset[str]:
        return scope.duties_of(self.person)

    @cached_property
    def here(self) -> str:
        return here_in(self.duties, self.request.path)

    @property
    def menu(self) -> list[Item]:
        return menu_for(self.duties, self.here)

    @property
    def menu_key(self) -> str:
        """Whoever has the same duties sees the same menu, so it is drawn once for all of them."""
        return " ".join([self.here, *sorted(self.duties)])

    @cached_property
    def unread(self) -> int:
        return every_request.unread(self.person)

    @cached_property
    def postings(self) -> list[Posting]:
        mine = Posting.objects.current(timezone.localdate()).filter(user=self.person)
        return list(mine.select_related("unit", "place"))

    @cached_property
    def standing_in(self) -> list[Leave]:
        """Those whose duty she holds while they are away."""
        return list(Leave.objects.current(timezone.localdate()).filter(deputy=self.person).select_related("user"))

    @property
    def cast(self) -> tuple[Part, ...]:
        return CAST if settings.DEMO else ()


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": Shell(request)}
