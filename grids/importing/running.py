"""From an uploaded file to homes on record: two long steps of a worker, each with a person's press before it.

The row is the queue. A worker that dies leaves a lease that runs out; the next one checks anew, or goes on with the
communities that are not committed yet.
"""

import logging
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils import timezone

from accounts import notices
from accounts.errands import soon
from accounts.models import User
from accounts.notnow import NotNow
from grids.importing import files, known_care, loading, samples, staging, under_way
from grids.importing.columns import guesses, signature
from grids.importing.files import Unreadable
from grids.models import ColumnsKnown, Import, Place
from grids.models.importing import IMPORTERS, ImportQuerySet
from grids.scope import holds

log = logging.getLogger(__name__)

TASK = "grids.run_imports"
LEASE = timedelta(minutes=2)
TRIES = 3
KEPT_FOR = timedelta(days=7)
GAVE_UP = f"试了 {TRIES} 次都没有做完，请稍后重新检查，或告知系统管理员。"
ALL_IN = "已经全部写入，正在收尾，不能再取消；请刷新后再看。"
CHANGED = "检查以后情况有变，没有导入：第 {} 行{}请重新检查。"
State = Import.State


class Lost(Exception):
    """The import was cancelled, or another worker has it by now."""


# --- What a person presses -----------------------------------------------------------------------------


def receive(file: UploadedFile, place: Place, *, token: UUID, by: User, at: datetime) -> Import:
    """Keeps the file and reads its heading. Raises Unreadable. Once per token."""
    if not holds(by, *IMPORTERS, place=place.pk):
        raise PermissionDenied
    if known := Import.objects.filter(token=token, by=by).first():
        return known
    ending = files.ending_of(file.name or "", file.size or 0)
    run = Import(token=token, by=by, place=place, name=(file.name or "")[-120:], ending=ending, asked_at=at)
    run.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    run.file.touch(mode=0o600)
    with run.file.open("wb") as kept:
        kept.writelines(file.chunks())
    try:
        sheet = files.open_sheet(run.file)
        run.heads, run.samples, run.problem = sheet.heads, samples.taken(sheet), sheet.notice
        before = ColumnsKnown.objects.filter(pk=signature(run.heads)).first()
        guessed = {name: n for n, name in guesses(run.heads).items()}
        run.mapping = before.mapping if before else guessed
        run.save()
    except BaseException:
        run.file.unlink(missing_ok=True)
        raise
    return run


def check(run: Import, *, mapping: dict[str, int], manner: str, makes_buildings: bool, at: datetime) -> None:
    """The dry run begins; it may be asked for again with other columns, or after the city's records have changed."""
    with transaction.atomic():
        _press(run, State.MAPPING, State.CHECKED, State.FAILED)
        if not run.file.is_file():
            raise NotNow("上传的文件已经删除，请重新上传。")
        run.mapping, run.manner, run.makes_buildings = mapping, manner, makes_buildings
        _queue(run, State.CHECKING)
        ColumnsKnown.objects.update_or_create(pk=signature(run.heads), defaults={"mapping": mapping, "at": at})


def go(run: Import, *, at: datetime) -> None:
    with transaction.atomic():
        _press(run, State.CHECKED)
        if not ready(run):
            raise NotNow("没有可以导入的行，请改好文件后重新上传。")
        run.started_at = run.started_at or at
        _queue(run, State.LOADING)


def let_go(run: Import, *, at: datetime) -> None:
    """What is committed by then stays; the rest does not come. What is being written ends with the step it is at."""
    with transaction.atomic():
        under_way.stop(run.pk)
        _press(run, State.MAPPING, State.CHECKING, State.CHECKED, State.LOADING)
        if run.state == State.LOADING and not _left(run):
            raise NotNow(ALL_IN)
        run.state, run.finished_at, run.lease_until = State.CANCELLED, at, None
        run.save()
    _clear(run)


def ready(run: Import) -> list[str]:
    """The communities that would be brought in."""
    of = run.counts.get("communities", {})
    bad = any(one["bad"] for one in of.values())
    if bad and (run.manner == Import.Manner.FILE or of.get("", {}).get("bad")):
        return []
    return [code for code, one in of.items() if code and not one["bad"]]


def percent(run: Import) -> int:
    """Of the rows that are looked through; or of the steps in which they are written, all at once or by community."""
    if run.state != State.LOADING:
        return run.percent
    parts = 1 if run.manner == Import.Manner.FILE else len(ready(run))
    steps = len(run.settled) * under_way.STEPS + under_way.steps_done(run.pk)
    return min(100 * steps // (parts * under_way.STEPS), 100)


# --- What a worker does --------------------------------------------------------------------------------


def claim(at: datetime) -> Import | None:
    """One at a time in the whole city. A row that is locked is being committed: alive, whatever its lease says."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [TASK])
        if not cursor.fetchone()[0] or Import.objects.held(at).exists():
            return None
        waiting = Import.objects.waiting().select_for_update(skip_locked=True, no_key=True)
        run = waiting.order_by("asked_at", "id").first()
        if run is None:
            return None
        run.lease_until, run.attempts = at + LEASE, run.attempts + 1
        run.save(update_fields=["lease_until", "attempts"])
    return run


def work(run: Import) -> bool:
    """False: it has to be tried again."""
    try:
        if run.attempts > TRIES:
            raise NotNow(GAVE_UP)
        _check(run) if run.state == State.CHECKING else _load(run)
    except Lost:
        if Import.objects.filter(pk=run.pk, state__in=[State.CANCELLED, State.FAILED]).exists():
            _clear(run)
    except (NotNow, Unreadable, ImproperlyConfigured) as why:
        with suppress(Lost):
            _settle(run, State.FAILED, problem=getattr(why, "sentence", str(why))[:200])
    except Exception:
        log.exception("import failed", extra={"import": run.pk, "attempt": run.attempts})
        _mine(run).update(lease_until=None)
        return False
    return True


def expire(at: datetime) -> int:
    """A file that nobody imports is personal data lying about: it goes after a week."""
    old = Import.objects.exclude(state__in=[State.DONE, State.CANCELLED]).filter(asked_at__lt=at - KEPT_FOR)
    gone = 0
    for run in old.filter(state__in=[State.MAPPING, State.CHECKED, State.FAILED]):
        _clear(run)
        gone += Import.objects.filter(pk=run.pk).update(state=State.CANCELLED, finished_at=at)
    return gone


def _check(run: Import) -> None:
    sheet = files.open_sheet(run.file)
    _hold(run, total=sheet.total, done=0)
    bad = staging.fill(run, sheet, staging.reader_for(run, sheet), told=lambda done: _hold(run, done=done))
    staged, heads = [code for code, _ in _lines_of(run)], _heads(run)
    with transaction.atomic():
        objections = list(staging.judge(run, staged, heads, staging.TO_THE_FILE + staging.TO_THE_CITY))
        wrong = {problem.number: problem.community for problem in objections}
        staging.drop(run, wrong)
        remarks = list(known_care.remarks(run, staged, heads.get("care_category", "")))
        remarks += staging.look_alikes(run, staged, heads)
    run.problems_found += staging.keep_problems(run, [*objections, *remarks])
    lines, bad = Counter(dict(_lines_of(run))), bad + Counter(wrong.values())
    of = {code: {"lines": lines[code], "bad": bad[code]} for code in sorted(lines.keys() | bad.keys())}
    counts = staging.count(run, lines) | {"communities": of}
    _settle(run, State.CHECKED, counts=counts, bad=sum(bad.values()), done=run.total, total=run.total,
            problems_found=run.problems_found, problem=sheet.notice)  # fmt: skip


def _load(run: Import) -> None:
    left, lines = _left(run), dict(_lines_of(run))
    if any(code not in lines for code in left):  # the database has crashed meanwhile
        _hold(run, state=State.CHECKING, attempts=0, lease_until=None)
        return
    for communities in [left] if run.manner == Import.Manner.FILE else [[code] for code in left]:
        with transaction.atomic():
            _hold(run)  # this row stays locked until the commit: nobody takes it for dead
            _bring_in(run, communities)
            _hold(run, settled=[*run.settled, *communities])
        run.settled += communities
    _settle(run, State.DONE, problem="")
    _clear(run)


def _left(run: Import) -> list[str]:
    return [code for code in ready(run) if code not in run.settled]


def _bring_in(run: Import, communities: list[str]) -> None:
    steps = count(1)

    def told() -> None:
        under_way.tell(run.pk, next(steps))
        if under_way.is_to_stop(run.pk):
            raise Lost

    for against in staging.judge(run, communities, _heads(run), staging.TO_THE_CITY):
        raise NotNow(CHANGED.format(against.number, against.sentence))
    told()
    assert run.started_at is not None
    loading.load(run.pk, communities, makes_buildings=run.makes_buildings, by=run.by, at=run.started_at, told=told)


def _lines_of(run: Import) -> Iterable[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT community, count(*) FROM grids_importline WHERE run_id = %s GROUP BY 1", [run.pk])
        return list(cursor.fetchall())


def _heads(run: Import) -> dict[str, str]:
    return {name: run.heads[n] for name, n in run.mapping.items() if n < len(run.heads)}


# --- The row ------------------------------------------------------------------------------------------


def _press(run: Import, *states: str) -> None:
    """Locks the row for a person's press, as it is by then, if it is in one of these states."""
    run.refresh_from_db(from_queryset=Import.objects.select_for_update(no_key=True))
    if run.state not in states:
        raise NotNow(f"这份文件{run.get_state_display()}，现在不能这样做，请刷新后再看。")


def _queue(run: Import, state: str) -> None:
    run.state, run.attempts, run.done, run.problem, run.lease_until = state, 0, 0, "", None
    run.save()
    soon(TASK)


def _mine(run: Import) -> ImportQuerySet:
    """The row, as long as this attempt is the one that works on it."""
    return Import.objects.filter(pk=run.pk, state=run.state, attempts=run.attempts)


def _hold(run: Import, **values: Any) -> None:
    """Still at it. Raises Lost when nobody waits for this attempt any longer."""
    if not _mine(run).update(**{"lease_until": timezone.now() + LEASE} | values):
        raise Lost


def _settle(run: Import, state: str, **values: Any) -> None:
    with transaction.atomic():
        _hold(run, state=state, finished_at=timezone.now(), lease_until=None, **values)
        run.refresh_from_db()
        notices.tell(
            [run.by],
            key=f"import:{run.pk}:{state}:{run.attempts}:{run.finished_at}",
            title=f"“{run.name}”{run.get_state_display()}",
            body=_told(run),
            path=f"/homes/import/{run.pk}/",
            at=timezone.now(),
        )


def _told(run: Import) -> str:
    if run.state == State.FAILED:
        return run.problem
    counts = run.counts
    words = f"共 {run.total} 行，新登记 {counts['people']} 人、{counts['households']} 户，已在册 {counts['known']} 人"
    cares = f"（补登重点关爱 {counts['cares']} 项）" if counts.get("cares") else ""
    return f"{words}{cares}，有问题的 {run.bad} 行。"


def _clear(run: Import) -> None:
    """Nothing personal of the file is left behind; the problems, masked, stay for the report."""
    staging.forget_lines(run)
    Import.objects.filter(pk=run.pk).update(samples="")
    run.file.unlink(missing_ok=True)
