"""The one page of a household: who lives here, what is due, what is open, and what happened."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import uuid4

from django.db import connection
from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from accounts.masking import mask_numbers
from accounts.models import User
from accounts.sealing import fingerprints
from grids import priority
from grids.models import Care, Colour, Dwelling, Hazard, Household, Need, Resident, Tenancy
from grids.permissions import may_keep, may_visit
from grids.team import Team
from grids.workflow import why_not
from grids.workflow.crisis import AT_THE_DOOR
from petitions.models import Petition
from petitions.permissions import sees_callers
from shouyang.homes.at_door import told
from shouyang.homes.masked import Secret, masked, secrets_of

EDITED_AT_ONCE = 8  # people; of a larger household one is edited at a time
SHOWN = 10


CARES = Prefetch("cares", Care.objects.filter(ended_at=None).select_related("helper"))
# What need not be asked for at most doors, in one question of fixed words.
FACTS = """
SELECT clock.due_on, clock.crisis_at, rule.crisis_days,
    EXISTS (SELECT FROM grids_hazard WHERE household_id = %(household)s AND state <> 'cleared'),
    EXISTS (SELECT FROM grids_need WHERE household_id = %(household)s AND state = 'open'),
    EXISTS (SELECT FROM grids_care care JOIN grids_resident resident ON resident.id = care.resident_id
        WHERE resident.household_id = %(household)s AND resident.left_at IS NULL AND care.ended_at IS NULL)
FROM grids_visitrule rule
LEFT JOIN grids_visitclock clock ON clock.household_id = %(household)s AND clock.stopped_at IS NULL
WHERE rule.colour = %(colour)s
"""


class Facts(NamedTuple):
    due_on: date | None
    crisis_at: datetime | None
    crisis_days: int
    hazards: bool
    needs: bool
    cares: bool


class Living(NamedTuple):
    age: int | None
    cares: list[Care]


@dataclass(frozen=True, slots=True)
class Member:
    """One person, as everybody who may see the home sees her."""

    row: Resident
    facts: str
    phone: str
    id_number: str
    cares: list[Care]
    secrets: list[Secret]


@dataclass
class HomePage:
    household: Household
    user: User
    at: datetime
    shown: Secret | None = None  # what was unmasked for this one answer
    new_key: Callable[[], str] = lambda: str(uuid4())  # of each form on the page

    @cached_property
    def key(self) -> str:
        """Of the visit."""
        return self.new_key()

    @property
    def on(self) -> date:
        return timezone.localdate(self.at)

    @cached_property
    def keeps(self) -> bool:
        return self.household.lives and may_keep(self.user, self.household.dwelling.place_id)

    @cached_property
    def visits(self) -> bool:
        return self.household.lives and may_visit(self.user, self.household.dwelling.place_id)

    @cached_property
    def rows(self) -> list[Resident]:
        members = self.household.members().order_by("id")
        return list(members.prefetch_related(CARES) if self.facts.cares else members)

    def cares_of(self, row: Resident) -> list[Care]:
        return list(row.cares.all()) if self.facts.cares else []

    @cached_property
    def members(self) -> list[Member]:
        return [self._member(row) for row in self.rows]

    @cached_property
    def team(self) -> Team:
        return Team(self.household.dwelling.place, self.on)

    @cached_property
    def household_secrets(self) -> list[Secret]:
        return secrets_of([self.household, *([self.tenancy] if self.tenancy else [])])

    @property
    def tenancy(self) -> Tenancy | None:
        return getattr(self.household.dwelling, "tenancy", None)

    @property
    def secrets(self) -> list[Secret]:
        return [*self.household_secrets, *(secret for member in self.members for secret in member.secrets)]

    def block_of(self, secret: str) -> int | str:
        """In which part of the page it is asked for: a person's, or the home's."""
        keys = {one.key: member.row.pk for member in self.members for one in member.secrets}
        return keys.get(secret, "home")

    @property
    def phone(self) -> str:
        return masked(self.household, "phone")

    @property
    def note(self) -> str:
        return mask_numbers(self.household.note)

    @cached_property
    def facts(self) -> Facts:
        with connection.cursor() as cursor:
            cursor.execute(FACTS, {"household": self.household.pk, "colour": self.household.colour})
            return Facts(*cursor.fetchone())

    @property
    def due(self) -> str:
        """How it stands with the promise, in words; a colour only helps."""
        if self.facts.due_on is None:
            return ""
        days = (self.facts.due_on - self.on).days
        what = "重大变故，" if self.facts.crisis_at else ""
        if days < 0:
            return f"{what}逾期 {-days} 天未走访"
        return f"{what}今天该走访" if days == 0 else f"{what}{days} 天内走访"

    @property
    def advice(self) -> str:
        """A more urgent colour, when what is on record asks for one; what that is, is hidden here and stays so."""
        home = self.household
        renting = home.dwelling.occupancy in (Dwelling.Occupancy.LET, Dwelling.Occupancy.SHARED)
        people = [Living(row.age(self.on), self.cares_of(row)) for row in self.rows]
        advised = priority.advised(people, welfare=home.welfare, renting=renting, complained=bool(self.petitions))
        return Colour(advised).label if self.keeps and Colour.soonest(home.colour, advised) != home.colour else ""

    @property
    def tone(self) -> str:
        days = (self.facts.due_on - self.on).days if self.facts.due_on else 9
        return "red" if days < 0 or self.facts.crisis_at else "yellow" if days == 0 else "green"

    @cached_property
    def no_phone(self) -> str:
        """Why a telephone call would not do as a visit, if so."""
        if self.facts.crisis_at:
            return AT_THE_DOOR
        return why_not(self.household, "phone", self.at) if self.visits else ""

    @property
    def crisis(self) -> str:
        """What she who keeps the home may say has happened, and how soon somebody is there."""
        may = self.keeps and not self.facts.crisis_at
        return f"重大变故，{self.facts.crisis_days * 24} 小时内到户" if may else ""

    @cached_property
    def hazards(self) -> list[Hazard]:
        return list(self.household.hazards.open().select_related("item")[:SHOWN]) if self.facts.hazards else []

    @cached_property
    def needs(self) -> list[tuple[Need, str]]:
        """Each with its words as they may be shown."""
        if not self.facts.needs:
            return []
        found = self.household.needs.filter(state=Need.State.OPEN).select_related("found_by")[:SHOWN]
        return [(need, mask_numbers(need.words)) for need in found]

    @cached_property
    def petitions(self) -> list[Petition]:
        """From a telephone of this home, or about its address; only what she may see, and of whom she may know."""
        place, address = self.household.dwelling.place_id, self.household.dwelling.address
        phones = {words for words in (self.household.phone, *(row.phone for row in self.rows)) if words}
        digests = [digest for phone in sorted(phones) for digest in fingerprints(phone)]
        called = Q(caller_fingerprint__in=digests)
        if not sees_callers(self.user):
            called &= Q(confidential=False)
        about = Q(told(address), place=place, confidential=False)
        found = Petition.objects.visible_to(self.user).open().filter(called | about)
        return list(found.only("number", "title", "status", "registered_at")[:SHOWN])

    @property
    def report_href(self) -> str:
        """The form of a report, filled in with what is known here."""
        dwelling = self.household.dwelling
        words = {"fresh": 1, "address": dwelling.address, "place": dwelling.place_id}
        return f"{reverse('petitions:register')}?{urlencode(words)}"

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        dwelling = self.household.dwelling
        place = reverse("grids:place", args=[dwelling.place_id])
        homes = f"{reverse('homes:list')}?place={dwelling.place_id}"
        return [(dwelling.place.name, place), ("户", homes), (self.household.number, "")]

    def _member(self, row: Resident) -> Member:
        age = row.age(self.on)
        facts = [row.get_relation_display(), row.get_sex_display(), f"{age} 岁" if age is not None else ""]
        cares = self.cares_of(row)
        secrets = secrets_of([row, *cares])
        return Member(
            row, " · ".join(filter(None, facts)), masked(row, "phone"), masked(row, "id_number"), cares, secrets
        )


def editable(page: HomePage, only: str = "") -> list[Any]:
    """The rows whose fields may be edited here: the home, its people with their care, of many only the one asked."""
    dwelling: Dwelling = page.household.dwelling
    people = page.rows if len(page.rows) <= EDITED_AT_ONCE else [row for row in page.rows if str(row.pk) == only]
    of_people = [row for person in people for row in (person, *page.cares_of(person))]
    return [page.household, dwelling, *([page.tenancy] if page.tenancy else []), *of_people]
