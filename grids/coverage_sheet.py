"""The lists of this app as Excel sheets."""

from datetime import datetime

from django.http import QueryDict

from accounts.listings import Cell, Column, Found, Listing, found
from accounts.models import User
from grids.checks import CHECKS, report
from grids.models import CoverageFinding
from grids.models.coverage import READERS
from grids.scope import holds

WEIGHTS = {"red": "必须整改", "yellow": "需要核实", "blue": "提示"}


def find(user: User, asked: QueryDict, at: datetime) -> Found:
    place, check = asked.get("place", ""), CHECKS.get(asked.get("check", ""))
    report.scope(user, place)
    rows = report.narrowed(user, place).select_related("place").defer("place__boundary")
    if check:
        rows = rows.filter(check_name=check.name)
    return found(rows, _cells, "，".join(said for said in (place, check.label if check else "") if said) or "全部")


def _cells(finding: CoverageFinding) -> tuple[Cell, ...]:
    check = CHECKS.get(finding.check_name)
    about = (check.label, WEIGHTS[check.weight]) if check else (finding.check_name, "")
    return (*about, finding.place.name, finding.place_id, finding.words)


COLUMNS = (Column("检查项", 18), Column("轻重", 12), Column("场所", 18), Column("编码", 18), Column("问题", 60))
LISTS = (Listing("coverage", "网格覆盖检查", COLUMNS, find, open_to=lambda user: holds(user, *READERS)),)
