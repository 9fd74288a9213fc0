"""A person of a household, and the care somebody of it needs."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.sealed import FingerprintField, SealedTextField
from accounts.sealing import fingerprints
from grids import ages
from grids.models.dwelling import within
from grids.models.household import Household


class ResidentQuerySet(models.QuerySet["Resident"]):
    def visible_to(self, user: User) -> "ResidentQuerySet":
        return self.filter(within(user, "household__dwelling__place__code"))

    def living_here(self) -> "ResidentQuerySet":
        return self.filter(left_at=None)

    def numbered(self, id_number: str) -> "ResidentQuerySet":
        return self.filter(id_fingerprint__in=fingerprints(id_number))

    def named(self, name: str) -> "ResidentQuerySet":
        return self.filter(name_fingerprint__in=fingerprints(name))

    def with_phone(self, phone: str) -> "ResidentQuerySet":
        return self.filter(phone_fingerprint__in=fingerprints(phone))


class Resident(models.Model):
    class Sex(models.TextChoices):
        MALE = "male", "男"
        FEMALE = "female", "女"

    class Document(models.TextChoices):
        ID_CARD = "id_card", "居民身份证"
        PASSPORT = "passport", "护照"
        PERMIT = "permit", "港澳台居民证件"
        NONE = "none", "暂无"

    class Relation(models.TextChoices):
        HEAD = "head", "户主"
        SPOUSE = "spouse", "配偶"
        CHILD = "child", "子女"
        PARENT = "parent", "父母"
        GRANDCHILD = "grandchild", "孙辈"
        GRANDPARENT = "grandparent", "祖辈"
        SIBLING = "sibling", "兄弟姐妹"
        TENANT = "tenant", "租客"
        OTHER = "other", "其他"

    class Education(models.TextChoices):
        PRIMARY = "primary", "小学及以下"
        JUNIOR = "junior", "初中"
        SENIOR = "senior", "高中或中专"
        COLLEGE = "college", "大专"
        BACHELOR = "bachelor", "本科"
        MASTER = "master", "研究生"

    class Marriage(models.TextChoices):
        SINGLE = "single", "未婚"
        MARRIED = "married", "已婚"
        DIVORCED = "divorced", "离异"
        WIDOWED = "widowed", "丧偶"

    class Politics(models.TextChoices):
        MASSES = "masses", "群众"
        LEAGUE = "league", "共青团员"
        PARTY = "party", "中共党员"
        OTHER = "other", "其他党派"

    class Employment(models.TextChoices):
        EMPLOYED = "employed", "在职"
        FLEXIBLE = "flexible", "灵活就业"
        UNEMPLOYED = "unemployed", "待业"
        STUDENT = "student", "学生"
        RETIRED = "retired", "退休"
        AT_HOME = "at_home", "居家"

    class Leaving(models.TextChoices):
        MOVED = "moved", "迁出"
        DIED = "died", "去世"
        MERGED = "merged", "重复登记，已合并"

    household = models.ForeignKey(Household, models.PROTECT, related_name="residents", verbose_name="户")
    relation = models.CharField("与户主关系", max_length=12, choices=Relation, default=Relation.OTHER)
    name = SealedTextField("姓名")
    name_fingerprint = FingerprintField(of="name", max_length=32, null=True, editable=False)
    sex = models.CharField("性别", max_length=6, choices=Sex, blank=True)
    born_on = models.DateField("出生日期", null=True, blank=True)
    document = models.CharField("证件类型", max_length=10, choices=Document, default=Document.ID_CARD)
    id_number = SealedTextField("证件号码", blank=True, default="")
    id_fingerprint = FingerprintField(of="id_number", max_length=32, null=True, editable=False)
    phone = SealedTextField("联系电话", blank=True, default="")
    phone_fingerprint = FingerprintField(of="phone", max_length=32, null=True, editable=False)
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    registered_at = models.CharField("户籍地", max_length=60, blank=True)
    lives_where_registered = models.BooleanField("人户一致", null=True, blank=True)
    education = models.CharField("文化程度", max_length=10, choices=Education, blank=True)
    marriage = models.CharField("婚姻状况", max_length=10, choices=Marriage, blank=True)
    politics = models.CharField("政治面貌", max_length=8, choices=Politics, blank=True)
    party_branch = models.CharField("党组织关系", max_length=60, blank=True)
    employment = models.CharField("就业状态", max_length=12, choices=Employment, blank=True)
    workplace = models.CharField("工作单位", max_length=60, blank=True)
    emergency_contact = SealedTextField("紧急联系人", blank=True, default="")
    insured = models.BooleanField("已参加社保医保", null=True, blank=True)
    volunteer = models.BooleanField("志愿者", default=False)
    skills = models.CharField("特长", max_length=60, blank=True)
    consent = models.CharField("同意书编号", max_length=30, blank=True)
    since = models.DateField("入户")
    left_at = models.DateTimeField("离户时间", null=True, blank=True, editable=False)
    leaving = models.CharField("离户原因", max_length=8, choices=Leaving, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    illustrative = models.BooleanField("演示数据", default=False)

    objects = ResidentQuerySet.as_manager()

    class Meta:
        verbose_name = "居民"
        verbose_name_plural = "居民"
        ordering = ("household", "id")
        constraints = [
            # One person lives in one home. While the search key is changed, `holding` looks under every key.
            models.UniqueConstraint(
                fields=["id_fingerprint"],
                name="resident_lives_in_one_home",
                condition=Q(left_at=None, id_fingerprint__isnull=False),
                violation_error_message="此证件号码已登记在另一户",
            ),
            models.CheckConstraint(
                name="resident_leaves_for_a_reason",
                condition=Q(left_at=None, leaving="") | ~Q(left_at=None) & ~Q(leaving=""),
            ),
        ]
        indexes = [
            models.Index(fields=["name_fingerprint"], name="resident_name"),
            models.Index(
                fields=["phone_fingerprint"], name="resident_phone", condition=Q(phone_fingerprint__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"居民 {self.pk}"  # never the name: this is what logs and the admin show

    def age(self, on: date) -> int | None:
        return None if self.born_on is None else ages.in_years(self.born_on, on)


class Care(models.Model):
    """Why somebody is looked after more closely; all of it level 3, so nothing here can be read in the database."""

    class Category(models.TextChoices):
        OVER_80 = "over_80", "80 岁以上"  # from which age: `ages.FROM`
        ALONE = "alone", "独居"
        EMPTY_NEST = "empty_nest", "空巢"
        DISABLED_SELF_CARE = "no_self_care", "失能失智"
        DISABILITY = "disability", "残疾"
        CHILD_IN_NEED = "child_in_need", "困境儿童"
        LEFT_BEHIND = "left_behind", "留守"
        BEREAVED = "bereaved", "失独"
        SERIOUS_ILLNESS = "serious_illness", "重病"
        VETERAN = "veteran", "退役军人优抚"

    resident = models.ForeignKey(Resident, models.PROTECT, related_name="cares", verbose_name="居民")
    category = SealedTextField("类别")
    category_fingerprint = FingerprintField(of="category", max_length=32, null=True, editable=False)
    degree = SealedTextField("等级", blank=True, default="")
    need = SealedTextField("需求", blank=True, default="")
    helper = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="帮扶责任人", db_index=False
    )
    guardian = SealedTextField("监护人", blank=True, default="")
    health = SealedTextField("健康提示", blank=True, default="")
    device = models.CharField("物联设备", max_length=60, blank=True)
    assessed_on = models.DateField("评估日期", null=True, blank=True)
    since = models.DateField("起")
    ended_at = models.DateTimeField("止", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "重点关爱"
        verbose_name_plural = "重点关爱"
        ordering = ("resident", "id")
        indexes = [
            models.Index(fields=["category_fingerprint"], name="care_of_category", condition=Q(ended_at=None)),
        ]

    def __str__(self) -> str:
        return f"关爱 {self.pk}"

    @property
    def number(self) -> str:
        """关爱编号: by which people tell one from another while its category is hidden."""
        return f"C{self.pk:07d}"

    def clean(self) -> None:
        if self.category and self.category not in self.Category.values:
            raise ValidationError({"category": "没有这个类别"})
