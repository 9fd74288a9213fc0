"""A way out of the portal: one robot, mailbox or gateway, for which duties and from which weight on."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models.notice import Notice
from accounts.sealed import SealedTextField

PERSONAL = ("{email}", "{mobile}")  # stands in the address for the person's own


class ChannelQuerySet(models.QuerySet["Channel"]):
    def to_residents(self) -> "ChannelQuerySet":
        return self.filter(kind=Channel.Kind.RESIDENTS, active=True)


class Channel(models.Model):
    class Kind(models.TextChoices):
        EMAIL = "email", "电子邮件"
        SMS = "sms", "短信网关"
        RESIDENTS = "residents", "短信网关（发给群众）"
        WECOM = "wecom", "企业微信群机器人"
        DINGTALK = "dingtalk", "钉钉群机器人"
        FEISHU = "feishu", "飞书群机器人"
        WEBHOOK = "webhook", "其他系统"

    name = models.CharField("名称", max_length=40, unique=True)
    kind = models.CharField("类别", max_length=10, choices=Kind)
    address = SealedTextField("发送地址", help_text="含机器人令牌或邮箱密码，加密保存，不再显示。")
    duties = ArrayField(models.CharField(max_length=24), verbose_name="发给哪些职责", default=list, blank=True)
    from_weight = models.CharField("自哪种轻重起", max_length=10, choices=Notice.Weight, default=Notice.Weight.INFO)
    active = models.BooleanField("在用", default=True)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = "通知渠道"
        verbose_name_plural = "通知渠道"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def personal(self) -> bool:
        """One message for each person, or one for everybody who is told the same?"""
        return any(mark in self.address for mark in PERSONAL)

    def wants(self, notice: Notice, duties: set[str]) -> bool:
        if self.kind == self.Kind.RESIDENTS:
            return False
        weights = list(Notice.Weight)
        if weights.index(Notice.Weight(notice.weight)) < weights.index(Notice.Weight(self.from_weight)):
            return False
        if self.duties and not duties.intersection(self.duties):
            return False
        missing = {"{email}": not notice.person.email, "{mobile}": not notice.person.mobile}
        return not any(missing[mark] for mark in PERSONAL if mark in self.address)
