"""Form fields in the portal's dress, personal data masked, and browsers by their names, for any template."""

from django import forms, template
from django.forms import BoundField
from django.utils.safestring import SafeString

from accounts.browsers import plainly
from accounts.masking import mask_id_number, mask_name, mask_phone

register = template.Library()
register.filter("mask_name", mask_name)
register.filter("mask_phone", mask_phone)
register.filter("mask_id_number", mask_id_number)
register.filter("browser", plainly)


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's widget with the classes of the style sheet; Django itself adds the aria attributes."""
    own = field.field.widget.attrs.get("class", "")
    wrong = " is-invalid" if field.errors else ""
    return field.as_widget(attrs={"class": f"{_dress(field.field.widget)}{wrong} {own}".strip()})


@register.filter
def is_tick(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def is_choice(field: BoundField) -> bool:
    """A group of buttons or ticks, each with a label of its own."""
    return isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


def _dress(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    if isinstance(widget, forms.Select):
        return "form-select"
    return "form-control"
