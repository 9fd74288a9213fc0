"""The front-end files the portal serves: chosen from the locked npm packages, and hashed and compressed once.

The icon font has six thousand icons and half a megabyte; a page on a phone may weigh 300 kB. So the font is cut down to
the icons that our templates, scripts and views name (`ti-phone`, or `icon="phone"`).
"""

import hashlib
import logging
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

PACKAGES = settings.BASE_DIR / "node_modules"
CHOSEN = {
    "tabler/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler/tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "echarts/echarts.simple.min.js": "echarts/dist/echarts.simple.min.js",
    "leaflet/leaflet.css": "leaflet/dist/leaflet.css",
    "leaflet/leaflet.js": "leaflet/dist/leaflet.js",
    **{
        f"workbox/workbox-{part}.prod.js": f"workbox-{part}/build/workbox-{part}.prod.js"
        for part in ("core", "routing", "strategies")
    },
    "idb/umd.js": "idb/build/umd.js",
    **{
        f"leaflet/images/{name}.png": f"leaflet/dist/images/{name}.png"
        for name in ("layers", "layers-2x", "marker-icon", "marker-icon-2x", "marker-shadow")
    },
}
ICON_FONT = "@tabler/icons-webfont/dist/fonts/tabler-icons.woff2"
ICON_STYLES = "@tabler/icons-webfont/dist/tabler-icons.css"
SOURCE_MAP = re.compile(rb"\n?(//|/\*)# sourceMappingURL=\S+(\s*\*/)?\s*$")
NAMED_ICON = re.compile(r"""\bti-([a-z][a-z0-9-]*[a-z0-9])|\bicon["']?\s*[=:]\s*["']([a-z][a-z0-9-]*)["']""")
STYLE_HEAD = re.compile(r"@font-face.*?\n}\n\.ti \{.*?\n}\n", re.S)
STYLE_RULE = re.compile(r'\.ti-([a-z0-9-]+):before \{\s*content: "\\([0-9a-f]+)";\s*}')
FONT_SOURCE = 'src: url("fonts/tabler-icons.woff2") format("woff2");'


def build() -> bool:
    """Lay the chosen files out in `settings.VENDOR_DIR`; false when nothing had changed."""
    icons = icons_in_use()
    wanted = _fingerprint([PACKAGES / ".installed", Path(__file__)], " ".join(sorted(icons)))
    stamp = settings.VENDOR_DIR / ".built"
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    shutil.rmtree(settings.VENDOR_DIR, ignore_errors=True)
    for name, source in CHOSEN.items():
        target = settings.VENDOR_DIR / name
        target.parent.mkdir(parents=True, exist_ok=True)
        content = (PACKAGES / source).read_bytes()
        # The maps are not served, and hashing the names would look for them.
        target.write_bytes(SOURCE_MAP.sub(b"", content) if target.suffix in {".css", ".js"} else content)
    _cut_icons(settings.VENDOR_DIR / "icons", icons)
    stamp.write_text(wanted)
    return True


def collect() -> bool:
    """Hashed names and compressed copies in STATIC_ROOT; false when nothing had changed."""
    found = dict(sorted((path, store.path(path)) for finder in get_finders() for path, store in finder.list([".*"])))
    wanted = _fingerprint(map(Path, found.values()), " ".join(found))
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if stamp.is_file() and stamp.read_text() == wanted:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted)
    return True


def icons_in_use() -> set[str]:
    folders = ["templates", "static", "shouyang", "cocreation", "members", "petitions", "grids", "accounts"]
    files = (path for folder in folders for path in (settings.BASE_DIR / folder).rglob("*"))
    texts = (path.read_text() for path in files if path.suffix in {".html", ".py", ".js"})
    return {match[1] or match[2] for text in texts for match in NAMED_ICON.finditer(text)}


def known_icons() -> dict[str, int]:
    rules = STYLE_RULE.finditer((PACKAGES / ICON_STYLES).read_text())
    return {rule[1]: int(rule[2], 16) for rule in rules}


def _cut_icons(folder: Path, icons: set[str]) -> None:
    from fontTools import subset  # only where assets are built

    logging.getLogger("fontTools").setLevel(logging.ERROR)
    points = {name: point for name, point in known_icons().items() if name in icons}
    (folder / "fonts").mkdir(parents=True)
    options = subset.Options(flavor="woff2", layout_features=[], notdef_outline=True)
    font = subset.load_font(str(PACKAGES / ICON_FONT), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=points.values())
    cutter.subset(font)
    subset.save_font(font, str(folder / "fonts" / "tabler-icons.woff2"), options)
    head = STYLE_HEAD.search((PACKAGES / ICON_STYLES).read_text())
    if head is None:
        raise RuntimeError("图标样式表的格式变了：请核对 shouyang/assets.py")
    rules = [f'.ti-{name}:before {{ content: "\\{point:x}"; }}\n' for name, point in sorted(points.items())]
    styles = re.sub(r"src:.*?;\n", FONT_SOURCE + "\n", head[0], flags=re.S) + "".join(rules)
    (folder / "tabler-icons.css").write_text(styles)


def _fingerprint(files: Iterable[Path], words: str) -> str:
    digest = hashlib.sha256(words.encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()
