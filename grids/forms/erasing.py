"""Why something is kept although its time is over."""

from django import forms


class KeepForm(forms.Form):
    why = forms.CharField(
        label="暂不删除的理由",
        max_length=200,
        help_text="如“有未了的诉求”；明年会再次提出",
        error_messages={"required": "请写明为什么暂不删除。"},
    )
