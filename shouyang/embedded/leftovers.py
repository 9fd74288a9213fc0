"""Processes that a killed supervisor could not end: found by what marks them as this home's own, not by name alone."""

import contextlib
import os
from pathlib import Path

import psutil

MARK = "SHOUYANG_SUPERVISED"  # every process the supervisor starts carries its home in this variable


def end_marked(home: Path) -> int:
    """End what an earlier supervisor of this home left running; returns how many there were."""
    return _end([process for process in psutil.process_iter() if _carries(process, str(home))])


def end_postgres(cluster: Path) -> None:
    """A cluster of ours whose supervisor is gone: its postmaster first, then whatever still stands in its folder."""
    with contextlib.suppress(OSError, ValueError, IndexError, psutil.NoSuchProcess):
        pid = int((cluster / "postmaster.pid").read_text().splitlines()[0])
        postmaster = psutil.Process(pid)
        if _stands_in(postmaster, cluster):  # else the number was given to a stranger meanwhile
            _end([postmaster])
    _end([process for process in psutil.process_iter() if _stands_in(process, cluster)])
    _forget_the_dead(cluster / "postmaster.pid")


def _forget_the_dead(lock: Path) -> None:
    """A killed postmaster that nobody has reaped yet still has its number, and PostgreSQL would take it for alive."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        pid = int(lock.read_text().splitlines()[0])
        try:
            process = psutil.Process(pid)
            dead = process.status() == psutil.STATUS_ZOMBIE or not process.name().startswith("postgres")
        except psutil.NoSuchProcess:
            dead = True
        if dead:
            lock.unlink()


def _carries(process: psutil.Process, home: str) -> bool:
    if process.pid == os.getpid():
        return False
    try:
        return bool(process.environ().get(MARK) == home)
    except (psutil.Error, OSError):
        return False


def _stands_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return process.name().startswith("postgres") and Path(process.cwd()) == folder
    except (psutil.Error, OSError):
        return False


def _end(processes: list[psutil.Process]) -> int:
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.terminate()
    _, stubborn = psutil.wait_procs(processes, timeout=5)
    for process in stubborn:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(stubborn, timeout=5)
    return len(processes)
