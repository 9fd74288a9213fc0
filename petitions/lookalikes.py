"""Before a call is saved: what this caller said before, and which petitions look like this one."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, IntegerField, OrderBy, QuerySet, TextField, Value
from django.db.models.functions import Extract

from accounts.models import User
from grids.models import Item, Place
from petitions import terms
from petitions.models import Petition
from petitions.models.petition import PetitionQuerySet
from petitions.permissions import sees_callers
from petitions.rarity import sooner_by_walking, telling

HISTORY = 10
SHOWN = 5
LOOKED_AT = 300  # of the petitions that share a rare word, so many of the newest are compared
ALIKE = 0.5  # of the telling words


@dataclass
class Lookalike:
    petition: Petition
    reasons: list[str] = field(default_factory=list)


def from_caller(phone: str, *, to: User) -> PetitionQuerySet:
    """What came from this number, as far as this person may know who called: for history and for search by phone."""
    petitions = Petition.objects.visible_to(to).from_phone(phone)
    return petitions if sees_callers(to) else petitions.filter(confidential=False)


def history(phone: str, *, to: User) -> list[Petition]:
    return list(from_caller(phone, to=to).for_list()[:HISTORY])


def lookalikes(
    *, to: User, at: datetime, phone: str = "", place: Place | None = None, item: Item | None = None, words: str = ""
) -> list[Lookalike]:
    """Of all that she may see."""
    called = from_caller(phone, to=to).open() if phone else Petition.objects.none()
    return _found(Petition.objects.visible_to(to), called, at=at, place=place, item=item, words=words)


def mains_for(petition: Petition, *, at: datetime) -> list[Lookalike]:
    """The open petitions that this one may be a second call about. Only the centre asks, which sees all of them."""
    others = Petition.objects.open().exclude(pk=petition.pk)
    called = others.from_phone(petition.caller_phone) if petition.caller_phone else others.none()
    words = f"{petition.title} {petition.content}"
    return _found(others, called, at=at, place=petition.place, item=petition.item, words=words)


def _found(
    petitions: PetitionQuerySet,
    called: PetitionQuerySet,
    *,
    at: datetime,
    place: Place | None,
    item: Item | None,
    words: str,
) -> list[Lookalike]:
    """Open ones first, then the newest; each with every reason for which it is shown."""
    found: dict[int, Lookalike] = {}

    def add(alike: QuerySet[Petition], reason: str) -> None:
        for petition in alike[:SHOWN]:
            found.setdefault(petition.pk, Lookalike(petition)).reasons.append(reason)

    recent = petitions.for_list().filter(registered_at__gt=at - _days("lookalike_words_days"))
    if place and item:
        within = _days("lookalike_place_days")
        add(
            recent.filter(place=place, item=item, registered_at__gt=at - within),
            f"{within.days} 天内同一网格同一事项",
        )
    add(called.for_list(), "同一电话，尚未办结")
    if words and (wanted := telling(words)) and len(wanted) > 1:
        add(_alike(recent, wanted), "内容相近")
    ranked = sorted(found.values(), key=lambda one: (one.petition.is_open, one.petition.registered_at), reverse=True)
    return ranked[:SHOWN]


def _days(key: str) -> timedelta:
    return timedelta(days=terms.setting(key))


def _alike(petitions: QuerySet[Petition], wanted: list[str]) -> QuerySet[Petition]:
    # Whoever shares `least` words has one of the rarest; these the index finds, and few others.
    least = max(2, round(len(wanted) * ALIKE))
    rarest = wanted[: len(wanted) - least + 1]
    # The limit stands before the comparison: a word may turn out to be in every other petition.
    newest = petitions.filter(words__overlap=rarest).order_by(_newest(rarest)).values("pk")[:LOOKED_AT]
    return (
        petitions.filter(pk__in=newest)
        .annotate(shared=_shared(wanted))
        .filter(shared__gte=least)
        .order_by("-shared", "-registered_at")
    )


def _newest(words: list[str]) -> OrderBy:
    """The database takes words that it keeps no figures of for frequent ones, and would walk a month in search of what
    nobody said: an order that no index has leaves it the index of words alone."""
    if sooner_by_walking(words, LOOKED_AT):
        return F("registered_at").desc()
    return Extract("registered_at", "epoch").desc()


def _shared(wanted: list[str]) -> Func:
    return Func(
        F("words"),
        Value(wanted, output_field=ArrayField(TextField())),
        template="cardinality(ARRAY(SELECT unnest(%(expressions)s)))",
        arg_joiner="::text[]) INTERSECT SELECT unnest(",
        output_field=IntegerField(),
    )
