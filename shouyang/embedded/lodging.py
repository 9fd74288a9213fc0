"""Who the servers run as, and where their files may live.

PostgreSQL refuses to run as root. As root the servers run as an unprivileged user, who may be unable to enter the
folder the portal was cloned into (/root/portal, say). Then the server's files live under /var/lib/shouyang-portal,
linked from the portal's home, and the programs are copied there: nobody's folders are opened to others.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

FALLBACK = Path("/var/lib/shouyang-portal")


@dataclass(frozen=True)
class Lodger:
    """The user the servers run as; `None` means: as whoever runs the portal."""

    uid: int | None = None
    gid: int | None = None

    def popen_options(self) -> dict[str, object]:
        return {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def owns(self, path: Path) -> None:
        if self.uid is not None:
            os.chown(path, self.uid, self.gid or -1)

    def can(self, command: list[str]) -> bool:
        try:
            done = subprocess.run(command, cwd="/", capture_output=True, timeout=30, **self.popen_options())  # type: ignore[call-overload]
        except OSError:
            return False
        return bool(done.returncode == 0)


def lodger(place: Path) -> Lodger:
    """Whoever owns the place already; for a new one, a system user that can do nothing else."""
    if os.geteuid() != 0:
        return Lodger()
    if place.is_dir() and (owner := place.stat()).st_uid != 0:
        return Lodger(owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Lodger(entry.pw_uid, entry.pw_gid)
    raise RuntimeError("以 root 运行时，内置数据库需要一个普通系统用户（postgres 或 nobody），本机没有")


def room(home: Path, name: str, who: Lodger) -> Path:
    """The server's own folder: `home/name` where its user can get in, else a linked one it can reach."""
    place = home / name
    if place.is_dir():
        if not who.can(["test", "-x", str(place.resolve())]):
            raise RuntimeError(f"{place} 存放数据库文件，但运行数据库的用户无法进入该目录；请恢复其上级目录的权限")
        return place.resolve()
    place.unlink(missing_ok=True)  # a link whose far end is gone
    if who.uid is None or who.can(["test", "-x", str(home)]):
        place.mkdir(mode=0o700)
        who.owns(place)
        return place
    FALLBACK.mkdir(mode=0o755, parents=True, exist_ok=True)
    far = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=FALLBACK))
    who.owns(far)
    place.symlink_to(far)
    return far


def programs(folder: Path, version: str, who: Lodger, probe: Callable[[Path], list[str]]) -> Path:
    """The folder of a package's programs, or a copy of it where the servers' user cannot run them in place."""
    if who.can(probe(folder)):
        return folder
    copy = FALLBACK / "programs" / f"{folder.name}-{version}"
    if not who.can(probe(copy / folder.name)):
        copy.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=copy.parent))
        fresh.chmod(0o755)
        shutil.copytree(folder, fresh / folder.name)
        libraries = folder.with_name(f"{folder.name}.libs")  # the programs look for them here
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name)
        subprocess.run(["chmod", "-R", "go+rX", str(fresh)], check=True)
        shutil.rmtree(copy, ignore_errors=True)
        fresh.replace(copy)
    return copy / folder.name
