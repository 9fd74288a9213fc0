"""What a browser calls itself, in words by which its owner knows it again."""

# The first that stands in the header: nearly every browser also calls itself Chrome, Safari and Mozilla.
PROGRAMS = (
    ("wxwork/", "企业微信"),
    ("MicroMessenger/", "微信"),
    ("DingTalk/", "钉钉"),
    ("Lark/", "飞书"),
    ("QQBrowser/", "QQ 浏览器"),
    ("360SE", "360 浏览器"),
    ("360EE", "360 浏览器"),
    ("HuaweiBrowser/", "华为浏览器"),
    ("MiuiBrowser/", "小米浏览器"),
    ("UCBrowser/", "UC 浏览器"),
    ("Edg", "Edge 浏览器"),
    ("OPR/", "Opera 浏览器"),
    ("Firefox", "火狐浏览器"),
    ("FxiOS/", "火狐浏览器"),
    ("CriOS/", "Chrome 浏览器"),
    ("Chrome/", "Chrome 浏览器"),
    ("Trident/", "IE 浏览器"),
    ("Safari/", "Safari 浏览器"),
)
DEVICES = (
    ("OpenHarmony", "鸿蒙设备"),
    ("HarmonyOS", "鸿蒙设备"),
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("Android", "安卓设备"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "苹果电脑"),
    ("Linux", "Linux 电脑"),
)


def plainly(user_agent: str) -> str:
    """`Mozilla/5.0 (Windows NT 10.0; …) … Chrome/128.0 Safari/537.36 Edg/128.0` → `Edge 浏览器 · Windows 电脑`."""
    known = (_first(PROGRAMS, user_agent), _first(DEVICES, user_agent))
    return " · ".join(words for words in known if words) or "其他程序"


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((words for mark, words in names if mark in user_agent), "")
