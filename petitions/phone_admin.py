"""Telephone systems for administrators: their keys go in and are never shown again; what they told can be read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import ReadOnly
from petitions.models import IncomingCall, PhoneExtension, PhoneSystem

SHORTEST = 32
HOW = "至少 32 个字符，与话务系统一致。已有的不再显示，留空即不改。"


class PhoneSystemForm(forms.ModelForm):
    new_secret = forms.CharField(
        label="签名密钥",
        min_length=SHORTEST,
        max_length=200,
        required=False,
        help_text=HOW,
        widget=forms.PasswordInput(attrs={"class": "vLargeTextField", "autocomplete": "off"}),
    )

    class Meta:
        model = PhoneSystem
        fields = ("code", "name", "digest", "active")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if "new_secret" not in self.errors and not (given.get("new_secret") or self.instance.secret):
            self.add_error("new_secret", "请填写签名密钥。")
        return given

    def save(self, commit: bool = True) -> PhoneSystem:
        self.instance.secret = self.cleaned_data["new_secret"] or self.instance.secret
        system: PhoneSystem = super().save(commit)
        return system


class Extensions(admin.TabularInline):
    model = PhoneExtension
    extra = 1
    autocomplete_fields = ("user",)


@admin.register(PhoneSystem)
class PhoneSystemAdmin(admin.ModelAdmin):
    """A system that is no longer wanted is taken out of use: its calls keep its name."""

    form = PhoneSystemForm
    fields = ("code", "name", "digest", "new_secret", "active")
    list_display = ("name", "code", "digest", "active")
    inlines = (Extensions,)

    def get_readonly_fields(self, request: HttpRequest, obj: PhoneSystem | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(IncomingCall)
class IncomingCallAdmin(ReadOnly):
    list_display = ("rang_at", "masked", "operator", "extension", "answered_at", "ended_at", "seconds", "petition")
    list_filter = ("system",)
    list_select_related = ("operator", "system")
    list_per_page = 50
    search_fields = ("=call_id", "operator__name")
    exclude = ("number",)
    readonly_fields = ("masked", "petition")
    show_full_result_count = False

    @admin.display(description="来电号码")
    def masked(self, call: IncomingCall) -> str:
        return call.masked

    @admin.display(description="诉求")
    def petition(self, call: IncomingCall) -> str:
        return call.petition.number if call.petition else ""
