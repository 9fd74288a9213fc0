"""The workflow as one table: where an action leads, who may take it, which promises it keeps and makes.

Of the actions that one state allows, the usual one stands first: it is the first button.
"""

from dataclasses import dataclass

from petitions.models import OPEN, Promise, Status, Suspension
from petitions.permissions import (
    ASSISTING,
    CALLERS_BACK,
    DIRECTORS,
    DISPATCHERS,
    HANDLERS,
    HEADS,
    KEEPING_CONTACT,
    LEADERS,
    OPERATORS,
    RECEIVERS,
    REGISTRARS,
    REVIEWERS,
    SECRETARIES,
    UNIT_PEOPLE,
    Party,
)

EVERY = tuple(Promise)


@dataclass(frozen=True, slots=True)
class Rule:
    label: str  # on the button
    sentence: str  # in the timeline
    sources: tuple[Status, ...]
    target: Status | None  # None: unchanged, or the verb decides
    who: tuple[Party, ...]
    keeps: tuple[Promise, ...] = ()
    makes: tuple[Promise, ...] = ()
    resumes: tuple[Promise, ...] = ()
    by_resident: bool = False  # with the look-up code instead of a sign-in
    by_clock: bool = False  # a sweep does it, nobody is named


S, P = Status, Promise

ASKED = (S.EXTENSION_UNDER_REVIEW, S.SUSPENSION_UNDER_REVIEW, S.TERMINATION_UNDER_REVIEW)
# A unit has it and has not answered yet: others may still be asked to assist, and those who were do their part.
UNANSWERED = (S.AWAITING_SIGN, S.RETURN_UNDER_REVIEW, S.IN_ARBITRATION, S.IN_HAND, *ASKED)
# What stands still while a petition is on the books; the review of it runs in their place.
PAUSED = (P.RESOLVE, P.ASSIST_SIGN, P.ASSIST_REPLY)

# Some unit has it, or had it: it can be supervised.
IN_A_UNIT = tuple(status for status in OPEN if status not in (S.RECEIVED, S.AWAITING_DISPATCH))

# Some unit was given it: it counts in the rates, and may be left out of them.
JUDGED = tuple(
    status
    for status in S
    if status not in (S.RECEIVED, S.AWAITING_DISPATCH, S.REFUSED, S.ANSWERED, S.MERGED, S.TERMINATED)
)

RULES: dict[str, Rule] = {
    "register": Rule("登记", "登记了诉求", (), None, (REGISTRARS,), by_resident=True),
    "accept": Rule(
        "受理", "受理了诉求", (S.RECEIVED,), S.AWAITING_DISPATCH, (OPERATORS, DISPATCHERS), (P.ACCEPT,), (P.DISPATCH,)
    ),
    "dispatch": Rule(
        "派单",
        "派单",
        (S.AWAITING_DISPATCH,),
        S.AWAITING_SIGN,
        (DISPATCHERS,),
        (P.DISPATCH,),
        (P.SIGN, P.CONTACT, P.RESOLVE, P.STAGE),
    ),
    "answer": Rule(
        "直接答复", "直接答复了来电人", (S.RECEIVED, S.AWAITING_DISPATCH), S.ANSWERED, (OPERATORS, DISPATCHERS), EVERY
    ),
    "refuse": Rule(
        "不予受理", "不予受理并告知去向", (S.RECEIVED, S.AWAITING_DISPATCH), S.REFUSED, (OPERATORS, DISPATCHERS), EVERY
    ),
    "sign": Rule("签收", "签收了工单", (S.AWAITING_SIGN,), S.IN_HAND, UNIT_PEOPLE, (P.SIGN,)),
    "reply": Rule("提交办理结果", "提交了办理结果", (S.IN_HAND,), S.AWAITING_APPROVAL, (HANDLERS, HEADS)),
    "contact": Rule("登记联系", "联系了诉求人", UNANSWERED, None, (KEEPING_CONTACT,), (P.CONTACT,)),
    "hand_back": Rule(
        "退单", "提出退单", (S.AWAITING_SIGN, S.IN_HAND), S.RETURN_UNDER_REVIEW, UNIT_PEOPLE, makes=(P.RETURN_REVIEW,)
    ),
    "uphold_return": Rule(
        "同意退单并改派", "同意退单", (S.RETURN_UNDER_REVIEW,), None, (REVIEWERS,), (P.RETURN_REVIEW,)
    ),
    "reject_return": Rule(
        "不同意退单", "不同意退单，仍由原单位办理", (S.RETURN_UNDER_REVIEW,), None, (REVIEWERS,), (P.RETURN_REVIEW,)
    ),
    "dispute": Rule(
        "转争议会商",
        "转入争议会商",
        (S.RETURN_UNDER_REVIEW,),
        S.IN_ARBITRATION,
        (REVIEWERS,),
        (P.RETURN_REVIEW,),
        (P.ARBITRATION,),
        by_clock=True,
    ),
    "arbitrate": Rule("会商裁定", "会商裁定由", (S.IN_ARBITRATION,), None, (REVIEWERS, DIRECTORS), (P.ARBITRATION,)),
    "reassign": Rule(
        "改派",
        "改派",
        (S.RETURN_UNDER_REVIEW, S.IN_ARBITRATION),
        S.AWAITING_SIGN,
        (REVIEWERS, DIRECTORS),
        (P.SIGN, P.RESOLVE, P.STAGE, P.RETURN_REVIEW, P.ARBITRATION),
        (P.SIGN, P.CONTACT, P.RESOLVE, P.STAGE),
    ),
    "assist_sign": Rule("协办签收", "签收了协办任务", UNANSWERED, None, (ASSISTING,), (P.ASSIST_SIGN,)),
    "assist_reply": Rule("提交协办结果", "提交了协办结果", UNANSWERED, None, (ASSISTING,), (P.ASSIST_REPLY,)),
    "involve": Rule(
        "增加协办单位",
        "请协办：",
        UNANSWERED,
        None,
        (DISPATCHERS, REVIEWERS),
        makes=(P.ASSIST_SIGN, P.ASSIST_REPLY),
    ),
    "release": Rule(
        "取消协办",
        "取消了协办：",
        UNANSWERED,
        None,
        (DISPATCHERS, REVIEWERS),
        (P.ASSIST_SIGN, P.ASSIST_REPLY),
    ),
    "approve": Rule(
        "审核通过",
        "单位审核通过",
        (S.AWAITING_APPROVAL,),
        S.AWAITING_REVIEW,
        (HEADS,),
        (P.RESOLVE, P.STAGE),
        (P.REVIEW,),
    ),
    "ask_extension": Rule("申请延期", "申请延期", (S.IN_HAND,), S.EXTENSION_UNDER_REVIEW, (HANDLERS, HEADS)),
    "grant_extension": Rule(
        "批准延期",
        "批准延期",
        (S.EXTENSION_UNDER_REVIEW,),
        S.IN_HAND,
        (REVIEWERS, DIRECTORS),
        (P.STAGE,),
        (P.STAGE,),
        resumes=(P.RESOLVE,),
    ),
    "refuse_extension": Rule(
        "不批准延期", "没有批准延期", (S.EXTENSION_UNDER_REVIEW,), S.IN_HAND, (REVIEWERS, DIRECTORS)
    ),
    "stage_feedback": Rule(
        "阶段性反馈",
        "反馈阶段进展",
        (S.IN_HAND, *ASKED, S.SUSPENDED),
        None,
        UNIT_PEOPLE,
        (P.STAGE,),
        (P.STAGE,),
    ),
    "ask_suspension": Rule("申请挂账", "申请挂账", (S.IN_HAND,), S.SUSPENSION_UNDER_REVIEW, (HANDLERS, HEADS)),
    "approve_suspension": Rule(
        "同意挂账",
        "同意挂账",
        (S.SUSPENSION_UNDER_REVIEW,),
        S.SUSPENSION_UNDER_REVIEW,
        (HEADS, DIRECTORS, LEADERS),
    ),
    "refuse_suspension": Rule(
        "不同意挂账", "没有同意挂账", (S.SUSPENSION_UNDER_REVIEW,), S.IN_HAND, (HEADS, DIRECTORS, LEADERS)
    ),
    "suspend": Rule(
        "挂账",
        "挂账，期限停走，按期复核",
        (S.SUSPENSION_UNDER_REVIEW,),
        S.SUSPENDED,
        (LEADERS,),
        (*PAUSED, P.STAGE),
        (P.SUSPENSION_REVIEW,),
    ),
    "review_suspension": Rule(
        "复核挂账",
        "复核挂账",
        (S.SUSPENDED,),
        S.SUSPENDED,
        (HEADS, REVIEWERS, DIRECTORS),
        (P.SUSPENSION_REVIEW,),
        (P.SUSPENSION_REVIEW,),
    ),
    "resume": Rule(
        "销账，恢复办理",
        "销账，恢复办理",
        (S.SUSPENDED,),
        S.IN_HAND,
        (HANDLERS, HEADS, REVIEWERS, DIRECTORS),
        (P.SUSPENSION_REVIEW,),
        (P.STAGE,),
        resumes=PAUSED,
    ),
    "ask_termination": Rule(
        "申请终止办理", "申请终止办理", (S.IN_HAND,), S.TERMINATION_UNDER_REVIEW, (HANDLERS, HEADS)
    ),
    "terminate": Rule("批准终止", "批准终止办理", (S.TERMINATION_UNDER_REVIEW,), S.TERMINATED, (REVIEWERS,), EVERY),
    "refuse_termination": Rule(
        "不批准终止", "没有批准终止办理", (S.TERMINATION_UNDER_REVIEW,), S.IN_HAND, (REVIEWERS,)
    ),
    "send_back": Rule("退回修改", "退回承办人修改", (S.AWAITING_APPROVAL,), S.IN_HAND, (HEADS,)),
    "pass_review": Rule(
        "审核通过，转回访",
        "中心审核通过",
        (S.AWAITING_REVIEW,),
        S.AWAITING_CALLBACK,
        (REVIEWERS,),
        (P.REVIEW,),
        (P.CALL_BACK,),
    ),
    "correct": Rule(
        "退回补正",
        "退回单位补正",
        (S.AWAITING_REVIEW,),
        S.IN_HAND,
        (REVIEWERS,),
        (P.REVIEW,),
        (P.STAGE,),
        resumes=(P.RESOLVE,),
    ),
    "call_back": Rule("登记回访", "回访了诉求人", (S.AWAITING_CALLBACK,), None, (CALLERS_BACK,), by_resident=True),
    "redo": Rule(
        "重办",
        "要求重新办理",
        (S.AWAITING_CALLBACK,),
        S.IN_HAND,
        (CALLERS_BACK,),
        (P.CALL_BACK,),
        (P.CONTACT, P.RESOLVE, P.STAGE),
        by_resident=True,
    ),
    "close": Rule("办结", "办结", (S.AWAITING_CALLBACK,), S.CLOSED, (CALLERS_BACK,), EVERY, by_resident=True),
    "conclude": Rule("审定办结", "审定办结", (S.AWAITING_CALLBACK,), S.CLOSED, (REVIEWERS,), EVERY),
    "rate": Rule("评价", "作出评价", (S.CLOSED,), S.CLOSED, (), by_resident=True),
    "reopen": Rule(
        "没有解决，重新打开",
        "反映问题没有解决，重新打开",
        (S.CLOSED, S.ANSWERED),
        S.AWAITING_DISPATCH,
        (OPERATORS,),
        makes=(P.DISPATCH,),
        by_resident=True,
    ),
    "merge": Rule(
        "并单",
        "并入",
        (S.RECEIVED, S.AWAITING_DISPATCH, S.AWAITING_SIGN, S.IN_HAND),
        S.MERGED,
        (OPERATORS, DISPATCHERS, REVIEWERS),
        EVERY,
    ),
    "take_in": Rule("并入一件", "并入一件相同的诉求：", OPEN, None, (OPERATORS, DISPATCHERS, REVIEWERS)),
    "main_done": Rule(
        "主单办完", "主单已办完，请告知并回访", (S.MERGED,), S.MERGED, (), makes=(P.CALL_BACK,), by_clock=True
    ),
    "main_reopened": Rule(
        "主单重新办理", "主单重新办理，办完后再告知", (S.MERGED,), S.MERGED, (), (P.CALL_BACK,), by_clock=True
    ),
    "call_back_merged": Rule(
        "告知并回访", "告知主单结果并回访", (S.MERGED,), S.MERGED, (CALLERS_BACK,), by_resident=True
    ),
    "unmerge": Rule(
        "拆单另办", "拆单另办", (S.MERGED,), S.AWAITING_DISPATCH, (REVIEWERS,), (P.CALL_BACK,), (P.DISPATCH,)
    ),
    "amend": Rule("更正登记", "更正了登记内容", OPEN, None, (OPERATORS, DISPATCHERS)),
    "attach": Rule(
        "上传附件",
        "上传了附件",
        OPEN,
        None,
        (OPERATORS, DISPATCHERS, REVIEWERS, *UNIT_PEOPLE, REGISTRARS),
        by_resident=True,
    ),
    "invite": Rule(
        "发评价链接",
        "生成了评价链接，发给诉求人",
        (S.AWAITING_CALLBACK, S.CLOSED, S.MERGED),
        None,
        (CALLERS_BACK,),
    ),
    "recheck": Rule("抽查回访", "抽查回访", (S.CLOSED, S.ARCHIVED), None, (CALLERS_BACK, REVIEWERS)),
    "propose_exclusion": Rule("提请不计入考核", "提请不计入考核", JUDGED, None, (CALLERS_BACK, REVIEWERS)),
    "decide_exclusion": Rule("复核剔除提议", "复核剔除提议：", JUDGED, None, (REVIEWERS, DIRECTORS)),
    "publish_case": Rule("公开为案例", "公开为案例", (S.CLOSED, S.ANSWERED, S.ARCHIVED), None, (REVIEWERS, DIRECTORS)),
    "withdraw_case": Rule("撤下公开案例", "撤下了公开的案例", tuple(S), None, (REVIEWERS, DIRECTORS)),
    "record_leak": Rule("认定泄露信息", "认定泄露诉求人信息：", JUDGED, None, (DIRECTORS,)),
    "archive": Rule("归档", "归档", (S.CLOSED, S.ANSWERED, S.REFUSED, S.TERMINATED), S.ARCHIVED, (), by_clock=True),
    # Supervision by hand; what the ladder does by itself stands below, in TICK_SENTENCES.
    "urge": Rule("登记电话督办", "电话督办", IN_A_UNIT, None, (REVIEWERS,)),
    "inspect": Rule("登记现场督办", "现场督办", IN_A_UNIT, None, (REVIEWERS,)),
    "propose_supervision": Rule("拟发督办通知单", "拟稿督办通知单", IN_A_UNIT, None, (REVIEWERS,)),
    "withdraw_card": Rule("撤牌", "撤销了亮牌", tuple(S), None, (DIRECTORS,)),
    # What meetings and leaders do about it; papers/ calls these from the meeting's or the briefing's own verbs.
    "raise_topic": Rule("提请会议研究", "提请会议研究", OPEN, None, (REVIEWERS, DIRECTORS)),
    "brief": Rule("呈报领导", "呈报", OPEN, None, (REVIEWERS, DIRECTORS)),
    "set_agenda": Rule("列入议程", "列入会议议程", (), None, (SECRETARIES,)),
    "off_agenda": Rule("退回待上会", "未在会上研究，退回待上会", (), None, (SECRETARIES, LEADERS)),
    "withdraw_topic": Rule("撤回议题", "撤回会议议题", (), None, (SECRETARIES, LEADERS)),
    "decide": Rule("议定", "会议议定", (), None, (SECRETARIES, LEADERS)),
    "leave_unsolved": Rule("会上未能解决", "会上未能解决", (), None, (SECRETARIES, LEADERS)),
    "report_up": Rule("报主要领导", "报市委、市政府主要领导", (), None, (SECRETARIES, LEADERS)),
    "instruct": Rule("批示", "领导作出批示", (), None, (SECRETARIES, LEADERS)),
    "assign": Rule("转办批示", "转办领导批示", (), None, (SECRETARIES,)),
    "conclude_briefing": Rule("办结呈阅件", "呈阅件办结", (), None, (SECRETARIES,)),
}

# Done to a meeting or a briefing, and told in the petition's story as well.
OF_PAPERS = frozenset(
    {
        *("set_agenda", "off_agenda", "withdraw_topic", "decide", "leave_unsolved", "report_up"),
        *("instruct", "assign", "conclude_briefing"),
    }
)

# Done on pages of their own: the queue of call-backs, the sample, what is left out of the rates, published cases.
ELSEWHERE = frozenset({"withdraw_card", "invite", "recheck", "decide_exclusion", "publish_case", "withdraw_case"})

# Actions that a person does not choose by themselves: they follow from another verb, or start or end the record.
NOT_BUTTONS = (
    frozenset(
        {
            *("register", "redo", "close", "archive", "rate", "reassign", "suspend"),
            *("take_in", "main_done", "main_reopened"),
        }
    )
    | OF_PAPERS
    | ELSEWHERE
)

# May be done at any time, and is nobody's next step.
ASIDE = frozenset(
    {
        *("amend", "attach", "raise_topic", "brief", "involve", "release", "merge", "unmerge", "stage_feedback"),
        *("propose_exclusion", "record_leak", "urge", "inspect", "propose_supervision"),
    }
)

# Who must agree that a petition goes on the books, in their order.
AGREES: dict[str, Party] = {
    Suspension.Step.HEAD: HEADS,
    Suspension.Step.DIRECTOR: DIRECTORS,
    Suspension.Step.LEADER: LEADERS,
}

# What becomes of a supervision notice, told in the story of its petition.
NOTICE_SENTENCES = {
    "notice_issue": "下发督办通知单",
    "notice_sign": "签收督办通知单",
    "notice_feed_back": "反馈督办通知单",
    "notice_verify": "核查督办通知单的反馈",
    "notice_clear": "督办通知单销号",
    "notice_discard": "作废督办通知单文稿",
}

# What the clock and the calendar write into the timeline.
TICK_SENTENCES = {
    "yellow_card": "黄牌预警：即将到期",
    "red_card": "红牌：已经超期",
    "phone_urging": "电话督办：请督办员当日通话催办并登记",
    "report_director": "报中心主任：本中心的承诺仍未履行",
    "supervise": "书面督办：下发督办通知单，同时呈报分管领导、提请联席会议",
    "supervise_second": "二次书面督办",
    "on_site": "现场督办：请两人以上到场并登记",
    "supervise_third": "三次书面督办",
    "report_principal": "报市委、市政府主要领导",
    "replan": "放假安排公布，期限重新计算",
}

# Who is told when a clock rings: first those who can still keep the promise, then those who answer for it.
IN_CHARGE: dict[Promise, tuple[Party, ...]] = {
    P.ACCEPT: (OPERATORS,),
    P.DISPATCH: (DISPATCHERS,),
    P.SIGN: (RECEIVERS,),
    P.CONTACT: (RECEIVERS, HANDLERS),
    P.RETURN_REVIEW: (REVIEWERS,),
    P.ARBITRATION: (REVIEWERS, DIRECTORS),
    P.ASSIST_SIGN: (RECEIVERS,),
    P.ASSIST_REPLY: (RECEIVERS, HANDLERS),
    P.RESOLVE: (RECEIVERS, HANDLERS),
    P.REVIEW: (REVIEWERS,),
    P.CALL_BACK: (CALLERS_BACK,),
    P.SUSPENSION_REVIEW: (HEADS, HANDLERS),
    P.STAGE: (RECEIVERS, HANDLERS),
}
