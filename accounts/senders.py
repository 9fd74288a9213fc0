"""What a message is sent with: apprise, by the scheme of the address; robots of chats also believe the answer's code.

WeCom, DingTalk and Feishu answer a refusal with HTTP 200, and apprise takes that for sent.
"""

import logging
import re
from typing import Any

import apprise
import requests
from apprise.exception import AppriseException
from apprise.plugins.custom_form import NotifyForm
from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.custom_xml import NotifyXML
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.email import NotifyEmail
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot
from django.conf import settings

from accounts.unsent import Unsent

ASSET = apprise.AppriseAsset(app_id="shouyang", app_desc=settings.SITE_NAME, app_url="")
PATIENCE = {"cto": 4, "rto": 4}  # seconds to connect, and to wait for the answer
CODE = re.compile(r"error=(\d{1,9})")


class WeCom(NotifyWeComBot):
    def send(self, body: str, title: str = "", *_: Any, **__: Any) -> bool:
        said = {"msgtype": "text", "text": {"content": title + body}}
        return _accepted(self, self.notify_url.format(key=self.key), said)


class DingTalk(NotifyDingTalk):
    def send(self, body: str, title: str = "", *_: Any, **__: Any) -> bool:
        said = {"msgtype": "text", "text": {"content": title + body}}
        signed = dict(zip(("timestamp", "sign"), self.get_signature(), strict=True)) if self.secret else {}
        return _accepted(self, self.notify_url.format(token=self.token), said, signed)


class Feishu(NotifyFeishu):
    def send(self, body: str, title: str = "", *_: Any, **__: Any) -> bool:
        said = {"msg_type": "text", "content": {"text": title + body}}
        return _accepted(self, self.notify_url.format(token=self.token), said)


# By name, since apprise would load all of its 180 services to find one.
SERVERS: dict[str, type[apprise.NotifyBase]] = {
    "mailto": NotifyEmail,
    "mailtos": NotifyEmail,
    "json": NotifyJSON,
    "jsons": NotifyJSON,
    "form": NotifyForm,
    "forms": NotifyForm,
    "xml": NotifyXML,
    "xmls": NotifyXML,
    "wecombot": WeCom,
    "dingtalk": DingTalk,
    "feishu": Feishu,
}


def server_at(address: str) -> apprise.NotifyBase:
    """What apprise makes of an address; `Unsent` when it makes nothing of it."""
    kind = SERVERS.get(address.partition("://")[0])
    parts = kind.parse_url(address) if kind else None
    if not kind or not parts:
        raise Unsent("发送地址不合格式")
    try:
        return kind(**parts | PATIENCE)
    except (TypeError, AppriseException):
        raise Unsent("发送地址不合格式") from None


def send(address: str, title: str, body: str) -> None:
    """Through a server object of its own: apprise makes a used one wait between messages."""
    crowd = apprise.Apprise(asset=ASSET)
    crowd.add(server_at(address))
    result = crowd.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT, log_level=logging.WARNING)
    if not result:
        codes = [code[1] for entry in result.logs() if (code := CODE.search(entry.message))]
        raise Unsent(f"对方没有接收（代码 {codes[-1]}）" if codes else "连接不上对方")


def _accepted(robot: Any, address: str, said: dict[str, Any], signed: dict[str, str] | None = None) -> bool:
    try:
        answer = requests.post(address, json=said, params=signed, timeout=robot.request_timeout, allow_redirects=False)
        code = answer.json().get("errcode", answer.json().get("code")) if answer.ok else answer.status_code
    except (requests.RequestException, ValueError, AttributeError):
        robot.logger.warning("no answer from the robot's server")  # the exception would name the token
        return False
    if code != 0:
        robot.logger.warning("robot refused, error=%s", code)
    return bool(code == 0)
