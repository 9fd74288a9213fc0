"""The list of the grids as people read it: by domain, version against version, and the applications about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from grids.models import Admission, CatalogueVersion, ListedItem

State = Admission.State
TABS = {
    "waiting": ("待审核", [State.APPLIED]),
    "approved": ("待公布", [State.APPROVED]),
    "returned": ("退回补正", [State.RETURNED]),
    "published": ("已公布", [State.PUBLISHED]),
    "refused": ("未准入", [State.REFUSED]),
}


@dataclass(frozen=True, slots=True)
class Changed:
    line: ListedItem
    fields: list[tuple[str, str, str]]  # label, before, now


@dataclass(frozen=True, slots=True)
class Difference:
    added: list[ListedItem]
    gone: list[ListedItem]
    changed: list[Changed]

    def __bool__(self) -> bool:
        return bool(self.added or self.gone or self.changed)


def by_domain(lines: Iterable[ListedItem]) -> list[tuple[str, list[ListedItem]]]:
    ordered = sorted(lines, key=lambda line: line.code)
    return [(domain, list(these)) for domain, these in groupby(ordered, lambda line: line.domain)]


def difference(before: CatalogueVersion, now: CatalogueVersion) -> Difference:
    old, new = ({line.item_id: line for line in one.items.select_related("lead")} for one in (before, now))
    both = [(old[item], line) for item, line in new.items() if item in old]
    changed = [Changed(line, _changes(was, line)) for was, line in both]
    return Difference(
        [line for item, line in new.items() if item not in old],
        [line for item, line in old.items() if item not in new],
        [one for one in changed if one.fields],
    )


def _changes(was: ListedItem, now: ListedItem) -> list[tuple[str, str, str]]:
    """What somebody reads, so a limit is one thing and not a number and a unit."""
    parts = [("响应时限", was.responds, now.responds), ("办结时限", was.closes, now.closes)]
    whole = ("respond_amount", "respond_span", "close_amount", "close_span")
    for name in (*ListedItem.FIELDS, "until"):
        if name not in whole:
            label = str(ListedItem._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            parts.append((label, _words(was, name), _words(now, name)))
    return [(label, before, after) for label, before, after in parts if before != after]


def _words(line: ListedItem, name: str) -> str:
    display = getattr(line, f"get_{name}_display", None)
    value = display() if display else getattr(line, name)
    return "" if value is None else str(value)
