"""What the schema says beyond the views: how one signs in, and that every refusal is problem JSON."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from shouyang.problems import CONTENT_TYPE, KINDS

PROBLEM = {
    "type": "object",
    "description": "RFC 9457 问题说明：title 是哪一类，detail 是给人看的一句话，errors 逐字段说明。",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri", "example": "urn:shouyang:problem:invalid"},
        "title": {"type": "string", "example": "提交的内容有误"},
        "status": {"type": "integer", "example": 400},
        "detail": {"type": "string"},
        "instance": {"type": "string", "description": "出问题的地址"},
        "request_id": {"type": "string", "description": "请求编号，报修时请提供"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {
                    "field": {"type": "string", "description": "字段名，嵌套用点；整体有误时为空"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
ALWAYS = (401, 403, 404, 406, 429, 500)
METHODS = {"get": (400,), "post": (400, 409, 413, 415)}


class ApiKeyScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.api_auth.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "接口密钥：在“我的账号 → 接口密钥”生成，写作 Authorization: Bearer sy_…",
        }


def tell_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A postprocessing hook of drf-spectacular."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for path in result["paths"].values():
        for method, operation in path.items():
            for status in (*METHODS.get(method, ()), *ALWAYS):
                operation["responses"].setdefault(str(status), _response(status))
    return result


def _response(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": KINDS[status][1], "content": {CONTENT_TYPE: {"schema": schema}}}
