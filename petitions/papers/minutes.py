"""The minutes of a meeting and the briefing to a leader, as letters."""

from accounts.masking import mask_numbers
from accounts.models import User
from petitions.models import Briefing, Decision, Instruction, Meeting, Topic
from petitions.papers.letters import CENTRE, NUMERALS, Letter, Part, day, minute, numeral, seen

GROUP = "寿光市城市基层党建工作领导小组"


def of_meeting(meeting: Meeting) -> Letter:
    """会议纪要: who met about what, what was decided and by whom it is done, and who did not agree."""
    attendances = list(meeting.attendances.select_related("unit"))
    topics = meeting.topics.select_related("petition")
    decisions = meeting.decisions.select_related("task__unit").prefetch_related("task__assisting")
    present = "、".join(f"{one.unit}{one.name}" for one in attendances if one.signed_in_at)
    absent = "、".join(str(one.unit) for one in attendances if not one.signed_in_at)
    return Letter(
        issuer=GROUP if meeting.kind == Meeting.Kind.LEADING_GROUP else CENTRE,
        kind="会议纪要" if meeting.kind == Meeting.Kind.LEADING_GROUP else "联席会议纪要",
        number=meeting.number,
        copy_number="",
        urgency="",
        signer=str(meeting.minuted_by) if meeting.minuted_by else "",
        title=seen(meeting.title),
        addressee="",
        parts=_numbered(
            ("会议召开", (f"{minute(meeting.held_at)}，{meeting.convener}在{seen(meeting.venue)}召集会议。",)),
            ("议题", tuple(f"（{numeral(n)}）{_topic(topic)}" for n, topic in enumerate(topics))),
            ("会议情况", _lines(meeting.minutes)),
            ("议定事项", tuple(f"（{numeral(n)}）{_decision(one)}" for n, one in enumerate(decisions))),
            ("分歧与保留意见", _lines(meeting.dissent)),
            ("下次复盘", (f"{meeting.next_review_on:%Y-%m-%d}。",) if meeting.next_review_on else ()),
            (
                "参会",
                tuple(line for line in (present and f"出席：{present}。", absent and f"缺席：{absent}。") if line),
            ),
        ),
        on=day(meeting.minuted_at) if meeting.minuted_at else "（未印发）",
        copies_to="、".join(one.unit.name for one in attendances),
        sealed=False,
    )


def of_briefing(briefing: Briefing, to: User) -> Letter:
    """呈阅件, with those instructions that this person may read."""
    visible = Instruction.objects.visible_to(to).filter(briefing=briefing).select_related("leader", "task__unit")
    to_whom = str(briefing.addressee) if briefing.addressee else briefing.get_duty_display()
    return Letter(
        issuer=CENTRE,
        kind="呈阅件",
        number=briefing.number,
        copy_number="",
        urgency="",
        signer="",
        title=seen(f"关于{mask_numbers(briefing.petition.title) if briefing.petition else briefing.reason}的呈报"),
        addressee=to_whom,
        parts=_numbered(
            ("呈报事由", _lines(briefing.reason)),
            ("摘要", _lines(briefing.digest)),
            ("拟办意见", _lines(briefing.proposal)),
            ("批示", tuple(line for one in visible for line in _instruction(one))),
        ),
        on=day(briefing.raised_at),
        copies_to="",
    )


def _numbered(*parts: tuple[str, tuple[str, ...]]) -> tuple[Part, ...]:
    written = [(heading, lines) for heading, lines in parts if lines]
    return tuple(Part(f"{NUMERALS[n]}、{heading}", lines) for n, (heading, lines) in enumerate(written))


def _lines(words: str) -> tuple[str, ...]:
    return tuple(line for line in seen(words).splitlines() if line.strip())


def _topic(topic: Topic) -> str:
    number = f"（工单{topic.petition.number}）" if topic.petition else ""
    result = f"会上未能解决：{topic.result.rstrip('。')}。" if topic.state == Topic.State.UNSOLVED else ""
    return seen(f"{topic.subject}{number}。{result}")


def _decision(decision: Decision) -> str:
    words = [decision.content.rstrip("。")]
    if task := getattr(decision, "task", None):
        words.append(f"牵头单位：{task.unit.name}")
        if assisting := [unit.name for unit in task.assisting.all()]:
            words.append(f"配合单位：{'、'.join(assisting)}")
        words.append(f"完成时限：{minute(task.due_at)}前")
        if task.standard:
            words.append(f"验收标准：{task.standard}")
    return seen("。".join(words)) + "。"


def _instruction(instruction: Instruction) -> tuple[str, ...]:
    words = f"{instruction.leader}（{minute(instruction.at)}，{instruction.get_kind_display()}）"
    said = (*_lines(instruction.text), "（批示原件见扫描件。）" if instruction.scan else "")
    task = getattr(instruction, "task", None)
    sent = f"已转{task.unit.name}办理，{minute(task.due_at)}前办结。" if task else ""
    return tuple(line for line in (f"{words}：", *said, sent) if line)
