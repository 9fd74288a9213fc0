"""Small compound files ([MS-CFB], version 3), as Word, Excel and PowerPoint up to 2003 write them."""

import struct
from dataclasses import dataclass, field

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
STORAGE, STREAM, ROOT = 1, 2, 5
SMALLEST = 4096  # shorter streams would lie in the mini stream; these are filled up instead


@dataclass
class Entry:
    name: str
    kind: int
    content: bytes = b""
    inside: list[int] = field(default_factory=list)
    start: int = END


def compound(*streams: str, **contents: bytes) -> bytes:
    """`compound("WordDocument", "Macros/VBA/dir")`; a storage is whatever stands before a slash."""
    entries = [Entry("Root Entry", ROOT)]
    for path in (*streams, *contents):
        _put(entries, path.split("/"), contents.get(path, b"").ljust(SMALLEST, b"\0"))
    body, chain = b"", [FAT]
    for entry in entries:
        if entry.kind == STREAM:
            entry.start = len(chain)
            sectors = -(-len(entry.content) // SECTOR)
            chain += [*range(entry.start + 1, entry.start + sectors), END]
            body += entry.content.ljust(sectors * SECTOR, b"\0")
    directory = b"".join(_written(n, entries) for n in range(len(entries)))
    sectors = -(-len(directory) // SECTOR)
    first = len(chain)
    chain += [*range(first + 1, first + sectors), END]
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6),
        *(0, 1, first, 0, SMALLEST, END, 0, END, 0, 0),
    )
    fat = b"".join(struct.pack("<I", sector) for sector in chain).ljust(SECTOR, b"\xff")
    assert len(fat) == SECTOR, "one sector of the table is enough for a test"
    return header.ljust(SECTOR, b"\xff") + fat + body + directory.ljust(sectors * SECTOR, b"\0")


def _put(entries: list[Entry], path: list[str], content: bytes) -> None:
    within = 0
    for n, name in enumerate(path, 1):
        found = next((i for i in entries[within].inside if entries[i].name == name), 0)
        if not found:
            last = n == len(path)
            entries.append(Entry(name, STREAM if last else STORAGE, content if last else b""))
            found = len(entries) - 1
            entries[within].inside.append(found)
        within = found


def _written(n: int, entries: list[Entry]) -> bytes:
    """Siblings hang on each other's right hand: a tree, if a poor one."""
    entry, right = entries[n], FREE
    for other in entries:
        if n in other.inside[:-1]:
            right = other.inside[other.inside.index(n) + 1]
    name = f"{entry.name}\0".encode("utf-16-le")
    child = entry.inside[0] if entry.inside else FREE
    size = len(entry.content)
    return struct.pack("<64sHBBIII16xI8x8xIQ", name, len(name), entry.kind, 1, FREE, right, child, 0, entry.start, size)
