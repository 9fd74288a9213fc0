"""Supervision by hand: on the telephone, on the spot, in writing; and a card that is taken back."""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import Notice, User
from accounts.notnow import NotNow
from petitions import ledger, supervision
from petitions.models import CardWithdrawal, Event, Petition, Promise, SupervisionNotice
from petitions.permissions import HANDLERS, HEADS, RECEIVERS
from petitions.step import step
from petitions.supervision import LAST, Asked


def urge(
    petition: Petition,
    *,
    by: User,
    spoken_to: str,
    promised: str,
    note: str = "",
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    """Who was called, and what was promised on the telephone (domain §2.9, 电话督办)."""
    with step("urge", petition, by=by, at=at, seen=seen) as this:
        this.note = note
        this.detail |= {"spoken_to": spoken_to, "promised": promised}
        this.tell(HANDLERS, "电话督办，请按承诺办理", Notice.Weight.WARNING)
        this.tell(HEADS, "电话督办，请按承诺办理", Notice.Weight.WARNING)


def inspect(
    petition: Petition,
    *,
    by: User,
    people: str,
    place: str,
    note: str,
    at: datetime | None = None,
    seen: int | None = None,
) -> None:
    """Two or more went there and looked; what they saw is the record (domain §2.9, 现场督办)."""
    with step("inspect", petition, by=by, at=at, seen=seen) as this:
        this.note = note
        this.detail |= {"people": people, "place": place}
        this.tell(HEADS, "现场督办情况已登记", Notice.Weight.WARNING)


def propose_supervision(
    petition: Petition,
    *,
    by: User,
    origin: str,
    note: str,
    further: Iterable[Petition] = (),
    at: datetime | None = None,
    seen: int | None = None,
) -> SupervisionNotice:
    """A draft for the director to sign: briefing and topic come with the signature."""
    with step("propose_supervision", petition, by=by, at=at, seen=seen) as this:
        clock = ledger.current().last_clock(petition, Promise.RESOLVE)
        assert clock is not None, "the hindrance has seen to that"
        if not supervision.supervise([Asked(clock.pk, this.at, LAST, origin)], this.at, drafted_by=by.pk):
            raise NotNow("这项承诺已有待签发的督办通知单，或已发过三次。")
        notice = SupervisionNotice.objects.get(clock=clock, state=SupervisionNotice.State.DRAFT)
        notice.basis = f"{notice.basis}；{note}"[:400]
        notice.save(update_fields=["basis"])
        notice.further.set(further)
        this.note = note
        this.detail["notice"] = notice.pk
    return notice


def withdraw_card(card: Event, *, by: User, note: str, at: datetime | None = None) -> None:
    """By the centre's director alone. The card stays on record and counts no longer; a second director is too late."""
    petition = card.petition
    with step("withdraw_card", petition, by=by, at=at) as this:
        _, made = CardWithdrawal.objects.get_or_create(card=card, defaults={"at": this.at, "by": by, "reason": note})
        if not made:
            raise NotNow("这张牌已经撤销了。")
        this.note = note
        this.detail |= {"card": card.action, "promise": card.promise, "carded_at": card.at.isoformat()}
        this.tell(HEADS, "亮牌已撤销")
        this.tell(RECEIVERS, "亮牌已撤销")
