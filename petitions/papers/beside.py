"""What meetings and leaders did about one petition, as its page shows it to one person."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from accounts.models import User
from petitions.models import Briefing, Decision, Petition, Topic


@dataclass(frozen=True, slots=True)
class Beside:
    topics: list[Topic]
    briefings: list[Briefing]

    def __bool__(self) -> bool:
        return bool(self.topics or self.briefings)


def beside(petition: Petition, *, to: User) -> Beside:
    decisions: Any = Decision.objects.select_related("task__unit")
    topics = petition.topics.select_related("meeting").prefetch_related(Prefetch("decisions", decisions))
    return Beside(list(topics), list(petition.briefings.visible_to(to)))
