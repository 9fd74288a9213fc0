"""Personal data as everybody may see it: pure functions, words in, masked words out."""

import re

HIDDEN = "*"
TWO_CHARACTER_SURNAMES = frozenset(
    re.findall(
        "..",
        "欧阳太史端木上官司马东方独孤南宫万俟闻人夏侯诸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶太叔申屠公孙慕容"
        "仲孙钟离长孙宇文司徒鲜于司空令狐轩辕百里呼延东郭南门西门",
    )
)
_YEAR = r"(?<!\d)(?:18|19|20)\d\d"
_DAY = rf"{_YEAR}(?:-\d\d?-\d\d?|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)"
# A telephone or identity number inside of a sentence; the database reads this pattern as well. It begins neither with a
# day nor within one.
LONG_NUMBER = re.compile(
    rf"(?<!\d)(?!{_DAY})(?<!{_YEAR}-)(?<!{_YEAR}-\d-)(?<!{_YEAR}-\d\d-)\d[\d\- ]{{5,}}\d(?:[Xx]|(?!\d))"
)
_YEAR_FIRST = re.compile(_YEAR)
NUMBER_HIDDEN = "（号码已隐去）"


def hide(words: str) -> str:
    """Nothing of it may be guessed, not even its length."""
    return HIDDEN * 3 if words else ""


def mask_numbers(words: str) -> str:
    """`请回电 13812345678` → `请回电 （号码已隐去）`; a house number or a day, `2026-11-16`, stays."""
    return LONG_NUMBER.sub(NUMBER_HIDDEN, words)


def mask_name(name: str) -> str:
    """`张建国` → `张**`, `欧阳小明` → `欧阳**`; a single character is hidden whole."""
    name = name.strip()
    if _is_marker(name):
        return name
    if len(name) <= 1:
        return HIDDEN * len(name)
    kept = 2 if len(name) > 2 and name[:2] in TWO_CHARACTER_SURNAMES else 1
    return name[:kept] + HIDDEN * (len(name) - kept)


def mask_day(words: str) -> str:
    """`1990-01-02` → `1990-**-**`: that it is a date can be seen, and not whose. Of another order, nothing is seen."""
    kept = 4 if _YEAR_FIRST.match(words) else 0
    return words[:kept] + re.sub(r"\d", HIDDEN, words[kept:])


def mask_phone(phone: str) -> str:
    """`13812345678` → `138****5678`, `0536-5221234` → `*******1234`; short numbers keep their last two digits."""
    if _is_marker(phone):
        return phone
    digits = re.sub(r"\D", "", phone)
    if len(digits) == 11 and digits.startswith("1"):
        return f"{digits[:3]}****{digits[-4:]}"
    kept = 4 if len(digits) > 7 else 2 if len(digits) > 4 else 0
    return HIDDEN * (len(digits) - kept) + digits[len(digits) - kept :]


def mask_id_number(number: str) -> str:
    """`370783199001011234` → `370783********1234` (county and serial stay, the birthday goes)."""
    number = number.strip()
    if _is_marker(number):
        return number
    if len(number) < 15:
        return HIDDEN * len(number)
    return number[:6] + HIDDEN * (len(number) - 10) + number[-4:]


def _is_marker(words: str) -> bool:
    return words.startswith("（")  # the sentence of a lost key is shown as it is
