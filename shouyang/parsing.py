"""JSON as it comes from anywhere: a limit of size and depth, and nothing that the database could not keep."""

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from shouyang.problems import TooLarge


class StrictJSONParser(JSONParser):
    """DRF's own reads a body of any size, falls over deep nesting, and lets half a surrogate pair through."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise TooLarge
        try:
            data = json.loads(raw.decode(), parse_constant=_refuse, parse_float=_finite)
            json.dumps(data, ensure_ascii=False).encode()  # a lone surrogate cannot be written down
        except RecursionError:
            raise ParseError("JSON 嵌套过深。") from None
        except ValueError:
            raise ParseError("JSON 格式有误，请核对（须为 UTF-8）。") from None
        return data


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError(digits)
    return number
