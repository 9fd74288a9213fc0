"""Phone numbers as people say and type them, brought to one spelling. Pure: words in, digits out.

Two spellings of one number must be equal, because callers are found again by a digest of it.
"""

import re
import unicodedata

AREA = "0536"  # a seven-digit number without area code is a local one (潍坊)
DEMO_MOBILE = re.compile(r"120\d{8}")  # no carrier was ever given these: the demo city's callers
MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"0(?:10|2\d)[2-8]\d{7}|0[3-9]\d{2}[2-8]\d{6,7}")
LOCAL = re.compile(r"[2-8]\d{6}")
COMPANY = re.compile(r"[48]00\d{7}")
FOREIGN = re.compile(r"\+[1-9]\d{6,14}")
EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#|,)([0-9]{1,6})$")
DECORATION = re.compile(r"[\s().·‐-―−-]")  # spaces, brackets, dots and every kind of dash


class NotAPhone(ValueError):
    """Says in a Chinese sentence what is wrong with the number."""


def canonical(text: str, *, demo: bool = False) -> str:
    """`+86 138-1234 5678` → `13812345678`, `5221234转8` → `05365221234-8`; numbers abroad keep their plus.

    Raises NotAPhone. Numbers of the demo range (120 and eight digits) are known only when `demo`.
    """
    spoken = unicodedata.normalize("NFKC", text).strip().lower()
    spoken, extension = _without_extension(spoken)
    digits = _without_country(DECORATION.sub("", spoken))
    if not re.fullmatch(r"\+?[0-9]+", digits):
        raise NotAPhone("电话号码只能由数字组成，可带区号、分机或 +86。")
    if MOBILE.fullmatch(digits) or (demo and DEMO_MOBILE.fullmatch(digits)):
        if extension:
            raise NotAPhone("手机号码没有分机，请核对。")
        return digits
    if LOCAL.fullmatch(digits):
        digits = AREA + digits
    if any(kind.fullmatch(digits) for kind in (LANDLINE, COMPANY, FOREIGN)):
        return f"{digits}-{extension}" if extension else digits
    raise NotAPhone(_what_is_wrong(digits))


def is_mobile(number: str) -> bool:
    """Can a number in its one spelling take a text message?"""
    return bool(MOBILE.fullmatch(number) or DEMO_MOBILE.fullmatch(number))


def _without_extension(spoken: str) -> tuple[str, str]:
    joined = re.sub(r"\s", "", spoken)
    if found := EXTENSION.search(joined):
        return joined[: found.start()], found[1]
    # A short last group after a complete landline is an extension too: 0536-5221234-801.
    if found := re.fullmatch(r"((?:\+?86)?-?(?:0[0-9]{2,3}-?)?[0-9]{7,8})-([0-9]{1,6})", joined):
        return found[1], found[2]
    return spoken, ""


def _without_country(digits: str) -> str:
    for prefix in ("+86", "0086"):
        if digits.startswith(prefix):
            national = digits.removeprefix(prefix)
            # +86 536 … drops the zero of the area code.
            return national if MOBILE.fullmatch(national) or national.startswith("0") else f"0{national}"
    if re.fullmatch(r"86(1[3-9]\d{9}|0\d{9,11})", digits):
        return digits[2:]
    return f"+{digits[2:]}" if digits.startswith("00") else digits


def _what_is_wrong(digits: str) -> str:
    if len(digits) < 7:
        return "号码不完整；110、12345 这类服务短号不能回拨，请填写完整的手机或固定电话号码。"
    if digits.startswith("1"):
        return f"手机号码应为 11 位，现在是 {len(digits)} 位。" if len(digits) != 11 else "没有这个手机号段，请核对。"
    return "固定电话应为区号加 7 或 8 位号码（如 0536-5221234），请核对。"
