"""What is said, as JSON or as XML; a refusal is a list of codes and sentences (GeoReport v2)."""

import json
import re
from typing import Any
from xml.etree.ElementTree import Element, tostring

from django.http import HttpResponse

CONTENT_TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
# What one of many is called.
ONE_OF = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "updates": "update",
    "errors": "error",
}
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Refused(Exception):
    def __init__(self, status: int, *sentences: str, wait: int = 0) -> None:
        super().__init__(*sentences)
        self.status, self.sentences, self.wait = status, sentences, wait


def answer(form: str, root: str, content: Any, *, status: int = 200) -> HttpResponse:
    if form == "xml":
        body = tostring(element(root, content), encoding="utf-8", xml_declaration=True)
    else:
        body = json.dumps(content, ensure_ascii=False).encode()
    return HttpResponse(body, status=status, content_type=CONTENT_TYPES[form])


def refusal(form: str, refused: Refused) -> HttpResponse:
    lines = [{"code": refused.status, "description": sentence} for sentence in refused.sentences]
    response = answer(form, "errors", lines, status=refused.status)
    if refused.wait:
        response["Retry-After"] = str(refused.wait)
    return response


def element(name: str, content: Any) -> Element:
    made = Element(name)
    match content:
        case dict():
            made.extend(element(inner, value) for inner, value in content.items())
        case list():
            made.extend(element(ONE_OF[name], value) for value in content)
        case bool():
            made.text = str(content).lower()
        case None:
            pass
        case _:
            made.text = NOT_XML.sub("", str(content))
    return made
