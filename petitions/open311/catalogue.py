"""What can be reported: the items of the catalogue, and what else may be said of each."""

from typing import Any

from grids.models import Item, Visibility
from petitions import choices, terms
from petitions.models import Nature
from petitions.promises import Length

NATURES = [nature for nature in Nature if nature != Nature.INVALID]
YES_NO = [("yes", "是"), ("no", "否")]


def services() -> list[dict[str, Any]]:
    return [_service(item) for item in choices.items().values()]


def definition(item: Item) -> dict[str, Any]:
    asked = [
        _attribute("nature", "singlevaluelist", "诉求性质", [(nature.value, nature.label) for nature in NATURES]),
        _attribute("happened_at", "datetime", "发生时间"),
        _attribute("wish", "string", "期望"),
        _attribute("confidential", "singlevaluelist", "要求保密（承办单位看不到身份，不在此公开）", YES_NO),
    ]
    told = _attribute("promise", "string", _promise(item)) | {"variable": False}
    attributes = [attribute | {"order": n} for n, attribute in enumerate([*asked, told], 1)]
    return {"service_code": item.code, "attributes": attributes}


def _service(item: Item) -> dict[str, Any]:
    return {
        "service_code": item.code,
        "service_name": item.name,
        "description": _promise(item),
        "metadata": True,
        "type": "realtime",
        "keywords": ",".join(dict.fromkeys([item.domain, item.lead_line])),
        "group": item.domain,
    }


def _promise(item: Item) -> str:
    done = f"；{item.closing_standard}" if item.closing_standard else ""
    kept = "" if item.visibility == Visibility.PUBLIC else "；此类诉求不公开，凭编号和查询码查询进度"
    return f"办结时限 {terms.said(Length(item.close_amount, item.close_span))}{done}{kept}"


def _attribute(
    code: str, datatype: str, description: str, values: list[tuple[str, str]] | None = None
) -> dict[str, Any]:
    return {
        "variable": True,
        "code": code,
        "datatype": datatype,
        "required": False,
        "datatype_description": "",
        "description": description,
        "values": [{"key": key, "name": name} for key, name in values or []],
    }
