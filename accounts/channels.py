"""Send on a channel: outside the portal go a number, a few fixed words and a link, never the case."""

import re
from collections.abc import Callable
from urllib.parse import quote

from django.conf import settings

from accounts.models import Channel, Notice, User
from accounts.sealing import Unreadable
from accounts.unsent import Unsent

# The addresses that a kind may have, as apprise writes them.
ANY_SYSTEM = ("json", "jsons", "form", "forms", "xml", "xmls")
SCHEMES: dict[str, tuple[str, ...]] = {
    Channel.Kind.EMAIL: ("mailto", "mailtos"),
    Channel.Kind.SMS: ANY_SYSTEM,
    Channel.Kind.RESIDENTS: ANY_SYSTEM,
    Channel.Kind.WECOM: ("wecombot",),
    Channel.Kind.DINGTALK: ("dingtalk",),
    Channel.Kind.FEISHU: ("feishu",),
    Channel.Kind.WEBHOOK: ANY_SYSTEM,
}
# What the verbs write: words of theirs, a number, and perhaps a promise. Anything else may name somebody.
OF_A_VERB = re.compile(r"[^：\d]{1,20}：[A-Z]{2}\d{8,13}( \S{1,8})?")
NUMBER = re.compile(r"\b[A-Z]{2}\d{8,13}\b")


def send(channel: Channel, notice: Notice) -> None:
    _send(address_for(channel, notice.person), *words_of(notice))


def send_to_resident(channel: Channel, mobile: str, words: str) -> None:
    _send(filled(opened(channel), "", mobile), "", words)


def problem_with(sending: Callable[[], None]) -> str:
    """Why it could not be sent, in words that may be stored and logged; empty when it was."""
    try:
        sending()
    except Unsent as why:
        return str(why)
    except Exception as error:
        # Not its traceback: it could hold the address, and with it a token or a person.
        return f"程序出错（{type(error).__name__}）"
    return ""


def try_out(channel: Channel, by: User) -> None:
    _send(address_for(channel, by), "【测试】", "这是一条测试消息，说明通知渠道可以使用。")


def complaint(kind: str, address: str) -> str:
    """What is wrong with an address as somebody typed it; nothing, when it will do."""
    from accounts.senders import server_at

    wanted = SCHEMES[kind]
    if address.partition("://")[0] not in wanted:
        return f"{Channel.Kind(kind).label}的地址应以 {' 或 '.join(f'{scheme}://' for scheme in wanted)} 开头"
    if kind == Channel.Kind.RESIDENTS and "{mobile}" not in address:
        return "发给群众的短信逐人发送，地址里要写 {mobile}"
    try:
        server_at(filled(address, "somebody@example.cn", "12000000000"))
    except Unsent as why:
        return str(why)
    return ""


def words_of(notice: Notice) -> tuple[str, str]:
    """Title and body."""
    if OF_A_VERB.fullmatch(notice.title):
        sentence = f"{notice.title}。请登录门户办理。"
    else:
        number = NUMBER.search(notice.path)
        sentence = f"{f'{number[0]} ' if number else ''}有新的通知，请登录门户查看。"
    link = f"\n{settings.PORTAL_ADDRESS}{notice.path}" if settings.PORTAL_ADDRESS else ""
    return f"【{notice.get_weight_display()}】", f"{sentence}{link}"


def address_for(channel: Channel, person: User) -> str:
    return filled(opened(channel), person.email, person.mobile)


def opened(channel: Channel) -> str:
    if isinstance(channel.address, Unreadable):
        raise Unsent("密钥缺失，读不出发送地址")
    return channel.address


def filled(address: str, email: str, mobile: str) -> str:
    return address.replace("{email}", quote(email, safe="")).replace("{mobile}", quote(mobile, safe=""))


def _send(address: str, title: str, body: str) -> None:
    # Read late: apprise takes a third of a second and 28 MB, and most processes of the portal send nothing.
    from accounts import senders

    senders.send(address, title, body)
