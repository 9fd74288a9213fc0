"""What an embedded server needs to find again next time: its port and its password, in a file only its owner reads."""

import json
import os
import secrets
import socket
from pathlib import Path
from typing import TypedDict

LOOPBACK = "127.0.0.1"


class Keepsake(TypedDict):
    port: int
    password: str


def recall(home: Path, server: str) -> Keepsake | None:
    try:
        kept = json.loads(_file(home, server).read_text())
        return Keepsake(port=int(kept["port"]), password=str(kept["password"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def renew(home: Path, server: str, *, another_port: bool = False) -> Keepsake:
    """The remembered password, and the remembered port unless somebody else has it by now."""
    kept = recall(home, server) or Keepsake(port=0, password=secrets.token_urlsafe(24))
    if another_port or not kept["port"] or not is_free(kept["port"]):
        kept = Keepsake(port=free_port(), password=kept["password"])
    write_private(_file(home, server), json.dumps(kept))
    return kept


def database_url(home: Path) -> str | None:
    kept = recall(home, "postgres")
    return kept and f"postgres://shouyang:{kept['password']}@{LOOPBACK}:{kept['port']}/shouyang"


def redis_url(home: Path) -> str | None:
    kept = recall(home, "valkey")
    return kept and f"redis://:{kept['password']}@{LOOPBACK}:{kept['port']}/0"


def is_free(port: int, host: str = LOOPBACK) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Below the range from which systems lend ports to outgoing connections: those come and go."""
    while not is_free(port := secrets.choice(range(15000, 30000))):
        pass
    return port


def write_private(path: Path, text: str) -> None:
    """Whole or not at all, and never readable by others, not even for a moment."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)


def _file(home: Path, server: str) -> Path:
    return home / f"{server}.json"
