"""Forms of many fields, made for every request: they share what never changes instead of copying it.

Django copies every field with its widget, choices, messages and validators; for the call form that took a sixth
of registering a petition (`make bench ONLY=register`).
"""

from typing import Any, TypeVar

from django import forms

F = TypeVar("F", bound=type[forms.Form])


class SharedFields(dict[str, forms.Field]):
    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return {name: _own(field) for name, field in self.items()}


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


def shares_fields(form: F) -> F:
    """Class decorator."""
    form.base_fields = SharedFields(form.base_fields)
    return form
