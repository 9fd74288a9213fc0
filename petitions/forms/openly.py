"""How everybody narrows the list of published cases; all of it lives in the address."""

from typing import Any
from urllib.parse import urlencode

from django import forms

from petitions import cases
from petitions.forms.words import Words


class CasesForm(forms.Form):
    q = Words(label="关键词", most=60, required=False)
    domain = forms.ChoiceField(label="哪一类", required=False)
    street = forms.ChoiceField(label="街道", required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        domain: Any = self.fields["domain"]
        street: Any = self.fields["street"]
        domain.choices = [("", "不限"), *((name, name) for name in cases.domains())]
        street.choices = [("", "不限"), *cases.streets()]
        self.is_valid()

    def asked(self) -> dict[str, str]:
        """What is not understood narrows nothing, and its field says so."""
        return {
            "words": self.cleaned_data.get("q", ""),
            "domain": self.cleaned_data.get("domain", ""),
            "street": self.cleaned_data.get("street", ""),
        }

    def cursor(self) -> dict[str, str]:
        return {name: self.data.get(name, "") for name in ("after", "before")}

    def query(self) -> str:
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})
