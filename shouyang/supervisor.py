"""Keeps the portal's programs alive, and ends every one of them, with all they started, when it is told to stop.

Each program leads a session of its own, so that Ctrl-C reaches only the supervisor and what a program started can be
found by its group. All carry their home in the environment: what a killed supervisor left is ended by the next one.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from shouyang.embedded import leftovers
from shouyang.embedded.servers import Servers

PATIENCE = 8  # seconds to finish what is being done
LONGEST_PAUSE = 30  # seconds between two attempts to start a program that keeps failing
HOPELESS = 4  # failures in a row
LARGEST_LOG = 10_000_000


@dataclass
class Program:
    name: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    begun: float = 0
    failures: int = 0

    def start(self, environment: dict[str, str]) -> None:
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".old.log"))
        self.begun = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    def signal(self, number: int, *, group: bool = False) -> None:
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                (os.killpg if group else os.kill)(self.process.pid, number)


@dataclass
class Supervisor:
    home: Path
    servers: Servers
    say: Callable[[str], None]
    programs: list[Program] = field(default_factory=list)
    stopping: bool = False
    parent: int = field(default_factory=os.getppid)

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)

    def environment(self) -> dict[str, str]:
        ours = {leftovers.MARK: str(self.home), "SHOUYANG_HOME": str(self.home), "PYTHONUNBUFFERED": "1"}
        # `prepare` has run Django's checks; worker and beat would run them again, a second each.
        return os.environ | self.servers.addresses() | ours | {"CELERY_SKIP_CHECKS": "1"}

    def add(self, name: str, command: list[str]) -> None:
        logs = self.home / "logs"
        logs.mkdir(mode=0o700, exist_ok=True)
        self.programs.append(Program(name, command, logs / f"{name}.log"))

    def run_to_end(self, command: list[str]) -> int:
        """One preparing step, in the foreground; its return code, or that of being stopped."""
        step = subprocess.Popen(command, env=self.environment(), stdin=subprocess.DEVNULL, start_new_session=True)
        while (code := step.poll()) is None:
            if self.told_to_stop():
                os.killpg(step.pid, signal.SIGTERM)
                step.wait()
                return -signal.SIGTERM
            time.sleep(0.05)
        return code

    def start(self) -> None:
        for program in self.programs:
            program.start(self.environment())

    def told_to_stop(self) -> bool:
        # `make` killed by force cannot tell anybody; a supervisor it started would live on unseen.
        return self.stopping or ("MAKELEVEL" in os.environ and os.getppid() != self.parent)

    def watch(self) -> None:
        """One look: start again what died, servers first."""
        before = self.servers.addresses()
        for name in self.servers.mend():
            self.say(f"{name} 意外退出，已重新启动")
        if self.servers.addresses() != before:
            for program in self.programs:  # somebody took the port meanwhile: they must learn the new one
                program.signal(signal.SIGTERM)
        for program in self.programs:
            if program.has_ended():
                self._start_again(program)

    def hopeless(self) -> Program | None:
        """A program that has never lived long enough to do anything."""
        return next((program for program in self.programs if program.failures >= HOPELESS), None)

    def end(self) -> None:
        for program in self.programs:
            program.signal(signal.SIGTERM)
        until = time.monotonic() + PATIENCE
        for program in self.programs:
            if program.process:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    program.process.wait(max(0.1, until - time.monotonic()))
            program.signal(signal.SIGKILL, group=True)
            if program.process:
                program.process.wait()
        leftovers.end_marked(self.home)
        self.servers.stop()

    def _start_again(self, program: Program) -> None:
        assert program.process is not None
        lived = time.monotonic() - program.begun
        pause = min(LONGEST_PAUSE, 2**program.failures - 1)
        if lived < pause:
            return
        program.signal(signal.SIGKILL, group=True)  # what it started may have outlived it and hold its port
        program.failures = 0 if lived > 2 * LONGEST_PAUSE else program.failures + 1
        self.say(f"{program.name} 意外退出（{program.process.returncode}），正在重新启动；日志：{program.log}")
        program.start(self.environment())

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True
