"""What in a text tells who somebody is, found before the text is published. Pure: words in, places in them out.

The reviewer sees each place marked and writes the public words herself; as long as anything is found in them they are
not published. So it may find too much (an amount of eight digits, two people of one name) and should not find too
little. The kinds are those of domain.md §9, telephone, identity and card numbers (wrong ones as well), plates, rooms
and buildings, and besides them house numbers, e-mail, chat accounts, and names.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

HIDDEN = "▇▇"

# One character for one, so that a place found here is the same place in the text.
_PLAIN = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {ord("\u3000"): ord(" ")}
_NUMERALS = str.maketrans("〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖幺", "001234567891234567891")

_GAP = r"[\s\-‐-―−.·*_~/()（）\u200b-\u200f\ufeff]{0,3}"  # between digits: to read them more easily, or to slip through
_END = r"(?![A-Za-z0-9])"
_DAY = r"(?:19|20)[0-9]{2}[\-./][0-9]{1,2}[\-./][0-9]{1,2}(?: ?[0-9]{1,2}:[0-9]{2})?"
_UNIT = r"(?:[0-9十]{1,3}(?:单元|门))"
_ROOM = r"[0-9A-Za-z\-]{1,6}[室号户]?"

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔"
    "钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤桑隋葛耿"
)
_NAME = rf"(?P<who>[{SURNAMES}](?!某)[\u4e00-\u9fff]{{1,2}})"
_TITLE = "(?:先生|女士|小姐|同志|大爷|大妈|大娘|大叔|阿姨|奶奶|爷爷|老人|老师|师傅)"

# What is a date is no number: “2026-11-22 15:04”, “2026.11.22-2026.12.31”.
_DATES = re.compile(rf"(?<![0-9])(?<![0-9][^\u4e00-\u9fff]){_DAY}(?:[\-–—~]{_DAY})?(?![^\u4e00-\u9fff，。；]?[0-9])")

Table = tuple[tuple[str, re.Pattern[str]], ...]


def _table(*rows: tuple[str, str]) -> Table:
    return tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in rows)


# Of two that fit one place the first names it.
_AS_WRITTEN = _table(
    ("电子邮箱", r"[A-Za-z0-9._%+\-]{1,64} ?@ ?[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+"),
    (
        "车牌",
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][ ·•.]?[A-Za-z][ ·•.\-]?"
        rf"[A-Za-z0-9]{{4,5}}[A-Za-z0-9挂学警港澳领]{_END}",
    ),
    ("微信或其他账号", r"(?:微信|wechat|vx|wx|v信|qq|抖音|快手)号?码?[是为：: ]{0,3}[A-Za-z0-9_\-]{5,32}"),
    ("楼栋房号", rf"[A-Za-z0-9]{{1,4}}[栋幢](?:{_ROOM})?|[A-Za-z]座(?:{_ROOM})?"),
    ("姓名", rf"{_NAME}(?={_TITLE})"),
    ("姓名", rf"(?:我叫|名叫|姓名|联系人)[是为：: ]{{0,3}}{_NAME}"),
)
_IN_NUMERALS = _table(
    ("身份证号", rf"(?<![0-9])[1-9](?:{_GAP}[0-9]){{16}}{_GAP}[0-9Xx]{_END}"),
    ("身份证号", rf"(?<![0-9])[1-9](?:{_GAP}[0-9]){{14}}(?![0-9])"),
    ("银行卡号", rf"(?<![0-9])[1-9](?:{_GAP}[0-9]){{15,18}}(?![0-9])"),
    ("手机号码", rf"(?<![0-9])(?:\+?86{_GAP})?1(?:{_GAP}[0-9]){{10}}(?![0-9])"),
    ("电话号码", rf"(?<![0-9])0[0-9]{{2,3}}{_GAP}[2-8](?:{_GAP}[0-9]){{6,7}}(?![0-9])"),
    ("长号码", rf"(?<![0-9])[0-9](?:{_GAP}[0-9]){{6,}}[A-Za-z]?{_END}"),
    ("楼栋房号", rf"[0-9十百]{{1,4}}号?[楼栋幢]{_UNIT}?{_ROOM}|[0-9十百]{{1,4}}号[楼栋幢]{_UNIT}?"),
    ("楼栋房号", rf"{_UNIT}(?:{_ROOM})?"),
    ("楼栋房号", r"(?<![0-9\-])[0-9]{1,2}-[0-9]{1,2}-[0-9]{3,4}(?![0-9\-])"),
    ("楼栋房号", r"(?<![0-9])[0-9]{3,4}室"),
    ("门牌号", r"(?<=[路街巷道村里庄])[0-9十百]{1,5}(?:[之\-][0-9]+)?号(?![线楼栋幢文令])"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    kind: str
    start: int
    end: int


def scan(text: str, names: Iterable[str] = ()) -> list[Finding]:
    """What tells who somebody is, from left to right, none inside another. `names`: of people known to be meant."""
    found: list[Finding] = []
    taken: set[int] = set()
    for one in _everything(text, names):
        place = range(one.start, one.end)
        if taken.isdisjoint(place):
            taken.update(place)
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def hidden(text: str, names: Iterable[str] = ()) -> str:
    """The same words with every place covered that was found: nothing is found in them any more."""
    known = list(names)
    while found := scan(text, known):
        for one in reversed(found):
            text = text[: one.start] + _cover(text[one.start : one.end], one.kind) + text[one.end :]
    return text


def pieces(text: str, names: Iterable[str] = ()) -> Iterator[tuple[str, str]]:
    """The text cut where something was found: words, and what they are, or nothing."""
    at = 0
    for one in scan(text, names):
        yield text[at : one.start], ""
        yield text[one.start : one.end], one.kind
        at = one.end
    yield text[at:], ""


def _everything(text: str, names: Iterable[str]) -> Iterator[Finding]:
    for name in names:
        # What covers a place cannot be a name that is looked for.
        if len(name.strip()) > 1 and not set(name) & {"某", HIDDEN[0]}:
            for match in re.finditer(re.escape(name.strip()), text):
                yield Finding("姓名", *match.span())
    plain = text.translate(_PLAIN)
    numbers = _DATES.sub(lambda date: "日" * len(date[0]), plain.translate(_NUMERALS))
    for table, words in ((_AS_WRITTEN, plain), (_IN_NUMERALS, numbers)):
        for kind, pattern in table:
            for match in pattern.finditer(words):
                yield Finding(kind, *match.span("who" if "who" in pattern.groupindex else 0))


def _cover(words: str, kind: str) -> str:
    return f"{words[0]}某" if kind == "姓名" and words[0] in SURNAMES else HIDDEN
