"""Published cases: what may become one, what the reviewer starts from, and what everybody reads of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from petitions import choices, keyset, redaction
from petitions.keyset import Order
from petitions.models import Petition, Publication, Status
from petitions.models.petition import PetitionQuerySet
from petitions.residents import whereabouts
from petitions.workflow.publishing import names_of

ON_A_PAGE = 20
NEWEST = Order("published_at", "pk", newest_first=True)


@dataclass(frozen=True, slots=True)
class Original:
    """A text as it was written down, cut where somebody could be recognised; and with those places covered."""

    label: str
    pieces: list[tuple[str, str]]
    hidden: str


@dataclass(frozen=True, slots=True)
class Line:
    pk: int
    title: str
    about: str
    where: str
    published_at: Any


def originals(petition: Petition) -> dict[str, Original]:
    """What the public words are written from."""
    names = names_of(petition)
    said = {
        "title": ("标题", petition.title),
        "question": ("诉求", petition.content),
        "answer": ("办理结果", _result(petition)),
    }
    return {
        name: Original(label, list(redaction.pieces(words, names)), redaction.hidden(words, names))
        for name, (label, words) in said.items()
    }


def counted(found: Iterable[Original]) -> list[tuple[str, int]]:
    """How often what was found."""
    return Counter(kind for one in found for _, kind in one.pieces if kind).most_common()


def _result(petition: Petition) -> str:
    answered = petition.events.filter(action="answer").order_by("-id").first()
    done = petition.dispatches.exclude(result="").order_by("-id").first()
    return done.result if done else answered.note if answered else ""


def candidates(user: User) -> PetitionQuerySet:
    """Concluded, public, and not published yet; the newest first."""
    done = Petition.objects.visible_to(user).public().filter(status__in=(Status.CLOSED, Status.ANSWERED))
    published = Publication.objects.standing().filter(petition=OuterRef("pk"))
    return done.filter(~Exists(published)).order_by("-concluded_at")


def listed(words: str, domain: str, street: str, *, after: str, before: str) -> tuple[list[Line], keyset.Page]:
    found: QuerySet[Publication] = Publication.objects.public()
    if words:
        found = Publication.objects.public().with_words(words)
    if domain:
        found = found.filter(petition__item__domain=domain)
    if street:
        found = found.filter(petition__place__code__startswith=street)
    rows = found.values("pk", "title", "published_at", "petition__item__name", "petition__place_id")
    page = keyset.page(rows, NEWEST, size=ON_A_PAGE, after=after, before=before)
    return [_line(row) for row in page.rows], page


def _line(row: dict[str, Any]) -> Line:
    where = whereabouts(row["petition__place_id"])
    return Line(row["pk"], row["title"], row["petition__item__name"], where, row["published_at"])


def domains() -> list[str]:
    return list(dict.fromkeys(item.domain for item in choices.items().values() if not item.unsorted))


def streets() -> list[tuple[str, str]]:
    return [(code, place.name) for code, place in choices.places().items() if len(code) == 9]
