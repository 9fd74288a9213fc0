"""GeoJSON that somebody brings, before it is known what is drawn in it. Knows no database."""

import json
from typing import Any

from grids.importing.files import Unreadable

MOST = 1_000_000  # characters: ten times the outlines of the whole city


def features(text: str, *, each: str) -> list[tuple[dict[str, Any], Any]]:
    """Properties and geometry of every feature, whatever stands there; `each` names what one is. Raises Unreadable."""
    not_too_long(text)
    try:
        collection = json.loads(text)
        json.dumps(collection, ensure_ascii=False).encode()  # half a surrogate pair cannot be written down
    except (ValueError, RecursionError):
        raise Unreadable("内容不是 GeoJSON：无法按 JSON 读取，请检查文件和其中的文字是否完整。") from None
    found = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(found, list) or collection.get("type") != "FeatureCollection":
        raise Unreadable(f"应为 GeoJSON 的 FeatureCollection，每个{each}一个 Feature。")
    if not found:
        raise Unreadable(f"文件里没有任何{each}。")
    return [_parts(one) for one in found]


def not_too_long(text: str) -> None:
    if len(text) > MOST:
        raise Unreadable(f"内容超过 {MOST:,} 个字符，请分几份导入。")


def _parts(feature: Any) -> tuple[dict[str, Any], Any]:
    if not isinstance(feature, dict):
        return {}, None
    properties = feature.get("properties")
    return properties if isinstance(properties, dict) else {}, feature.get("geometry")
