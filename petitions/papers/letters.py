"""An official letter as words: what the page, the printed sheet and the DOCX say alike.

The words come from people, so they are words and nothing else: what a template engine or Word might take for an
instruction stays as it was typed, and marks that nobody can see are left out.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from petitions.models import Promise, Satisfied, SupervisionNotice

CENTRE = "寿光市社会治理服务中心"
# Line breaks may stand in a text; other control characters, halves of characters and turning marks may not.
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Part:
    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    issuer: str
    number: str
    copy_number: str
    urgency: str  # empty when it is ordinary
    signer: str
    title: str
    addressee: str
    parts: tuple[Part, ...]
    on: str  # 2026年11月23日
    copies_to: str
    note: str = ""  # under which authorisation it is issued
    slip: tuple[tuple[str, str], ...] = field(default=())  # 回执: label and words
    kind: str = "督办通知单"
    sealed: bool = True  # minutes bear no seal


def of(notice: SupervisionNotice) -> Letter:
    petition, authorisation = notice.petition, notice.authorisation
    return Letter(
        issuer=CENTRE,
        number=notice.number or "（未编号）",
        copy_number=notice.copy_number,
        urgency="" if notice.urgency == SupervisionNotice.Urgency.NORMAL else notice.get_urgency_display(),
        signer=str(notice.signer) if notice.signer else "按授权签发" if authorisation else "",
        title=seen(notice.title),
        addressee=notice.unit.name,
        parts=tuple(
            Part(f"{NUMERALS[n]}、{heading}", lines)
            for n, (heading, lines) in enumerate(
                (
                    ("督办事项", _about(notice)),
                    ("督办依据", (seen(notice.basis),)),
                    ("诉求摘要", tuple(seen(notice.digest).splitlines())),
                    ("前期办理情况", tuple(_earlier(notice.earlier, notice.issued_at))),
                    ("督办要求", tuple(f"（{numeral(n)}）{seen(line)}" for n, line in enumerate(notice.requirements))),
                    ("完成时限", (f"{minute(notice.complete_by)}前。",)),
                    ("反馈", _feedback(notice)),
                )
            )
        ),
        on=day(notice.issued_at) if notice.issued_at else "（未签发）",
        copies_to=seen(notice.copies_to),
        note=f"本通知单依据{authorisation}，由{authorisation.granted_by}授权签发。" if authorisation else "",
        slip=_slip(notice, petition.number),
    )


def seen(words: str) -> str:
    return UNSEEN.sub("", words.replace("\r\n", "\n"))


def _about(notice: SupervisionNotice) -> tuple[str, ...]:
    numbers = [notice.petition.number, *notice.further.values_list("number", flat=True)] if notice.pk else []
    time = f"（{notice.time_label}督办）" if notice.time else ""
    return (f"工单{'、'.join(numbers)}，因{notice.get_origin_display()}，对{notice.promise}承诺予以督办{time}。",)


def _earlier(facts: dict[str, Any], issued_at: datetime | None) -> list[str]:
    lines = []
    due_at = parse_datetime(facts.get("due_at") or "")
    if due_at:
        promise = Promise(facts["promise"]).label
        kept_at = parse_datetime(facts.get("kept_at") or "")
        late = issued_at - due_at if issued_at and not kept_at else None
        passed = f"，已于{minute(kept_at)}履行" if kept_at else ""
        if late and late.total_seconds() > 0:
            passed = f"，至发文时已超期{late.days}天{late.seconds // 3600}小时"
        lines.append(f"{promise}承诺应于{minute(due_at)}前履行{passed}。")
    lines.append(f"已退单{facts.get('returned', 0)}次，重办{facts.get('redo', 0)}次。")
    if facts.get("satisfied"):
        lines.append(f"最近一次回访，诉求人表示“{Satisfied(facts['satisfied']).label}”。")
    return lines


def _feedback(notice: SupervisionNotice) -> tuple[str, ...]:
    by = f"请于{minute(notice.sign_by)}前签收，{minute(notice.feed_back_by)}前反馈。" if notice.sign_by else ""
    return tuple(line for line in (by, seen(notice.contact)) if line)


def _slip(notice: SupervisionNotice, number: str) -> tuple[tuple[str, str], ...]:
    signed = f"{notice.signed_by}　{minute(notice.signed_at)}" if notice.signed_at else ""
    fed_back = f"{notice.fed_back_by}　{minute(notice.fed_back_at)}" if notice.fed_back_at else ""
    finding = f"{notice.get_finding_display()}。{seen(notice.verification)}" if notice.finding else ""
    cleared = f"{notice.cleared_by}　{minute(notice.cleared_at)}" if notice.cleared_at else ""
    return (
        ("来源工单", number),
        ("主要负责人签收", signed),
        ("承办人", seen(notice.handler)),
        ("办理措施", seen(notice.measures)),
        ("办理结果", seen(notice.result)),
        ("佐证材料", seen(notice.evidence)),
        ("主要负责人意见", seen(notice.opinion)),
        ("反馈人、反馈时间", fed_back),
        ("核查结论", finding),
        ("销号人、销号时间", cleared),
    )


def numeral(n: int) -> str:
    return NUMERALS[n] if n < len(NUMERALS) else f"十{NUMERALS[n - len(NUMERALS)]}"


def minute(at: datetime | None) -> str:
    local = timezone.localtime(at) if at else None
    return f"{local.year}年{local.month}月{local.day}日{local:%H:%M}" if local else ""


def day(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local.year}年{local.month}月{local.day}日"
