"""Forms of many fields, made for every request: they share what never changes instead of copying it.

Django copies every field with its widget, choices, messages and validators, and binds each to the form before it is
cleaned; for the call form that took a fifth of registering a petition (`make bench ONLY=register`).
"""

from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError

F = TypeVar("F", bound=type[forms.Form])


class OwnWhenAsked(dict[str, forms.Field]):
    """A field asked for by its name is a copy that its form may change; those one only goes through are everybody's."""

    def __init__(self, shared: dict[str, forms.Field]) -> None:
        super().__init__(shared)
        self._shared = set(shared)

    def __getitem__(self, name: str) -> forms.Field:
        if name in self._shared:
            self._shared.discard(name)
            self[name] = _own(super().__getitem__(name))
        return super().__getitem__(name)

    def __deepcopy__(self, memo: dict[int, Any]) -> "OwnWhenAsked":
        return OwnWhenAsked(self)


def _own(field: forms.Field) -> forms.Field:
    """A field whose attributes, widget and widget attributes may be changed for one form."""
    mine: forms.Field = _twin(field)
    widget = _twin(field.widget)
    widget.attrs = field.widget.attrs.copy()
    mine.widget = widget
    return mine


def _twin(thing: Any) -> Any:
    twin = object.__new__(type(thing))
    twin.__dict__.update(thing.__dict__)
    return twin


class SharingForm(forms.Form):
    def _clean_fields(self) -> None:
        """As Django does it, without binding; no field of these forms is disabled or has a `clean_…` of its own."""
        for name, field in self.fields.items():
            words = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            try:
                self.cleaned_data[name] = field.clean(words)
            except ValidationError as problem:
                self.add_error(name, problem)


def shares_fields(form: F) -> F:
    """Class decorator."""
    form.base_fields = OwnWhenAsked(form.base_fields)
    return form
