"""Ready words are written, and put into the form of an action."""

from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from accounts.models import Unit, User
from grids.models import Duty
from grids.scope import duties_of, units_of
from petitions import choices
from petitions.forms.register import Chosen, Named
from petitions.forms.words import Words
from petitions.models import Petition, Template
from petitions.models.template import CENTRE_KEEPERS

# Where the words go in the form of the action.
GOES_INTO = {"reply": "result", "answer": "note", "refuse": "reason", "call_back": "note"}
MINE, CENTRE = "mine", "centre"


class TemplateForm(forms.Form):
    title = Words(label="名称", most=40, help_text="在办理时按名称选用")
    action = Chosen(label="用在", choices=Template.Action.choices, initial=Template.Action.REPLY)
    item = Named("item", "items", label="事项", required=False, help_text="不填则各事项通用")
    text = Words(label="内容", most=1000, rows=5, help_text="插入后可以改；要按件填写的地方用“××”标出")
    whose = Chosen(label="谁可以用")

    lists: ClassVar = {"items": choices.item_options}

    def __init__(self, data: Any = None, *, user: User, template: Template | None = None) -> None:
        self.units = {str(unit.pk): unit for unit in Unit.objects.filter(pk__in=units_of(user, Duty.HEAD))}
        self.user = user
        initial: dict[str, Any] = {"whose": MINE}
        if template is not None:
            initial = {name: getattr(template, name) for name in ("title", "action", "item", "text")}
            initial["whose"] = MINE if template.owner_id else str(template.unit_id or CENTRE)
        super().__init__(data, initial=initial)
        whose: Any = self.fields["whose"]
        whose.choices = [(MINE, "仅自己"), *((pk, f"{unit}的同事") for pk, unit in self.units.items())]
        if duties_of(user) & set(CENTRE_KEEPERS):
            whose.choices = [*whose.choices, (CENTRE, "全市通用")]

    def said(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        whose = said.pop("whose")
        return said | {"owner": self.user if whose == MINE else None, "unit": self.units.get(whose)}

    @property
    def datalists(self) -> list[tuple[str, Any]]:
        return [(name, options()) for name, options in self.lists.items()]


def offered(action: str, petition: Petition, user: User) -> list[Template]:
    if action not in GOES_INTO:
        return []
    fitting = Template.objects.visible_to(user).fitting(action, petition.item_id)
    return list(fitting.select_related("unit")[:100])


def inserted(data: QueryDict, action: str, templates: list[Template]) -> QueryDict:
    """What was typed, and after it the words that were chosen."""
    chosen = next((one for one in templates if str(one.pk) == data.get("template")), None)
    if chosen is None:
        return data
    filled, name = data.copy(), GOES_INTO[action]
    before = data.get(name, "").rstrip()
    filled[name] = f"{before}\n{chosen.text}" if before else chosen.text
    return filled
