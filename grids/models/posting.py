"""A posting says: this user holds this duty in this unit, over this place, since, until."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from accounts.models import Unit, User
from grids.models.place import Place
from grids.scope import places_of


class Duty(models.TextChoices):
    OPERATOR = "operator", "坐席"
    DISPATCHER = "dispatcher", "分派员"
    REVIEWER = "reviewer", "审核督办员"
    CALLER_BACK = "caller_back", "回访员"
    CENTRE_DIRECTOR = "centre_director", "中心主任"
    RECEIVER = "receiver", "单位收件员"
    HANDLER = "handler", "承办人"
    HEAD = "head", "单位负责人"
    GRID_WORKER = "grid_worker", "专职网格员"
    GRID_SECRETARY = "grid_secretary", "网格党支部书记"
    ASSISTANT = "assistant", "网格协管员"
    LINE_ASSISTANT = "line_assistant", "责任网格人员"
    COMMUNITY_SECRETARY = "community_secretary", "社区书记"
    STREET_OFFICER = "street_officer", "街道管理员"
    LEADER = "leader", "分管市领导"
    PRINCIPAL_LEADER = "principal_leader", "主要领导"
    LEADERS_OFFICE = "leaders_office", "领导办公室"
    ORGANISER = "organiser", "组织部考评员"
    LIAISON = "liaison", "单位党组织联络员"
    MEMBER = "member", "在职党员"
    AUDITOR = "auditor", "审计员"
    ADMINISTRATOR = "administrator", "系统管理员"


LINES = ("公安", "市场监管", "综合执法", "环卫", "园林")  # whose people answer for every grid (domain Y13)
OF_A_GRID = (Duty.GRID_SECRETARY, Duty.GRID_WORKER, Duty.ASSISTANT, Duty.LINE_ASSISTANT)  # 1 + 1 + N
HELPING = (*OF_A_GRID, Duty.COMMUNITY_SECRETARY)  # of whom one may be named to help somebody that needs care
NAMED_OPENLY = (Duty.GRID_SECRETARY, Duty.GRID_WORKER, Duty.LINE_ASSISTANT)  # unless a posting says otherwise
# Who reads how a grid is staffed: those of the place, and the city's desks.
STAFFING_READERS = (
    *(Duty.GRID_WORKER, Duty.GRID_SECRETARY, Duty.COMMUNITY_SECRETARY, Duty.STREET_OFFICER),
    *(Duty.ORGANISER, Duty.ADMINISTRATOR, Duty.CENTRE_DIRECTOR, Duty.LEADER, Duty.PRINCIPAL_LEADER, Duty.AUDITOR),
)


def whose_staffing(user: User, path: str) -> Q:
    """Rows whose place code, reached by `path`, lies where the staffing is this user's business."""
    codes = places_of(user, *STAFFING_READERS)
    return Q(*(Q(**{f"{path}__startswith": code}) for code in codes), _connector=Q.OR) if codes else Q(pk__in=[])


class PostingQuerySet(models.QuerySet["Posting"]):
    def current(self, on: date) -> "PostingQuerySet":
        return self.filter(Q(until=None) | Q(until__gt=on), since__lte=on, user__is_active=True)

    def kept(self) -> "PostingQuerySet":
        """Without those cancelled before they began: they end on the day they would have begun."""
        return self.filter(Q(until=None) | Q(until__gt=F("since")))

    def visible_to(self, user: User) -> "PostingQuerySet":
        """Those of the grids whose staffing is her business."""
        return self.filter(whose_staffing(user, "place__code"), duty__in=OF_A_GRID)

    def named_openly(self) -> "PostingQuerySet":
        """Those whose holder's name residents may read."""
        return self.filter(Q(shown=True) | Q(shown=None, duty__in=NAMED_OPENLY))


class Posting(models.Model):
    class Source(models.TextChoices):
        REPRESENTATIVE = "representative", "居民代表"
        BUILDING_HEAD = "building_head", "楼道长"
        RETIRED_CADRE = "retired_cadre", "离退休干部"
        PARTY_MEMBER = "party_member", "居民党员"
        VOLUNTEER = "volunteer", "志愿者"
        PROPERTY = "property", "物业人员"
        OTHER = "other", "其他"

    class Lives(models.TextChoices):
        HERE = "here", "住在本网格"
        NEXT_DOOR = "next_door", "住在相邻网格"

    user = models.ForeignKey(User, models.CASCADE, related_name="postings", verbose_name="人员")
    duty = models.CharField("职责", max_length=24, choices=Duty)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="postings", verbose_name="单位")
    place = models.ForeignKey(Place, models.PROTECT, related_name="postings", verbose_name="管辖场所")
    since = models.DateField("起")
    until = models.DateField("止（不含）", null=True, blank=True)
    source = models.CharField("来源", max_length=16, choices=Source, blank=True, help_text="网格协管员从哪里来")
    lives = models.CharField("居住", max_length=10, choices=Lives, blank=True)
    lives_why = models.CharField("不住在本网格的理由", max_length=120, blank=True)
    shown = models.BooleanField(
        "姓名对居民公开", null=True, blank=True, help_text="不选时按职责：书记、网格员、责任网格人员公开，协管员不公开"
    )

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = "任职"
        verbose_name_plural = "任职"
        ordering = ("place", "duty", "id")
        constraints = [
            models.CheckConstraint(
                name="posting_ends_after_it_starts",
                condition=Q(until=None) | Q(until__gte=F("since")),  # equal: cancelled before it began
                violation_error_message="止（不含）不能早于起",
            ),
            models.UniqueConstraint(
                name="posting_held_once",
                fields=["user", "duty", "unit", "place"],
                condition=Q(until=None),
                violation_error_message="该人员在此单位、此场所已有同一职责的现任任职",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "duty"], name="posting_of_unit"),
            models.Index(fields=["place", "duty"], name="posting_of_place"),  # whom to tell: holders()
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_duty_display()} · {self.unit}"

    @property
    def called(self) -> str:
        """Her duty as it is said at the door; of the lines' people each line has its own."""
        line = self.unit.line if self.duty == Duty.LINE_ASSISTANT else ""
        return f"{line}{self.get_duty_display()}"

    def clean(self) -> None:
        if self.since and self.until and self.until <= self.since:
            raise ValidationError({"until": "止（不含）应晚于起"})
