"""What the demo city's centre knows: a shelf of entries, so that its answers rest on something."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from grids.models import Item
from petitions import workflow
from petitions.models import Entry, Nature, Petition
from shouyang.demo.tables import rows


@dataclass(frozen=True)
class Known:
    """Which entry a call of the last thirty days rests on: one of its item, or of calls of its kind."""

    by_item: dict[str, Entry]
    questions: Entry
    thanks: Entry

    def for_(self, petition: Petition) -> Entry:
        if petition.nature == Nature.THANKS:
            return self.thanks
        return self.by_item.get(petition.item.code, self.questions)


def fill(now: datetime) -> Known:
    """Written by the dispatcher, checked by the reviewer."""
    writer, checker = (User.objects.get(username=name) for name in ("dispatcher", "reviewer"))
    items = {item.code: item for item in Item.objects.all()}
    entries = []
    for row in rows("demo/knowledge.csv"):
        at, today = now - timedelta(days=int(row["since_days"])), timezone.localdate(now)
        entry = workflow.write_entry(
            title=row["title"],
            text=row["text"],
            items=[items[code] for code in row["items"].split(",") if code],
            source=row["source"],
            valid_from=timezone.localdate(at),
            valid_until=today + timedelta(days=int(row["until_days"])) if row["until_days"] else None,
            by=writer,
            at=at,
        )
        workflow.check_entry(entry, by=checker, at=at + timedelta(hours=2))
        entry.refresh_from_db()
        entries.append((row["items"].split(","), entry))
    questions, thanks = (entry for codes, entry in entries if codes == [""])
    by_item: dict[str, Entry] = {}
    for codes, entry in entries:
        if entry.valid_until is None:
            by_item |= {code: entry for code in codes if code and code not in by_item}
    return Known(by_item, questions, thanks)
