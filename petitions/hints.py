"""All that the portal knows while a call is written down, worked out when the page asks for it."""

from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

from django.utils import timezone

from accounts.models import User
from grids.locate import Proposal
from grids.models import Item, Place
from petitions import choices, knowledge, lookalikes, proposals
from petitions.intake import Next, accepts
from petitions.models import Petition

PLACES_SHOWN = 4


class Conversation(Protocol):
    user: User
    cleaned_data: dict[str, Any]

    def petition(self) -> Petition: ...


class Hints:
    def __init__(self, form: Conversation, at: datetime) -> None:
        self.said, self.user, self.at = form.cleaned_data, form.user, at
        self.draft = form.petition()
        self.phone: str = self.said.get("caller_phone", "")
        self.place: Place | None = self.said.get("place")
        self.item: Item | None = self.said.get("item")

    @cached_property
    def history(self) -> list[Petition]:
        return lookalikes.history(self.phone, to=self.user) if self.phone else []

    @cached_property
    def lookalikes(self) -> list[lookalikes.Lookalike]:
        return lookalikes.lookalikes(
            to=self.user, at=self.at, phone=self.phone, place=self.place, item=self.item, words=self.words
        )

    @property
    def may_merge(self) -> bool:
        return accepts(self.user)

    @cached_property
    def places(self) -> list[tuple[str, Proposal]]:
        found = proposals.places_for(self.said.get("address", ""), self.history)[:PLACES_SHOWN]
        return [(choices.label_of_place(proposal.place), proposal) for proposal in found]

    @cached_property
    def items(self) -> list[proposals.ItemProposal]:
        return proposals.items_for(self.words)

    @cached_property
    def entries(self) -> list[knowledge.Suggestion]:
        """What the answer may rest on, once somebody wants to answer by herself."""
        if self.said.get("next") != Next.ANSWER:
            return []
        return knowledge.suggested(self.item, self.words, timezone.localdate(self.at))

    @cached_property
    def unit(self) -> proposals.UnitProposal | None:
        return proposals.unit_for(self.item, self.place, self.words) if self.item else None

    @cached_property
    def outlook(self) -> proposals.Outlook | None:
        return proposals.outlook(self.draft, self.at) if self.item and self.said.get("nature") else None

    @property
    def urgency(self) -> str:
        return Item.Urgency(self.draft.urgency).label if self.item and not self.said.get("urgency") else ""

    @property
    def words(self) -> str:
        return f"{self.said.get('title', '')} {self.said.get('content', '')}".strip()


def hints_for(form: Conversation, *, at: datetime) -> Hints:
    return Hints(form, at)
