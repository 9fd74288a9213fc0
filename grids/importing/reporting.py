"""What the dry run found, row by row, to be taken along; and the sheet to begin with."""

import io
from dataclasses import dataclass

import xlsxwriter

from accounts.listings import Column, Found, Listing, found
from accounts.sheets import OPTIONS
from grids.importing import running
from grids.importing.columns import COLUMNS
from grids.importing.lines import NO_COMMUNITY
from grids.importing.staging import MOST_PROBLEMS
from grids.models import Import, ImportProblem, Place


@dataclass(frozen=True, slots=True)
class Community:
    name: str
    key: str  # in the address of its lines
    lines: int
    bad: int
    settled: bool
    ready: bool


def _not_by_address(*_: object) -> Found:
    raise LookupError("the report is had from the page of its import")


REPORT = Listing(
    name="import_problems",
    title="户情导入问题",
    columns=(
        Column("行号", 8),
        Column("列", 14),
        Column("单元格（已脱敏）", 22),
        Column("问题与改法", 70),
        Column("影响", 12),
    ),
    find=_not_by_address,
    note="行号是原表格里的行号；改好后重新上传。",
)


def lines(run: Import) -> Found:
    said = f"{run.name}，有问题的 {run.bad} 行、{run.problems_found} 处"
    if left_out(run):
        said += f"，本表只列前 {MOST_PROBLEMS} 处，改好后再检查，会列出其余的"
    return found(run.problems.order_by("number", "id"), _line, said)


def left_out(run: Import) -> int:
    """As many as are counted, and not kept to be listed."""
    return max(run.problems_found - MOST_PROBLEMS, 0)


def communities(run: Import) -> list[Community]:
    """As many rows as there are communities in the file; what names none of them stands first."""
    of = run.counts.get("communities", {})
    names = dict(Place.objects.filter(pk__in=of).values_list("code", "name"))
    names[""] = "看不出社区的行"
    ready = running.ready(run)
    return [
        Community(
            names.get(code, code), code or NO_COMMUNITY, one["lines"], one["bad"], code in run.settled, code in ready
        )
        for code, one in sorted(of.items())
    ]


def template() -> bytes:
    """The headings, with a line of examples and what to mind."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {**OPTIONS, "constant_memory": False})
    bold, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "@"})
    sheet = book.add_worksheet("户情")
    for n, column in enumerate(COLUMNS):
        sheet.set_column(n, n, 14, text)
        sheet.write_string(0, n, column.label, bold)
    sheet.freeze_panes(1, 0)
    hints = book.add_worksheet("填写说明")
    hints.set_column(0, 2, 30)
    told = [("列", "例", "说明"), *((column.label, column.example, column.hint) for column in COLUMNS)]
    for row, cells in enumerate(told):
        for n, words in enumerate(cells):
            hints.write_string(row, n, words, bold if not row else None)
    book.close()
    return file.getvalue()


def _line(problem: ImportProblem) -> tuple[str | float | None, ...]:
    effect = "不能导入" if problem.stops else "提示"
    return (problem.number, problem.column, problem.cell, problem.sentence, effect)
