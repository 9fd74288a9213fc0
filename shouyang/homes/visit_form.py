"""The top of the household page: how it was, whom one met, what was found; need, wish and hazard one tap away."""

from datetime import datetime
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from grids.models import Need, Visit
from grids.workflow import Found, Seen
from grids.workflow.visiting import NOT_BY_THE_NEIGHBOUR, at_odds
from petitions import choices
from petitions.forms.words import Moment, Words
from petitions.terms import Kept
from shouyang.homes.fields import One


def _read_items() -> list[tuple[str, str]]:
    """What a grid worker may be asked to look for."""
    found = [item for item in choices.items().values() if item.in_grid]
    return [(item.code, f"{item.code} {item.name}") for item in sorted(found, key=lambda item: item.code)]


item_choices = Kept(_read_items)
item_options = Kept(lambda: format_html_join("", '<option value="{}">{}</option>', item_choices()))


class VisitForm(forms.Form):
    manner = One(label="方式", choices=Visit.Manner.choices, widget=forms.RadioSelect, initial=Visit.Manner.DOOR)
    met = One(label="见到谁", choices=Visit.Met.choices, widget=forms.RadioSelect, initial=Visit.Met.SOMEBODY)
    finding = One(label="民情", choices=Visit.Finding.choices, widget=forms.RadioSelect, initial=Visit.Finding.NONE)
    note = Words(label="记录", most=500, rows=2, required=False)
    need = Words(label="需求", most=300, rows=2, required=False)
    wish = Words(label="微心愿", most=300, rows=2, required=False)
    hazard_item = One(label="隐患事项", choices=[], required=False)
    hazard = Words(label="现场情况", most=400, rows=2, required=False)
    at = Moment(label="走访时间", options_id="", required=False, help_text="补记时填写，如 11-22 15:04；不填为现在")

    def __init__(self, data: Any = None, *, now: datetime) -> None:
        super().__init__(data, auto_id="v-%s")
        self.now = now
        item: Any = self.fields["hazard_item"]
        item._choices = item.widget._choices = [("", "请选择"), *item_choices()]  # as the call form does

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("hazard") and not said.get("hazard_item"):
            self.add_error("hazard_item", "请选择是哪一类隐患。")
        if said.get("hazard_item") and not said.get("hazard"):
            self.add_error("hazard", "请写明现场情况。")
        finding = said.get("finding")
        if finding == Visit.Finding.NEED and not (said.get("need") or said.get("wish")):
            self.add_error("need", "发现了需求，请写明需求或微心愿。")
        if finding == Visit.Finding.HAZARD and not (said.get("hazard") or said.get("hazard_item")):
            self.add_error("hazard", "发现了隐患，请写明现场情况。")
        if finding == Visit.Finding.DISPUTE and not said.get("note"):
            self.add_error("note", "发现了矛盾，请在记录里写明。")
        if at_odds(said.get("manner", ""), said.get("met", "")):
            self.add_error("met", NOT_BY_THE_NEIGHBOUR)
        if said.get("at") and said["at"] > self.now:
            self.add_error("at", "走访时间还没有到，请核对。")
        return said

    def forget_errors(self) -> None:
        """No visit was sent: what is missing is no fault."""
        self._errors = ErrorDict()
        self.cleaned_data = {}

    @property
    def taps(self) -> list[dict[str, Any]]:
        """The three questions, drawn without a widget each: the page is opened a hundred times a day."""
        return [self._tap(name) for name in ("manner", "met", "finding")]

    @property
    def items(self) -> SafeString:
        """Fifty-six options, drawn once for everybody; the chosen one stands before them."""
        chosen = [pair for pair in item_choices() if pair[0] == self["hazard_item"].value()]
        return format_html_join("", '<option value="{}" selected>{}</option>', chosen) + item_options()

    def _tap(self, name: str) -> dict[str, Any]:
        bound: Any = self[name]
        field: Any = self.fields[name]
        options = [(value, label, str(bound.value()) == value) for value, label in field.choices]
        return {"name": name, "label": field.label, "options": options, "errors": bound.errors}

    def seen(self) -> Seen:
        """What was written down besides counts as found, whichever button was left pressed."""
        said = self.cleaned_data
        finding = said["finding"]
        if finding == Visit.Finding.NONE:
            needs = Visit.Finding.NEED if said["need"] or said["wish"] else finding
            finding = Visit.Finding.HAZARD if said["hazard"] else needs
        return Seen(said["manner"], said["met"], finding, said["note"])

    def found(self) -> Found:
        said = self.cleaned_data
        hazards = [(choices.items()[said["hazard_item"]], said["hazard"])] if said["hazard"] else []
        kinds = ((Need.Kind.NEED, said["need"]), (Need.Kind.WISH, said["wish"]))
        needs = [(kind, words) for kind, words in kinds if words]
        return Found(hazards, needs)

    def when(self) -> datetime:
        """A date without an hour means noon of that day."""
        at: datetime | None = self.cleaned_data["at"]
        if at is None:
            return self.now
        local = timezone.localtime(at)
        noon = local.replace(hour=12) if (local.hour, local.minute) == (0, 0) else local
        return min(noon, self.now)
