"""Exports: on record before a row is read; a long one is written by a worker and kept a few days, for one person alone.

The row is the queue. A worker that dies leaves a lease that runs out, and the next sweep begins that sheet anew.
"""

import io
import logging
import shutil
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from accounts import notices, sheets
from accounts.errands import soon
from accounts.listings import MOST, Found, Listing, lists, open_to
from accounts.models import Access, Export, User
from accounts.models.export import OVER, UNFINISHED, ExportQuerySet
from accounts.notnow import NotNow
from accounts.sheets import Taker

log = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=7)
REMEMBERED_FOR = timedelta(days=180)  # that there was one; the record of access stays for ever
LEASE = timedelta(minutes=1)
TRIES = 3
AT_A_TIME = 3  # of one person
ASKING_AT_ONCE = 200
TASK = "accounts.write_exports"
TOO_MANY = f"这张清单超过 {MOST:,} 行，一次最多导出 {MOST:,} 行。请先缩小范围（如按登记日期、按单位），分几次导出。"
NOT_HERS = "您现在没有查看这张清单的权限，没有导出。"
GAVE_UP = f"试了 {TRIES} 次都没有写完，请缩小范围再试，或告知系统管理员。"


class Lost(Exception):
    """The export was cancelled, or another worker has it by now."""


def at_once(listing: Listing, found: Found, *, by: User, at: datetime) -> io.BytesIO:
    """A short list, while its reader waits."""
    _record(listing, found.said, by=by, at=at)
    file = io.BytesIO()
    sheets.write(file, listing, found, Taker(by, at))
    file.seek(0)
    return file


def ask(listing: Listing, query: str, said: str, *, purpose: str, token: UUID, by: User, at: datetime) -> Export:
    """Once per token, however often the button is pressed."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two hands of one person come one after the other
        if known := Export.objects.of(by).filter(token=token).first():
            return known
        if Export.objects.of(by).unfinished().count() >= AT_A_TIME:
            raise NotNow(f"您已有 {AT_A_TIME} 份还没有导出完，请等一份完成或取消一份后再来。")
        _record(listing, f"{purpose}；{said}", by=by, at=at)
        export = Export.objects.create(
            state=Export.State.ASKING if listing.approvers else Export.State.WAITING,
            token=token,
            by=by,
            listing=listing.name,
            title=listing.title,
            query=query,
            said=said,
            purpose=purpose,
            asked_at=at,
        )
        if listing.approvers:
            _ask_to_approve(export, approvers_of(export), at)
        else:
            soon(TASK)
    return export


def approvers_of(export: Export) -> QuerySet[User]:
    """Never the one who asks."""
    listing = lists().get(export.listing)
    if listing is None or listing.approvers is None:
        return User.objects.none()
    return listing.approvers(export.by, QueryDict(export.query)).exclude(pk=export.by_id)


def waiting_for(user: User) -> list[Export]:
    """What she may agree to; few wait at any time."""
    asking = Export.objects.filter(state=Export.State.ASKING).select_related("by").order_by("asked_at")[:ASKING_AT_ONCE]
    return [export for export in asking if approvers_of(export).filter(pk=user.pk).exists()]


def decide(export: Export, *, agreed: bool, why: str, by: User, at: datetime) -> None:
    """Agreed, it is written by the next worker; refused, its reason goes back. Either is on record."""
    if not approvers_of(export).filter(pk=by.pk).exists():
        raise PermissionDenied
    state = Export.State.WAITING if agreed else Export.State.REFUSED
    with transaction.atomic():
        asking = Export.objects.filter(pk=export.pk, state=Export.State.ASKING)
        finished = None if agreed else at
        if not asking.update(
            state=state, decided_by=by, decided_at=at, finished_at=finished, problem="" if agreed else why
        ):
            raise NotNow("这份导出已经有人决定过，或已取消。")
        field = "批准导出" if agreed else "不批准导出"
        said = f"{export.by}：{export.purpose}；{export.said}；{why}"[:200]
        Access.objects.create(by=by, at=at, kind=Access.Kind.EXPORT, subject=export.listing, field=field, reason=said)
        notices.tell(
            [export.by],
            key=f"export-decided:{export.pk}",
            title=f"“{export.title}”{'已批准，正在导出' if agreed else '没有批准'}",
            body=why,
            path=f"/exports/{export.pk}/",
            at=at,
        )
        if agreed:
            soon(TASK)


def let_go(export: Export, *, at: datetime) -> str:
    """Cancel what is not finished, delete the file of what is; says which."""
    waits = [*UNFINISHED, Export.State.ASKING]
    gone = Export.objects.filter(pk=export.pk, state__in=waits).update(state=Export.State.CANCELLED, finished_at=at)
    if not gone and not Export.objects.filter(pk=export.pk, state=Export.State.DONE).exists():
        raise NotNow("这份导出已经不在了。")
    _wipe(export)
    if not gone:
        Export.objects.filter(pk=export.pk).update(state=Export.State.EXPIRED, expires_at=at)
    return "已取消" if gone else "文件已删除"


def claim(at: datetime) -> Export | None:
    """The next to be written. One at a time in the whole city: the other workers go on ringing clocks."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [TASK])
        if not cursor.fetchone()[0] or Export.objects.held(at).exists():
            return None
        export = Export.objects.unfinished().select_related("by").order_by("asked_at", "id").first()
        if export is None:
            return None
        _wipe(export)
        export.state, export.done, export.lease_until = Export.State.WRITING, 0, at + LEASE
        export.attempts += 1
        export.save(update_fields=["state", "done", "lease_until", "attempts"])
    return export


def write(export: Export, *, at: datetime) -> bool:
    """What its owner may see now, which is perhaps less than when she asked. False: it has to be tried again."""
    try:
        if export.attempts > TRIES:
            raise NotNow(GAVE_UP)
        rows = _write(export, at)
        expires_at = timezone.now() + KEPT_FOR
        size = export.file.stat().st_size
        _settle(export, Export.State.DONE, total=rows, done=rows, size=size, expires_at=expires_at)
    except Lost:
        _leave(export)
    except NotNow as why:
        with suppress(Lost):
            _settle(export, Export.State.FAILED, problem=why.sentence)
        _leave(export)
    except Exception:
        log.exception("export failed", extra={"export": export.pk, "attempt": export.attempts})
        _mine(export).update(state=Export.State.WAITING, lease_until=None)
        return False
    return True


def expire(at: datetime) -> int:
    """Files go when their days are over; some months later also the rows that tell of them."""
    over = list(Export.objects.filter(state=Export.State.DONE, expires_at__lte=at))
    for export in over:
        _wipe(export)  # before the row says so: a sweep that is killed in between does it again
        Export.objects.filter(pk=export.pk, state=Export.State.DONE).update(state=Export.State.EXPIRED)
    Export.objects.filter(asked_at__lt=at - REMEMBERED_FOR, state__in=OVER).delete()
    return len(over)


def _write(export: Export, at: datetime) -> int:
    listing = open_to(export.by, export.listing) if export.by.is_active else None
    if listing is None:
        raise NotNow(NOT_HERS)
    found = listing.find(export.by, QueryDict(export.query), at)
    total = found.count()
    if total > MOST:
        raise NotNow(TOO_MANY)
    _hold(export, total=total)
    export.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    export.workplace.mkdir(mode=0o700)
    unfinished = export.workplace / export.file.name
    taker = Taker(export.by, at, export.purpose)
    rows = sheets.write(
        unfinished, listing, found, taker, told=lambda done: _hold(export, done=done), scratch=export.workplace
    )
    _hold(export, done=rows)
    unfinished.replace(export.file)
    shutil.rmtree(export.workplace)
    return rows


def _ask_to_approve(export: Export, approvers: QuerySet[User], at: datetime) -> None:
    notices.tell(
        approvers,
        key=f"export-asked:{export.pk}",
        title=f"{export.by}请您批准导出“{export.title}”",
        body=f"{export.said}；用途：{export.purpose}",
        path=f"/exports/{export.pk}/decide/",
        at=at,
    )


def _mine(export: Export) -> ExportQuerySet:
    """The row, as long as this attempt is the one that writes it."""
    return Export.objects.filter(pk=export.pk, state=Export.State.WRITING, attempts=export.attempts)


def _hold(export: Export, **values: object) -> None:
    """Still at it. Raises Lost when nobody waits for this attempt any longer."""
    if not _mine(export).update(**{"lease_until": timezone.now() + LEASE} | values):
        raise Lost


def _settle(export: Export, state: str, **values: object) -> None:
    with transaction.atomic():
        _hold(export, state=state, finished_at=timezone.now(), lease_until=None, **values)
        export.refresh_from_db(fields=["state", "done", "expires_at", "problem"])
        done = export.state == Export.State.DONE
        notices.tell(
            [export.by],
            key=f"export:{export.pk}",
            title=f"“{export.title}”导出完成，共 {export.done:,} 行" if done else f"“{export.title}”没有导出",
            body=f"文件保留到 {timezone.localtime(export.expires_at):%m-%d %H:%M}。" if done else export.problem,
            path=f"/exports/{export.pk}/",
            at=timezone.now(),
        )


def _leave(export: Export) -> None:
    """Nothing is left behind of an attempt that came to nothing; what another attempt writes stays."""
    over = Export.objects.filter(pk=export.pk, state__in=OVER).exists()
    _wipe(export, f"{export.token.hex}*" if over else export.workplace.name)


def _wipe(export: Export, pattern: str = "") -> None:
    for left in export.folder.glob(pattern or f"{export.token.hex}*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def _record(listing: Listing, why: str, *, by: User, at: datetime) -> None:
    Access.objects.create(
        by=by, at=at, kind=Access.Kind.EXPORT, subject=listing.name, field=f"{listing.title}（Excel）", reason=why[:200]
    )
