"""The cast of the demo city: the people one signs in as, and what to try as each. Plain data."""

from dataclasses import dataclass

CENTRE = "寿光市社会治理服务中心"
BUREAU = "寿光市综合行政执法局"
HOUSING = "寿光市住房和城乡建设局"
CITY, STREET, COMMUNITY, GRID = "370783", "370783001", "370783001901", "370783001901001"


@dataclass(frozen=True)
class Part:
    username: str
    name: str
    duties: tuple[str, ...]
    unit: str
    place: str
    hint: str


CAST: tuple[Part, ...] = (
    Part("operator", "孙晓雯", ("operator",), CENTRE, CITY, "接听来电，登记一件诉求"),
    Part("dispatcher", "刘志远", ("dispatcher",), CENTRE, CITY, "把待派单的诉求派给承办单位"),
    Part("reviewer", "陈国栋", ("reviewer", "centre_director"), CENTRE, CITY, "审核办理结果，盯住超期和红牌"),
    Part("caller", "赵丽娟", ("caller_back",), CENTRE, CITY, "回访诉求人，记下三项回答"),
    Part("officer", "马俊峰", ("receiver", "handler"), BUREAU, CITY, "签收、联系诉求人、提交办理结果"),
    Part("head", "杨振华", ("head",), BUREAU, CITY, "审核本单位的办理结果"),
    Part("housing", "冯雪梅", ("receiver", "handler"), HOUSING, CITY, "另一家承办单位：退单，协办"),
    Part("worker", "王小燕", ("grid_worker",), "圣城街道向阳社区居委会", GRID, "上报网格里的问题"),
    Part("gridsecretary", "李德厚", ("grid_secretary",), "圣城街道向阳社区居委会", GRID, "看本网格的诉求办到哪一步"),
    Part(
        "secretary", "张秀兰", ("community_secretary",), "圣城街道向阳社区居委会", COMMUNITY, "看本社区的诉求和网格人员"
    ),
    Part("street", "周建军", ("street_officer",), "圣城街道办事处", STREET, "看全街道的诉求和缺员"),
    Part("member", "郑文博", ("member",), "寿光市财政局", COMMUNITY, "在职党员，到居住地社区报到"),
    Part("liaison", "吴海霞", ("liaison",), "寿光市财政局", COMMUNITY, "单位党组织联络员"),
    Part("leader", "徐立新", ("leader",), "寿光市政府办公室", CITY, "分管领导，看承诺兑现情况"),
    Part("principal", "高明远", ("principal_leader",), "寿光市委办公室", CITY, "主要领导，看全市情况"),
    Part(
        "organiser",
        "林静",
        ("organiser", "leaders_office"),
        "寿光市委组织部",
        CITY,
        "组织部考评员，兼领导小组办公室：转办领导批示并办结",
    ),
    Part("auditor", "何守正", ("auditor",), CENTRE, CITY, "审计员，看谁查阅过个人信息"),
    Part("admin", "系统管理员", ("administrator",), CENTRE, CITY, "管理用户、单位、任职和时限表"),
)
