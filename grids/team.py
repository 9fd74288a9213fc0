"""Who answers for the people of one place, by name: among them is whoever helps somebody that needs care."""

from datetime import date
from functools import cached_property

from accounts.models import User
from grids.models import HELPING, Duty, Place, Posting


class Team:
    """Asked for once, and not before somebody wants to know."""

    def __init__(self, place: Place, on: date) -> None:
        self.place, self.on = place, on

    @cached_property
    def people(self) -> dict[User, str]:
        """Each as a list calls her, in the order of the duties; no deputies, who stand in for a time only."""
        held = Posting.objects.current(self.on).filter(place__in=self.place.path_codes, duty__in=HELPING)
        people = held.select_related("user", "unit")
        found = sorted(people, key=lambda one: (HELPING.index(Duty(one.duty)), one.user.name))
        duties: dict[User, dict[str, None]] = {}
        for posting in found:
            duties.setdefault(posting.user, {})[posting.called] = None
        return {user: f"{user.name}（{'、'.join(of)}）" for user, of in duties.items()}
