"""The sidebar as data: what it says, where it leads, whose duties open it."""

from dataclasses import dataclass
from functools import cache

from django.urls import reverse

from grids.models import Duty

CENTRE = frozenset({Duty.OPERATOR, Duty.DISPATCHER, Duty.REVIEWER, Duty.CALLER_BACK, Duty.CENTRE_DIRECTOR})
UNIT = frozenset({Duty.RECEIVER, Duty.HANDLER, Duty.HEAD})
STREET = frozenset({Duty.STREET_OFFICER, Duty.COMMUNITY_SECRETARY, Duty.GRID_SECRETARY, Duty.GRID_WORKER})
LEADERS = frozenset({Duty.LEADER, Duty.PRINCIPAL_LEADER})
PAPERS = frozenset({Duty.REVIEWER, Duty.CENTRE_DIRECTOR, Duty.LEADERS_OFFICE})
EVERYBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Entry:
    label: str
    icon: str
    url_name: str
    duties: frozenset[str] = EVERYBODY  # holding one of them is enough; empty: everybody who is signed in


@dataclass(frozen=True)
class Item:
    """An entry as one person sees it on one page."""

    label: str
    icon: str
    href: str
    here: bool


MENU = (
    Entry("我的工作台", icon="layout-dashboard", url_name="desk"),
    Entry("今日走访", icon="walk", url_name="today", duties=STREET - {Duty.STREET_OFFICER}),
    Entry("居民与房屋", icon="home", url_name="homes:list", duties=STREET),
    Entry("需求与微心愿", icon="clipboard-heart", url_name="homes:needs", duties=STREET),
    Entry(
        "来电登记",
        icon="phone-incoming",
        url_name="petitions:register",
        duties=frozenset({Duty.OPERATOR, Duty.DISPATCHER}),
    ),
    Entry(
        "上报诉求",
        icon="message-report",
        url_name="petitions:register",
        duties=frozenset({Duty.GRID_WORKER, Duty.GRID_SECRETARY, Duty.COMMUNITY_SECRETARY}),
    ),
    Entry(
        "诉求列表",
        icon="list-details",
        url_name="petitions:list",
        duties=CENTRE | UNIT | STREET | LEADERS | {Duty.AUDITOR},
    ),
    Entry(
        "本单位承办",
        icon="inbox",
        url_name="petitions:tray",
        duties=UNIT | {Duty.STREET_OFFICER, Duty.COMMUNITY_SECRETARY},
    ),
    Entry(
        "督办",
        icon="alert-triangle",
        url_name="petitions:supervision",
        duties=LEADERS | PAPERS | {Duty.HEAD, Duty.RECEIVER, Duty.AUDITOR},
    ),
    Entry("呈阅与批示", icon="signature", url_name="petitions:briefings", duties=LEADERS | PAPERS | UNIT),
    Entry(
        "会议与议定",
        icon="users-group",
        url_name="petitions:meetings",
        duties=LEADERS | PAPERS | UNIT | {Duty.STREET_OFFICER},
    ),
    Entry(
        "交办事项", icon="checklist", url_name="petitions:tasks", duties=LEADERS | PAPERS | UNIT | {Duty.STREET_OFFICER}
    ),
    Entry(
        "知识库",
        icon="book",
        url_name="petitions:knowledge",
        duties=CENTRE | {Duty.AUDITOR},
    ),
    Entry(
        "交接班",
        icon="exchange",
        url_name="petitions:handovers",
        duties=frozenset({Duty.OPERATOR, Duty.DISPATCHER, Duty.REVIEWER, Duty.CENTRE_DIRECTOR, Duty.AUDITOR}),
    ),
    Entry("批量派单", icon="arrows-split", url_name="petitions:bulk", duties=frozenset({Duty.DISPATCHER})),
    Entry("答复模板", icon="template", url_name="petitions:templates", duties=CENTRE | UNIT),
    Entry(
        "派单目录",
        icon="route",
        url_name="petitions:rulings",
        duties=frozenset({Duty.OPERATOR, Duty.DISPATCHER, Duty.REVIEWER, Duty.CENTRE_DIRECTOR, Duty.AUDITOR}),
    ),
    Entry(
        "退单与错派",
        icon="arrow-back-up",
        url_name="petitions:returns",
        duties=LEADERS | {Duty.DISPATCHER, Duty.REVIEWER, Duty.CENTRE_DIRECTOR, Duty.HEAD, Duty.RECEIVER, Duty.AUDITOR},
    ),
    Entry(
        "挂账台账",
        icon="notebook",
        url_name="petitions:books",
        duties=LEADERS | {Duty.REVIEWER, Duty.CENTRE_DIRECTOR, Duty.HEAD, Duty.AUDITOR},
    ),
    Entry("回访", icon="phone-check", url_name="petitions:callbacks", duties=frozenset({Duty.CALLER_BACK})),
    Entry(
        "满意件抽查",
        icon="repeat",
        url_name="petitions:rechecks",
        duties=LEADERS | {Duty.CALLER_BACK, Duty.REVIEWER, Duty.CENTRE_DIRECTOR, Duty.HEAD, Duty.AUDITOR},
    ),
    Entry(
        "案例公开",
        icon="world-share",
        url_name="petitions:cases",
        duties=frozenset({Duty.REVIEWER, Duty.CENTRE_DIRECTOR, Duty.AUDITOR}),
    ),
    Entry(
        "考核指标",
        icon="chart-bar",
        url_name="petitions:rates",
        duties=CENTRE | UNIT | STREET | LEADERS | {Duty.AUDITOR},
    ),
    Entry(
        "走访规则",
        icon="calendar-repeat",
        url_name="homes:rules",
        duties=frozenset({Duty.COMMUNITY_SECRETARY, Duty.STREET_OFFICER, Duty.CENTRE_DIRECTOR, Duty.ADMINISTRATOR}),
    ),
    Entry(
        "明文查看记录",
        icon="eye-check",
        url_name="homes:looks",
        duties=frozenset({Duty.COMMUNITY_SECRETARY, Duty.STREET_OFFICER}),
    ),
    Entry(
        "审计记录",
        icon="history",
        url_name="trail",
        duties=frozenset({Duty.AUDITOR, Duty.CENTRE_DIRECTOR, Duty.ADMINISTRATOR}),
    ),
    Entry(
        "我的导出",
        icon="file-spreadsheet",
        url_name="exports:mine",
        duties=CENTRE | UNIT | STREET | LEADERS | PAPERS | {Duty.AUDITOR, Duty.ADMINISTRATOR},
    ),
    Entry("隐患排查", icon="alert-triangle", url_name="hazards:list", duties=STREET),
    Entry("单位与商户", icon="building-store", url_name="premises:list", duties=STREET),
    Entry("入格事项", icon="checklist", url_name="items:list"),
    Entry(
        "网格责任人",
        icon="table",
        url_name="staffing:matrix",
        duties=STREET | LEADERS | {Duty.CENTRE_DIRECTOR, Duty.ORGANISER, Duty.ADMINISTRATOR, Duty.AUDITOR},
    ),
    Entry(
        "户情导入",
        icon="table-import",
        url_name="keeping:imports",
        duties=frozenset({Duty.COMMUNITY_SECRETARY, Duty.STREET_OFFICER}),
    ),
    Entry(
        "户情导出",
        icon="table-export",
        url_name="keeping:exports",
        duties=frozenset({Duty.GRID_WORKER, Duty.COMMUNITY_SECRETARY}),
    ),
    Entry("信息采集目录", icon="clipboard-list", url_name="keeping:fields", duties=STREET | {Duty.AUDITOR}),
    Entry(
        "到期删除",
        icon="eraser",
        url_name="keeping:erasures",
        duties=frozenset({Duty.COMMUNITY_SECRETARY, Duty.ADMINISTRATOR}),
    ),
    Entry("网格与场所", icon="map-2", url_name="grids:city"),
    Entry(
        "网格地图",
        icon="map",
        url_name="map",
        duties=LEADERS | {Duty.CENTRE_DIRECTOR, Duty.STREET_OFFICER, Duty.COMMUNITY_SECRETARY, Duty.ADMINISTRATOR},
    ),
    Entry(
        "覆盖检查",
        icon="grid-dots",
        url_name="coverage:report",
        duties=LEADERS
        | {
            Duty.CENTRE_DIRECTOR,
            Duty.STREET_OFFICER,
            Duty.COMMUNITY_SECRETARY,
            Duty.ADMINISTRATOR,
            Duty.AUDITOR,
        },
    ),
    Entry("系统管理", icon="settings", url_name="admin:index", duties=frozenset({Duty.ADMINISTRATOR})),
)


def menu_for(duties: frozenset[str], here: str) -> list[Item]:
    return [Item(entry.label, entry.icon, href, href == here) for entry, href in links_of(duties)]


def here_in(duties: frozenset[str], path: str) -> str:
    """The longest address that the page stands under, so that /petitions/new/ does not also light /petitions/."""
    # Every page stands under the desk's "/".
    under = [href for _, href in links_of(duties) if path == href or (href != "/" and path.startswith(href))]
    return max(under, key=len, default="")


@cache
def links_of(duties: frozenset[str]) -> tuple[tuple[Entry, str], ...]:
    return tuple((entry, reverse(entry.url_name)) for entry in MENU if not entry.duties or entry.duties & duties)
