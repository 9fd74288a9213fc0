"""A spreadsheet of homes that somebody brings: the row is the order, the queue and the record of its progress.

Its lines stand beside it, sealed, between the dry run and the import; they are gone when it is over.
"""

import uuid
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.sealed import FingerprintField, SealedTextField
from grids.models.place import Place
from grids.models.posting import Duty
from grids.scope import places_of

FOLDER = "imports"  # beside the exports: outside of the web root, and in no backup
IMPORTERS = (Duty.COMMUNITY_SECRETARY, Duty.STREET_OFFICER)


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: User) -> "ImportQuerySet":
        codes = places_of(user, *IMPORTERS)
        within = Q(*(Q(place__code__startswith=code) for code in codes), _connector=Q.OR)
        return self.filter(within) if codes else self.none()

    def waiting(self) -> "ImportQuerySet":
        """For a worker; also those whose worker has died."""
        return self.filter(state__in=BUSY)

    def held(self, at: datetime) -> "ImportQuerySet":
        return self.waiting().filter(lease_until__gt=at)


class Import(models.Model):
    class State(models.TextChoices):
        MAPPING = "mapping", "待核对列"
        CHECKING = "checking", "正在检查"
        CHECKED = "checked", "已检查，待导入"
        LOADING = "loading", "正在导入"
        DONE = "done", "已导入"
        FAILED = "failed", "没有导入"
        CANCELLED = "cancelled", "已取消"

    class Manner(models.TextChoices):
        FILE = "file", "整份文件：有一行不对就都不导入"
        COMMUNITY = "community", "按社区：全对的社区先导入，有错的社区整个不导入"

    token = models.UUIDField("提交标识", unique=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="导入人", db_index=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="范围", db_index=False)
    name = models.CharField("文件名", max_length=120)
    ending = models.CharField("扩展名", max_length=5)
    asked_at = models.DateTimeField("上传时间")
    heads = models.JSONField("表头", default=list)
    mapping = models.JSONField("各列对应的字段", default=dict)
    manner = models.CharField("范围", max_length=10, choices=Manner, default=Manner.FILE)
    makes_buildings = models.BooleanField("缺的小区和楼栋一并新建", default=False)
    state = models.CharField("状态", max_length=10, choices=State, default=State.MAPPING)
    samples = SealedTextField("各列的样例", blank=True, default="", editable=False)
    total = models.PositiveIntegerField("共几行", null=True)
    done = models.PositiveIntegerField("已到几行", default=0)
    bad = models.PositiveIntegerField("有问题的行", default=0)
    problems_found = models.PositiveIntegerField("问题数", default=0)
    counts = models.JSONField("结果", default=dict)
    started_at = models.DateTimeField("开始导入", null=True)
    settled = models.JSONField("已导入的社区", default=list)
    attempts = models.PositiveSmallIntegerField("第几次", default=0)
    lease_until = models.DateTimeField("最迟何时有动静", null=True)
    finished_at = models.DateTimeField("完成时间", null=True)
    problem = models.CharField("原因", max_length=200, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = "户情导入"
        verbose_name_plural = "户情导入"
        ordering = ("-asked_at", "-id")
        indexes = [
            models.Index(fields=["asked_at"], name="import_unfinished", condition=Q(state__in=["checking", "loading"])),
            models.Index(fields=["place", "-asked_at"], name="import_of_place"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.get_state_display()}"

    @property
    def busy(self) -> bool:
        return self.state in BUSY

    @property
    def over(self) -> bool:
        return self.state in OVER

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0

    @property
    def file(self) -> Path:
        return Path(settings.MEDIA_ROOT) / FOLDER / f"{self.token.hex}{self.ending}"


class ImportProblem(models.Model):
    """What is wrong with one cell, as a sentence; the cell itself is masked."""

    run = models.ForeignKey(Import, models.CASCADE, related_name="problems", verbose_name="导入", db_index=False)
    number = models.PositiveIntegerField("行号", help_text="文件里的行号，从 1 数起")
    column = models.CharField("列", max_length=40)
    cell = models.CharField("单元格", max_length=60, blank=True)
    sentence = models.CharField("问题", max_length=200)
    stops = models.BooleanField("不能导入", default=True)
    community = models.CharField("社区", max_length=12, blank=True, db_collation="C", help_text="看不出的为空")

    class Meta:
        verbose_name = "导入问题"
        verbose_name_plural = "导入问题"
        ordering = ("number", "id")
        indexes = [models.Index(fields=["run", "number", "id"], name="import_problem_of_run")]

    def __str__(self) -> str:
        return f"第 {self.number} 行 {self.column}"


class ImportLine(models.Model):
    """One person of the file, checked and sealed. Unlogged: after a crash of the database the file is checked anew.

    Columns that all lines are looked through by stand first: to get at one, PostgreSQL reads those before it. The
    database does not look up the import of each line anew: all lines are written, and forgotten, by one import.
    """

    pk = models.CompositePrimaryKey("run_id", "number")
    run = models.ForeignKey(
        Import, models.CASCADE, related_name="lines", verbose_name="导入", db_index=False, db_constraint=False
    )
    number = models.PositiveIntegerField("行号")
    # What the portal knows already; looked up by the dry run and again by the import.
    households = models.PositiveSmallIntegerField("门内几户", default=0)
    dwelling_id = models.BigIntegerField(null=True)
    household_id = models.BigIntegerField(null=True)
    resident_id = models.BigIntegerField(null=True)
    # The door, the household behind it, who it is.
    community = models.CharField("社区", max_length=12, db_collation="C")
    compound = models.CharField("小区", max_length=60)
    building = models.CharField("楼栋", max_length=20)
    unit = models.CharField("单元", max_length=10, blank=True)
    room = models.CharField("房号", max_length=12)
    mark = models.CharField("户号", max_length=30, blank=True)
    relation = models.CharField("与户主关系", max_length=12)
    name_fingerprint = FingerprintField(of="name", max_length=32, null=True)
    id_fingerprint = FingerprintField(of="id_number", max_length=32, null=True)
    # More of the door.
    grid = models.CharField("网格", max_length=15, blank=True, db_collation="C")
    building_number = models.PositiveSmallIntegerField("楼号", default=0)
    address = models.CharField("标准地址", max_length=120)
    said = models.CharField("归一化地址", max_length=120)
    walk = models.CharField("走访次序的后半", max_length=10)
    tenure = models.CharField("产权性质", max_length=10, blank=True)
    occupancy = models.CharField("居住状态", max_length=8, blank=True)
    # More of the household.
    kind = models.CharField("户类型", max_length=10)
    colour = models.CharField("走访分类", max_length=6)
    hardship = SealedTextField("致困原因", blank=True, default="")
    welfare = SealedTextField("低保或特困", blank=True, default="")
    # The person, as in Resident.
    name = SealedTextField("姓名")
    sex = models.CharField("性别", max_length=6, blank=True)
    born_on = models.DateField("出生日期", null=True)
    document = models.CharField("证件类型", max_length=10)
    id_number = SealedTextField("证件号码", blank=True, default="")
    phone = SealedTextField("联系电话", blank=True, default="")
    phone_fingerprint = FingerprintField(of="phone", max_length=32, null=True)
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    registered_at = models.CharField("户籍地", max_length=60, blank=True)
    lives_where_registered = models.BooleanField("人户一致", null=True)
    education = models.CharField("文化程度", max_length=10, blank=True)
    marriage = models.CharField("婚姻状况", max_length=10, blank=True)
    politics = models.CharField("政治面貌", max_length=8, blank=True)
    party_branch = models.CharField("党组织关系", max_length=60, blank=True)
    employment = models.CharField("就业状态", max_length=12, blank=True)
    workplace = models.CharField("工作单位", max_length=60, blank=True)
    emergency_contact = SealedTextField("紧急联系人", blank=True, default="")
    insured = models.BooleanField("已参加社保医保", null=True)
    volunteer = models.BooleanField("志愿者", default=False)
    skills = models.CharField("特长", max_length=60, blank=True)
    consent = models.CharField("同意书编号", max_length=30, blank=True)
    since = models.DateField("入户", null=True)

    class Meta:
        verbose_name = "导入行"
        verbose_name_plural = "导入行"

    def __str__(self) -> str:
        return f"第 {self.number} 行"


class ImportCare(models.Model):
    """Why the person of a line is to be looked after more closely: several for some, none for most. Sealed likewise."""

    run = models.ForeignKey(
        Import, models.CASCADE, related_name="cares", verbose_name="导入", db_index=False, db_constraint=False
    )
    number = models.PositiveIntegerField("行号")
    category = SealedTextField("类别")
    category_fingerprint = FingerprintField(of="category", max_length=32, null=True)
    degree = SealedTextField("等级", blank=True, default="")
    need = SealedTextField("需求", blank=True, default="")
    guardian = SealedTextField("监护人", blank=True, default="")
    health = SealedTextField("健康提示", blank=True, default="")
    device = models.CharField("物联设备", max_length=60, blank=True)
    assessed_on = models.DateField("评估日期", null=True)

    class Meta:
        verbose_name = "导入行的重点关爱"
        verbose_name_plural = "导入行的重点关爱"
        constraints = [
            models.UniqueConstraint(fields=["run", "number", "category_fingerprint"], name="import_care_once")
        ]

    def __str__(self) -> str:
        return f"第 {self.number} 行"


class ColumnsKnown(models.Model):
    """How somebody once mapped a sheet with this header: proposed again for the next one."""

    signature = models.CharField("表头摘要", max_length=64, primary_key=True)
    mapping = models.JSONField("各列对应的字段")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "已知表头"
        verbose_name_plural = "已知表头"

    def __str__(self) -> str:
        return self.signature[:12]


BUSY = (Import.State.CHECKING, Import.State.LOADING)
OVER = (Import.State.DONE, Import.State.FAILED, Import.State.CANCELLED)
