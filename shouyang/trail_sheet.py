"""The audit trail as an Excel sheet."""

from datetime import datetime

from django.http import QueryDict

from accounts.listings import CHUNK, MOST, Cell, Column, Found, Listing, minute
from accounts.models import User
from accounts.notnow import NotNow
from grids.scope import holds
from petitions.permissions import AUDITS
from shouyang import trail
from shouyang.trail_form import TrailForm


def find(user: User, asked: QueryDict, at: datetime) -> Found:
    form = TrailForm(asked)
    if not form.is_valid():
        raise NotNow(" ".join(str(error) for errors in form.errors.values() for error in errors))
    wanted = form.asked()
    rows = (_cells(line) for line in trail.every(user, wanted, chunk=CHUNK))
    return Found(form.said() or "全部", lambda: trail.count(wanted, most=MOST + 1), rows)


def _cells(line: trail.Line) -> tuple[Cell, ...]:
    return (minute(line.at), line.who, line.username, line.kind, line.what, line.subject)


COLUMNS = (
    Column("时间", 17),
    Column("谁", 12),
    Column("账号", 14),
    Column("类别", 20),
    Column("做了什么", 60),
    Column("对象", 26),
)
LISTS = (Listing("trail", "审计记录", COLUMNS, find, open_to=lambda user: holds(user, *AUDITS)),)
