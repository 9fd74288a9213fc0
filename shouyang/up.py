"""`manage.py up`: the whole portal on one machine, from nothing to `ready`, until Ctrl-C."""

import hashlib
import json
import os
import shutil
import sys
import time
import urllib.error
import urllib.request
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from shouyang import processes
from shouyang.demo.cast import CAST
from shouyang.embedded import keepsakes, leftovers
from shouyang.embedded.servers import HomeIsTaken, Servers
from shouyang.supervisor import Supervisor

OPENING = 90  # seconds until everything must have answered
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104
SOURCES = ["shouyang", "cocreation", "members", "petitions", "grids", "accounts", "templates", "static", "data"]
LOCKS = ["requirements.txt", "package-lock.json"]


class CannotOpen(Exception):
    """Why the portal does not open, for the person who started it."""


def main() -> int:
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    try:
        web = processes.web(host, port)
        supervisor = Supervisor(settings.HOME, take_home(), say)
        supervisor.listen()
        try:
            start(supervisor, web, host, port)
            while not supervisor.told_to_stop():
                supervisor.watch()
                time.sleep(0.3)
            say("正在停止 …")
        finally:
            supervisor.end()
    except (CannotOpen, ImproperlyConfigured, RuntimeError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    say("已停止")
    return 0


def take_home() -> Servers:
    """A portal that was stopped a moment ago may still be ending its programs."""
    wanted = {"want_database": "DATABASE_URL" not in os.environ, "want_broker": "REDIS_URL" not in os.environ}
    for attempt in range(40):
        try:
            return Servers(settings.HOME, **wanted)
        except HomeIsTaken as taken:
            if attempt == 0:
                say(f"{taken}，等待它停止 …")
            time.sleep(0.3)
    raise CannotOpen(f"{settings.HOME} 仍在使用中；要同时运行两个门户，请另设 SHOUYANG_HOME 与 PORT")


def start(supervisor: Supervisor, web: list[str], host: str, port: int) -> None:
    if leftovers.end_marked(settings.HOME):
        say("已结束上次遗留的进程")
    if not keepsakes.is_free(port, host):
        raise CannotOpen(f"端口 {port} 已被别的程序占用；请换一个，例如 make run PORT={port + 1}")
    shutil.rmtree(settings.METRICS_DIR, ignore_errors=True)
    say("正在启动 PostgreSQL 与 Valkey …")
    supervisor.servers.start()
    prepare(supervisor)
    if settings.DEMO and host not in processes.LOOPBACK:
        os.environ.setdefault("ALLOWED_HOSTS", "*")
    supervisor.add("web", web)
    supervisor.add("worker", processes.worker())
    supervisor.add("beat", processes.beat(settings.HOME))
    if not supervisor.told_to_stop():
        supervisor.start()
        wait_until_well(supervisor, host, port)


def prepare(supervisor: Supervisor) -> None:
    """Not again for the same sources in the same home, unless the database is somebody else's."""
    stamp, wanted = settings.HOME / "prepared", fingerprint()
    if "DATABASE_URL" not in os.environ and stamp.is_file() and stamp.read_text() == wanted:
        return
    say("正在准备数据与页面 …")
    code = supervisor.run_to_end([sys.executable, str(settings.BASE_DIR / "manage.py"), "prepare"])
    if code == 0:
        stamp.write_text(wanted)
    elif not supervisor.told_to_stop():
        raise CannotOpen(f"准备没有完成（{code}），原因见上")


def fingerprint() -> str:
    folders = (path for name in SOURCES for path in (settings.BASE_DIR / name).rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for path in sorted([*folders, *(settings.BASE_DIR / name for name in LOCKS)]):
        if path.suffix != ".pyc":
            digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()


def wait_until_well(supervisor: Supervisor, host: str, port: int) -> None:
    address = f"http://{host}:{port}"
    near = f"http://{'127.0.0.1' if host in EVERYWHERE else host}:{port}/healthz"
    until = time.monotonic() + OPENING
    health: dict[str, Any] = {}
    while time.monotonic() < until and not supervisor.told_to_stop():
        supervisor.watch()
        if hopeless := supervisor.hopeless():
            raise CannotOpen(f"{hopeless.name} 一再退出，无法就绪；{hopeless.log} 的末尾：\n{hopeless.last_words()}")
        if (health := ask(near)).get("ok"):
            welcome(address)
            return
        time.sleep(0.1)
    if not supervisor.told_to_stop():
        raise CannotOpen(f"门户没有在 {OPENING} 秒内就绪：{health}；日志在 {settings.HOME / 'logs'}")


def welcome(address: str) -> None:
    if settings.DEMO:
        say("演示账号：")
        for part in CAST:
            say(f"  {part.username:<14}{part.name}：{part.hint}")
        say(f"密码都是：{settings.DEMO_PASSWORD}")
    say(f"日志：{settings.HOME / 'logs'}    停止：Ctrl-C")
    say(f"ready {address}")


def ask(address: str) -> dict[str, Any]:
    """What the portal says of itself, also when it is not well; nothing while it does not speak yet."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(address, timeout=5) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as answer:
        with answer:
            return {"status": answer.code} if answer.code != 503 else dict(json.load(answer))
    except (OSError, ValueError):
        return {}


def say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()
