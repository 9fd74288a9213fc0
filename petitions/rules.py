"""The workflow as one table: where an action leads, who may take it, which promises it keeps and makes.

Of the actions that one state allows, the usual one stands first: it is the first button.
"""

from dataclasses import dataclass

from petitions.models import OPEN, Promise, Status
from petitions.permissions import (
    CALLERS_BACK,
    DISPATCHERS,
    HANDLERS,
    HEADS,
    OPERATORS,
    RECEIVERS,
    REGISTRARS,
    REVIEWERS,
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
        (P.SIGN, P.CONTACT, P.RESOLVE),
    ),
    "answer": Rule(
        "直接答复", "直接答复了来电人", (S.RECEIVED, S.AWAITING_DISPATCH), S.ANSWERED, (OPERATORS, DISPATCHERS), EVERY
    ),
    "refuse": Rule(
        "不予受理", "不予受理并告知去向", (S.RECEIVED, S.AWAITING_DISPATCH), S.REFUSED, (OPERATORS, DISPATCHERS), EVERY
    ),
    "sign": Rule("签收", "签收了工单", (S.AWAITING_SIGN,), S.IN_HAND, UNIT_PEOPLE, (P.SIGN,)),
    "reply": Rule("提交办理结果", "提交了办理结果", (S.IN_HAND,), S.AWAITING_APPROVAL, (HANDLERS, HEADS)),
    "contact": Rule("登记联系", "联系了诉求人", (S.IN_HAND,), S.IN_HAND, UNIT_PEOPLE, (P.CONTACT,)),
    "approve": Rule(
        "审核通过", "单位审核通过", (S.AWAITING_APPROVAL,), S.AWAITING_REVIEW, (HEADS,), (P.RESOLVE,), (P.REVIEW,)
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
        "退回补正", "退回单位补正", (S.AWAITING_REVIEW,), S.IN_HAND, (REVIEWERS,), (P.REVIEW,), resumes=(P.RESOLVE,)
    ),
    "call_back": Rule("登记回访", "回访了诉求人", (S.AWAITING_CALLBACK,), None, (CALLERS_BACK,), by_resident=True),
    "redo": Rule(
        "重办",
        "要求重新办理",
        (S.AWAITING_CALLBACK,),
        S.IN_HAND,
        (CALLERS_BACK,),
        (P.CALL_BACK,),
        (P.CONTACT, P.RESOLVE),
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
    "amend": Rule("更正登记", "更正了登记内容", OPEN, None, (OPERATORS, DISPATCHERS)),
    "attach": Rule("上传附件", "上传了附件", OPEN, None, (OPERATORS, DISPATCHERS, REVIEWERS, *UNIT_PEOPLE, REGISTRARS)),
    "archive": Rule("归档", "归档", (S.CLOSED, S.ANSWERED, S.REFUSED), S.ARCHIVED, (), by_clock=True),
}

# Actions that a person does not choose by themselves: they follow from another verb, or start or end the record.
NOT_BUTTONS = frozenset({"register", "redo", "close", "archive", "rate"})

# May be done at any time, and is nobody's next step.
ASIDE = frozenset({"amend", "attach"})

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
    P.RESOLVE: (RECEIVERS, HANDLERS),
    P.REVIEW: (REVIEWERS,),
    P.CALL_BACK: (CALLERS_BACK,),
}
