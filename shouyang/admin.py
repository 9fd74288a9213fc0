"""Channels of notices for administrators: rows of accounts, addressed to duties of grids."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts import channels
from accounts.models import Channel, User
from accounts.sealing import Unreadable
from accounts.unsent import Unsent
from grids.models import Duty

EXAMPLES = (
    "企业微信 wecombot://机器人密钥；钉钉 dingtalk://加签密钥@访问令牌；飞书 feishu://令牌；"
    "邮件 mailtos://账号:密码@邮件服务器?to={email}；短信网关与其他系统 jsons://主机/路径?:to={mobile}。"
    "写有 {email} 或 {mobile} 的逐人发送，其余同一事由只发一次。已有地址不再显示，留空即不改。"
    "发给群众的短信网关只发评价链接，不看职责和轻重；须设置门户地址（PORTAL_ADDRESS）。"
)


class ChannelForm(forms.ModelForm):
    new_address = forms.CharField(
        label="发送地址",
        max_length=500,
        required=False,
        help_text=EXAMPLES,
        widget=forms.PasswordInput(attrs={"class": "vLargeTextField", "autocomplete": "off"}),
    )
    duties = forms.MultipleChoiceField(
        label="发给哪些职责",
        choices=Duty,
        required=False,
        help_text="不选即所有人",
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Channel
        fields = ("name", "kind", "duties", "from_weight", "active")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        address, kind = given.get("new_address") or self.instance.address, given.get("kind")
        wrong = "" if address else "请填写发送地址"
        if kind and address and not isinstance(address, Unreadable):
            wrong = channels.complaint(kind, address)
        if wrong:
            self.add_error("new_address", ValidationError(wrong))
        return given

    def save(self, commit: bool = True) -> Channel:
        self.instance.address = self.cleaned_data["new_address"] or self.instance.address
        channel: Channel = super().save(commit)
        return channel


@admin.register(Channel)
class ChannelAdmin(admin.ModelAdmin):
    """A channel that is no longer wanted is taken out of use: what was sent on it keeps its name."""

    form = ChannelForm
    fields = ("name", "kind", "new_address", "duties", "from_weight", "active")
    list_display = ("name", "kind", "from_weight", "active")
    list_filter = ("kind", "active")
    search_fields = ("name",)
    actions = ("try_out",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description="试发一条（逐人的发给自己）")
    def try_out(self, request: HttpRequest, chosen: QuerySet[Channel]) -> None:
        assert isinstance(request.user, User)
        for channel in chosen:
            try:
                channels.try_out(channel, request.user)
            except Unsent as why:
                messages.error(request, f"{channel}：{why}。")
            else:
                messages.success(request, f"{channel}：对方已接收。")
