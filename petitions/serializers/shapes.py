"""The JSON shape of what an action needs, read off its form: the form keeps the rules for page and API alike."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from rest_framework import serializers

from petitions import choices
from petitions.forms.action import ActionForm
from petitions.forms.actions import FORMS
from petitions.forms.attachments import Files
from petitions.forms.register import Named
from petitions.forms.units import MOST, Units
from petitions.forms.words import Moment
from petitions.rules import NOT_BUTTONS, RULES

YES_NO = {"yes", "no"}
LONGEST_NAME = 120

# What a person may ask for by name: a new rule has a route, a form and a shape by being in the table.
ACTIONS = tuple(action for action in RULES if action not in NOT_BUTTONS)


class YesNoField(serializers.BooleanField):
    """true and false in JSON, `yes` and `no` in the form."""

    def to_internal_value(self, data: Any) -> Any:
        return "yes" if super().to_internal_value(data) else "no"


class UnitIdField(serializers.IntegerField):
    """A unit by its number in `/units/`; the form knows it by its name."""

    def to_internal_value(self, data: Any) -> Any:
        number = super().to_internal_value(data)
        for unit in choices.units().values():
            if unit.pk == number:
                return unit.name
        raise serializers.ValidationError("没有这个单位，或已停用。")


class Shape(serializers.Serializer[Any]):
    """Types and lengths; what the words mean is for the form to judge."""

    version = serializers.IntegerField(required=False, min_value=0, help_text="读取时的版本；此后有人办理过则答 409")


def shape_of(name: str, form: type[forms.Form], *, without: tuple[str, ...] = (), partial: bool = False) -> type[Shape]:
    fields: dict[str, Any] = {
        key: as_json(field, optional=partial) for key, field in form.base_fields.items() if key not in without
    }
    return type(name, (Shape,), fields)


def as_json(field: forms.Field, *, optional: bool = False) -> serializers.Field[Any, Any, Any, Any]:
    required = field.required and not optional
    told: dict[str, Any] = {
        "label": str(field.label or ""),
        "help_text": str(field.help_text or ""),
        "required": required,
    }
    if field.required and field.initial is not None and not optional:  # what the page has ticked beforehand
        del told["required"]
        told["default"] = field.initial
    blank = told | {"allow_blank": not field.required}
    options: Any = getattr(field, "choices", ())
    match field:
        case Files():
            return serializers.ListField(child=serializers.FileField(allow_empty_file=True), allow_empty=False, **told)
        case forms.UUIDField():
            return serializers.UUIDField(**told)
        case forms.DateField():
            return serializers.DateField(**told)
        case forms.IntegerField():
            return serializers.IntegerField(**told)
        case forms.BooleanField():
            return serializers.BooleanField(**told)
        case forms.MultipleChoiceField():
            return serializers.ListField(child=serializers.ChoiceField(list(options)), max_length=20, **told)
        case forms.ChoiceField() if {value for value, _ in options} == YES_NO:
            return YesNoField(allow_null=not field.required, **told)
        case forms.ChoiceField() if options:
            return serializers.ChoiceField([pair for pair in options if pair[0]], **blank)
        case Named() if field.named is choices.unit_named:
            return UnitIdField(**told | {"help_text": "单位的 id，见 /api/v1/units/"})
        case Units():
            child = UnitIdField(help_text="单位的 id，见 /api/v1/units/")
            return serializers.ListField(child=child, max_length=MOST, allow_empty=not required, **told)
        case Moment():
            return serializers.CharField(max_length=_longest(field), **blank | {"help_text": "ISO 8601，可以只有日期"})
        case Named():
            return serializers.CharField(max_length=_longest(field), **blank | {"help_text": "编码，或唯一的名称"})
        case _:
            return serializers.CharField(max_length=_longest(field), **blank)


def _longest(field: forms.Field) -> int:
    limits = [rule.limit_value for rule in field.validators if isinstance(rule, MaxLengthValidator)]
    return min(limits, default=LONGEST_NAME)


def _class_name(action: str) -> str:
    return f"{action.title().replace('_', '')}Words"


SHAPES = {
    action: shape_of(
        _class_name(action),
        FORMS.get(action, ActionForm),
        # JSON carries no files: they have a door of their own.
        without=("seen",) if action == "attach" else ("seen", "files"),
        partial=action == "amend",
    )
    for action in ACTIONS
}


# --- The shape, told to a program that asks what it may do -------------------------------------------------


class OptionSerializer(serializers.Serializer[Any]):
    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class FieldShapeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    type = serializers.ChoiceField(["text", "choice", "choices", "boolean", "unit", "units", "files"])
    required = serializers.BooleanField()  # type: ignore[assignment]
    max_length = serializers.IntegerField(allow_null=True)
    options = OptionSerializer(many=True)
    help_text = serializers.CharField(allow_blank=True)  # type: ignore[assignment]


def needs(action: str) -> list[dict[str, Any]]:
    """The fields of an action as data."""
    return list(_told(SHAPES[action]()))


def _told(shape: Shape) -> Iterator[dict[str, Any]]:
    for name, field in shape.fields.items():
        if name == "version":
            continue
        child = getattr(field, "child", None)
        options: dict[Any, Any] = getattr(child or field, "choices", {})
        yield {
            "name": name,
            "label": field.label,
            "type": _type(field, child),
            "required": field.required,
            "max_length": getattr(field, "max_length", None),
            "options": [{"value": value, "label": label} for value, label in options.items()],
            "help_text": field.help_text,
        }


def _type(field: Any, child: Any) -> str:
    match child or field:
        case serializers.FileField():
            return "files"
        case serializers.ChoiceField():
            return "choices" if child else "choice"
        case serializers.BooleanField():
            return "boolean"
        case UnitIdField():
            return "units" if child else "unit"
    return "text"
