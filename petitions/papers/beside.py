"""What the centre, meetings and leaders did about one petition, as its page shows it to one person."""

from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from petitions.models import Briefing, Petition, SupervisionNotice, Topic


@dataclass(frozen=True, slots=True)
class Beside:
    topics: list[Topic]
    briefings: list[Briefing]
    notices: list[SupervisionNotice]

    def __bool__(self) -> bool:
        return bool(self.topics or self.briefings or self.notices)


def beside(petition: Petition, *, to: User) -> Beside:
    return Beside(list(petition.topics.all()), list(petition.briefings.visible_to(to)), _notices(petition, to))


def _notices(petition: Petition, to: User) -> list[SupervisionNotice]:
    """Those that were issued for it, and those that it was joined to."""
    about = Q(petition=petition) | Q(further=petition)
    return list(SupervisionNotice.objects.visible_to(to).filter(about).distinct().order_by("drafted_at"))
