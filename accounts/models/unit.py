"""Every body that handles petitions, reports in or co-builds: one table."""

from django.db import models


class Unit(models.Model):
    class Kind(models.TextChoices):
        CENTRE = "centre", "社会治理服务中心"
        PARTY_ORGAN = "party_organ", "党委机关"
        CONGRESS = "congress", "人大政协法检"
        DEPARTMENT = "department", "政府部门"
        MASS_ORGANISATION = "mass_organisation", "群团"
        VERTICAL = "vertical", "垂直管理与驻地单位"
        INSTITUTION = "institution", "事业单位"
        STREET_OFFICE = "street_office", "街道办事处"
        COMMUNITY_COMMITTEE = "community_committee", "社区居委会"
        STATE_COMPANY = "state_company", "国有企业"
        BANK = "bank", "金融机构"
        SCHOOL = "school", "学校"
        HOSPITAL = "hospital", "医院"
        COMPANY = "company", "非公企业"
        SOCIAL_ORGANISATION = "social_organisation", "社会组织"
        PROPERTY_COMPANY = "property_company", "物业公司"

    name = models.CharField("名称", max_length=80, unique=True)
    short_name = models.CharField("简称", max_length=40, blank=True)
    kind = models.CharField("类别", max_length=24, choices=Kind)
    line = models.CharField(
        "条线", max_length=20, blank=True, db_index=True, help_text="事项清单里的牵头条线，如“住建”"
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    phone = models.CharField("办公电话", max_length=20, blank=True)
    fictional = models.BooleanField("演示单位", default=False)
    active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = "单位"
        verbose_name_plural = "单位"
        ordering = ("kind", "id")

    def __str__(self) -> str:
        return self.short_name or self.name
