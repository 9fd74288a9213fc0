"""What may be done to a meeting, a briefing, a task, as three tables; the usual action of a state stands first."""

from dataclasses import dataclass
from typing import TypeAlias

from petitions.models import Briefing, Meeting, SupervisionNotice, Task
from petitions.papers.seats import (
    Seat,
    acceptor,
    addressee,
    convener,
    director,
    guest,
    head,
    keeper,
    office,
    officer,
    reviewer,
    secretary,
)

Paper: TypeAlias = Meeting | Briefing | Task | SupervisionNotice


@dataclass(frozen=True, slots=True)
class PaperRule:
    label: str  # on the button
    sentence: str  # in the record
    sources: tuple[str, ...]
    who: tuple[Seat, ...]
    target: str | None = None  # None: unchanged
    beside: bool = False  # many do it at once and nobody's page grows old by it


M, B, T, N = Meeting.State, Briefing.State, Task.State, SupervisionNotice.State

OF_MEETINGS: dict[str, PaperRule] = {
    "set_agenda": PaperRule("排议程", "排定了议程", (M.PLANNED, M.OPENED), (secretary,)),
    "invite": PaperRule("通知参会单位", "通知了参会单位", (M.PLANNED, M.OPENED), (secretary,)),
    "sign_in": PaperRule("签到", "签到", (M.PLANNED, M.OPENED), (guest, secretary), beside=True),
    "open": PaperRule("开会", "会议开始", (M.PLANNED,), (secretary, convener), M.OPENED),
    "decide": PaperRule("记录议定事项", "记录了议定事项", (M.OPENED,), (secretary, convener)),
    "leave_unsolved": PaperRule("会上未能解决", "记录议题未能解决", (M.OPENED,), (secretary, convener)),
    "take_down": PaperRule("会议情况与保留意见", "记录了会议情况", (M.OPENED,), (secretary, convener)),
    "issue": PaperRule("印发纪要", "印发了会议纪要", (M.OPENED,), (director, convener), M.MINUTED),
    "report_up": PaperRule("报主要领导", "把未解决的议题报市委、市政府主要领导", (M.MINUTED,), (secretary, convener)),
    "enter_ruling": PaperRule("写入派单目录", "把议定的分工写入派单目录", (M.OPENED, M.MINUTED), (keeper,)),
    "review": PaperRule("复盘", "复盘了议定事项", (M.MINUTED,), (secretary, convener)),
    "arrange": PaperRule("修改安排", "修改了会议安排", (M.PLANNED,), (secretary,)),
    "cancel": PaperRule("取消会议", "取消了会议", (M.PLANNED,), (director, convener), M.CANCELLED),
}

OF_BRIEFINGS: dict[str, PaperRule] = {
    "instruct": PaperRule("批示", "作出批示", (B.WAITING, B.READ, B.INSTRUCTED), (addressee, office), B.INSTRUCTED),
    "assign": PaperRule("转办", "转有关单位办理", (B.INSTRUCTED,), (office,)),
    "read_final": PaperRule("阅办结报告", "阅了办结报告", (B.INSTRUCTED,), (addressee,)),
    "conclude": PaperRule("办结", "办结了呈阅件", (B.READ, B.INSTRUCTED), (office,), B.CONCLUDED),
}

OF_TASKS: dict[str, PaperRule] = {
    "progress": PaperRule("报进展", "报告了进展", (T.NOT_STARTED, T.IN_PROGRESS), (officer,), T.IN_PROGRESS),
    "finish": PaperRule("报完成", "报告已经完成", (T.NOT_STARTED, T.IN_PROGRESS), (head,), T.REPORTED),
    "accept": PaperRule("验收通过", "验收通过", (T.REPORTED,), (acceptor,), T.DONE),
    "return": PaperRule("退回补办", "退回补办", (T.REPORTED,), (acceptor,), T.IN_PROGRESS),
}

ISSUED = (N.ISSUED, N.DELIVERED, N.SIGNED, N.FED_BACK, N.VERIFIED)

OF_NOTICES: dict[str, PaperRule] = {
    "revise": PaperRule("修改文稿", "修改了文稿", (N.DRAFT,), (reviewer, director), N.DRAFT),
    "review": PaperRule("审核通过", "审核通过，送签发", (N.DRAFT,), (reviewer, director), N.REVIEWED),
    "return_draft": PaperRule("退回修改", "退回修改", (N.REVIEWED,), (director,), N.DRAFT),
    "issue": PaperRule("签发", "签发", (N.REVIEWED,), (director,)),
    "deliver": PaperRule("登记送达", "送达", (N.ISSUED,), (reviewer,), N.DELIVERED),
    "sign": PaperRule("签收", "主要负责人签收", (N.ISSUED, N.DELIVERED), (head,), N.SIGNED),
    "feed_back": PaperRule("填写回执", "反馈办理情况", (N.SIGNED,), (head,), N.FED_BACK),
    "verify": PaperRule("核查", "核查了反馈情况", (N.FED_BACK,), (reviewer,), N.VERIFIED),
    "clear": PaperRule("销号", "销号", (N.VERIFIED,), (reviewer,), N.CLEARED),
    "ask_again": PaperRule("退回重新反馈", "要求重新反馈", (N.VERIFIED,), (reviewer,), N.SIGNED),
    "brief": PaperRule("呈报领导", "呈报领导", ISSUED, (reviewer, director), beside=True),
    "discard": PaperRule("作废文稿", "作废了文稿", (N.DRAFT, N.REVIEWED), (reviewer, director), N.DISCARDED),
    "escalate": PaperRule(
        "升级督办",
        "升级督办",
        ISSUED,
        (reviewer, director),
        N.ESCALATED,
    ),
}

RULES: dict[type[Paper], dict[str, PaperRule]] = {
    Meeting: OF_MEETINGS,
    Briefing: OF_BRIEFINGS,
    Task: OF_TASKS,
    SupervisionNotice: OF_NOTICES,
}

# What the record says of things that nobody chose from a table.
SENTENCES = {
    "draft": "拟稿",
    "no_signature": "逾期未签收，已提醒单位负责人和督办员",
    "no_feedback": "逾期未反馈，已通知单位负责人和督办员",
    "convene": "发起了会议",
    "review_due": "到了复盘日，已通知召集人和会务人员",
    "raise": "呈报",
    "read": "阅读",
    "give": "交办",
    "yellow_card": "即将到期，已提醒牵头单位",
    "red_card": "已经逾期，已通知牵头单位负责人和交办人",
}
