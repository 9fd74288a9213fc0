"""Which entries of the knowledge base a page shows, and which fit what a caller asks, and why."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.http import QueryDict

from accounts.models import User
from grids.models import Item
from grids.scope import duties_of
from petitions import choices
from petitions.models import Entry
from petitions.models.entry import ENTRY_CHECKERS, ENTRY_WRITERS, EntryQuerySet
from petitions.words import grams, phrases

SUGGESTED = 5
LOOKED_AT = 200
FOR_THE_ITEM = 4  # weighs as much as so many words in common
FEWEST_WORDS = 2  # of another item's entry


TABS = {"": "在用", "unchecked": "待核对", "to_come": "尚未生效", "over": "过期或停用"}
RELATED = ("written_by", "checked_by", "ended_by", "replaces")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the page says."""

    tab: str
    words: str
    item: Item | None

    @classmethod
    def read(cls, query: QueryDict) -> "Asked":
        tab = query.get("tab", "")
        item = choices.items().get(query.get("item", ""))
        return cls(tab if tab in TABS else "", query.get("q", "").strip()[:60], item)

    def entries(self, user: User, on: date) -> EntryQuerySet:
        found = of_tab(Entry.objects.visible_to(user), self.tab, on)
        found = found.with_words(self.words) if self.words else found
        found = found.filter(items=self.item) if self.item else found
        return found.select_related(*RELATED).prefetch_related("items")

    @property
    def said(self) -> str:
        about = [f"含“{self.words}”"] if self.words else []
        return "；".join([TABS[self.tab], *about, *([self.item.name] if self.item else [])])


@dataclass(frozen=True, slots=True)
class Suggestion:
    entry: Entry
    reason: str

    @property
    def label(self) -> str:
        return str(self.entry)


def of_tab(entries: EntryQuerySet, tab: str, on: date) -> EntryQuerySet:
    match tab:
        case "unchecked":
            return entries.unchecked()
        case "to_come":
            return entries.to_come(on)
        case "over":
            return entries.over(on)
    return entries.in_force(on)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Can anybody be answered directly, and what does that wait for?"""

    in_force: int
    to_check: int  # by this person: written by others

    @property
    def bare(self) -> bool:
        return not self.in_force


def shelf(user: User, on: date) -> Shelf | None:
    """For those who write and check; None for everybody else."""
    held = duties_of(user)
    if not held & set(ENTRY_WRITERS):
        return None
    entries = Entry.objects.visible_to(user)
    checks = held & set(ENTRY_CHECKERS)
    unchecked = entries.unchecked().exclude(written_by=user).count() if checks else 0
    return Shelf(entries.in_force(on).count(), unchecked)


def suggested(item: Item | None, words: str, on: date) -> list[Suggestion]:
    """In force that day; those of the item first, then by the words they have in common."""
    said = grams(words)[:200]
    fits = Q(items=item) if item else Q()
    fits = fits | Q(words__overlap=said) if said else fits
    if not fits:
        return []
    entries = Entry.objects.in_force(on).filter(fits).distinct().prefetch_related("items")[:LOOKED_AT]
    weighed = [(_weight(entry, item, said), entry) for entry in entries]
    best = sorted((one for one in weighed if one[0] >= FEWEST_WORDS), key=lambda one: (-one[0], one[1].pk))
    return [Suggestion(entry, _reason(entry, item, words)) for _, entry in best[:SUGGESTED]]


def _weight(entry: Entry, item: Item | None, said: list[str]) -> int:
    common = len(set(grams(entry.title)) & set(said))
    return common + (FOR_THE_ITEM if item in entry.items.all() else 0)


def _reason(entry: Entry, item: Item | None, words: str) -> str:
    common = phrases(words, set(grams(entry.title)))[:2]
    said = ["事项相同"] if item in entry.items.all() else []
    if common:
        said.append(f"都有“{'”“'.join(common)}”")
    return "，".join(said)
