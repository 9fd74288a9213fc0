"""A whole portal, started for a test as a person would start it, in a home of its own."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import psutil

from shouyang.embedded import keepsakes, leftovers
from tests.waiting import PATIENCE, wait

ROOT = Path(__file__).parents[2]
OURS = ("DATABASE_URL", "REDIS_URL", "SHOUYANG_HOME", "PROMETHEUS_MULTIPROC_DIR", "STATIC_HASHED", leftovers.MARK)


def lodging_for_a_test() -> Path:
    """A folder that the servers' user may enter, unlike pytest's own, so that everything stays inside of it."""
    folder = Path(tempfile.mkdtemp(prefix="portal-"))
    folder.chmod(0o711)
    return folder


class Portal:
    def __init__(self, home: Path, **environment: str) -> None:
        self.home = home
        self.port = keepsakes.free_port()
        self.output = home.with_suffix(f".{self.port}")
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        # Compressing the front-end files takes ten seconds and is tested elsewhere.
        ours = {"SHOUYANG_HOME": str(home), "PORT": str(self.port), "DEMO_CITY": "0", "STATIC_HASHED": "0"}
        self.environment = kept | ours | environment
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Portal":
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"], cwd=ROOT, env=self.environment, stdout=output, stderr=output
            )
        return self

    def until_ready(self) -> "Portal":
        assert self.process
        wait(lambda: self.said("ready http://") or self.ended(), self.words)
        assert self.said(f"ready http://127.0.0.1:{self.port}"), self.words()
        return self

    def stop(self, number: int = signal.SIGTERM) -> int:
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        """However the test went, nothing of it stays."""
        if self.process and not self.ended():
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.stop()
        for process in self.everything():
            with contextlib.suppress(psutil.Error):
                process.kill()

    def everything(self) -> list[psutil.Process]:
        """Every process of this home: the marked ones and those of the cluster, which hides its environment."""
        cluster = (self.home / "postgres" / "cluster").resolve()
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error, OSError):
                hidden = process.name().startswith("postgres")
                if process.cwd() == str(cluster) if hidden else process.environ().get(leftovers.MARK) == str(self.home):
                    found.append(process)
        return found

    def named(self, words: str) -> list[psutil.Process]:
        found = []
        for process in self.everything():
            with contextlib.suppress(psutil.Error):
                if words in " ".join(process.cmdline()):
                    found.append(process)
        return found

    def health(self) -> dict[str, Any]:
        return get(f"http://127.0.0.1:{self.port}/healthz")

    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def said(self, words: str) -> bool:
        return words in self.words()

    def words(self) -> str:
        logs = "".join(log.read_text()[-2000:] for log in sorted((self.home / "logs").glob("*.log")))
        return self.output.read_text() + (logs if self.ended() else "")


def get(address: str) -> dict[str, Any]:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return {"status": answer.status, **json.load(answer)}
    except urllib.error.HTTPError as answer:
        with answer:
            return {"status": answer.code, **json.load(answer)}
    except OSError:
        return {}
