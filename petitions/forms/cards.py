"""The cards that somebody wants to see, and why one is taken back."""

from django import forms
from django.db.models import QuerySet

from petitions import choices
from petitions.forms.words import Words
from petitions.models import Effect, Event


class CardFilter(forms.Form):
    card = forms.ChoiceField(
        label="牌",
        required=False,
        choices=[
            ("", "不限"),
            (Effect.RED_CARD.value, "红牌"),
            (Effect.YELLOW_CARD.value, "黄牌"),
            ("withdrawn", "已撤销"),
        ],
    )
    unit = forms.ChoiceField(
        label="承办单位",
        required=False,
        choices=lambda: [("", "不限"), *((str(unit.pk), str(unit)) for unit in choices.units().values())],
    )

    def narrow(self, cards: QuerySet[Event]) -> QuerySet[Event]:
        """What is not understood shows nothing."""
        if not self.is_valid():
            return cards.none()
        card, unit = self.cleaned_data["card"], self.cleaned_data["unit"]
        if card == "withdrawn":
            cards = cards.exclude(withdrawal=None)
        elif card:
            cards = cards.filter(action=card, withdrawal=None)
        return cards.filter(unit=unit) if unit else cards


class WithdrawCardForm(forms.Form):
    note = Words(label="撤牌理由", most=500, rows=3, help_text="写进经过，单位和审计都看得到")
