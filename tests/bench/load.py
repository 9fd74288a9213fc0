"""Clients that keep their connections, as browsers do: as little work as possible per request, on both sides alike."""

import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import quantiles

from tests.bench.web import Site

CLIENTS = 8
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)

Request = Callable[[int, int], bytes]  # (client, number) → a whole HTTP/1.1 request


@dataclass
class Load:
    rate: float  # answers of the wanted status per second
    statuses: Counter[int] = field(default_factory=Counter)
    p50: float = 0.0  # milliseconds
    p95: float = 0.0
    p99: float = 0.0
    client_cpu: float = 0.0  # milliseconds of processor time per answer: clients, web server, database
    web_cpu: float = 0.0
    database_cpu: float = 0.0

    @property
    def cpu(self) -> str:
        return f"web {self.web_cpu:.2f}, database {self.database_cpu:.2f}, clients {self.client_cpu:.2f}"


def load(site: Site, request: Request, *, seconds: float, wanted: int = 200, clients: int = CLIENTS) -> Load:
    statuses: Counter[int] = Counter()
    times: list[float] = []
    gate = threading.Barrier(clients + 1)
    stop = threading.Event()

    def client(me: int) -> None:
        own: list[float] = []
        seen: Counter[int] = Counter()
        with socket.create_connection(("127.0.0.1", site.port), timeout=30) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            gate.wait()
            number = 0
            while not stop.is_set():
                message = request(me, number)
                number += 1
                begun = time.perf_counter()
                connection.sendall(message)
                seen[_answer(connection)] += 1
                own.append(time.perf_counter() - begun)
        times.extend(own)
        statuses.update(seen)

    threads = [threading.Thread(target=client, args=(me,)) for me in range(clients)]
    for thread in threads:
        thread.start()
    gate.wait()
    begun, cpu, (web, database) = time.perf_counter(), time.process_time(), site.cpu()
    time.sleep(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begun
    spent = [time.process_time() - cpu, *(now - then for now, then in zip(site.cpu(), (web, database), strict=True))]
    client_cpu, web_cpu, database_cpu = (seconds * 1000 / max(1, statuses[wanted]) for seconds in spent)
    marks = quantiles(times, n=100) if len(times) > 1 else [0.0] * 99
    return Load(
        rate=statuses[wanted] / took,
        statuses=statuses,
        p50=marks[49] * 1000,
        p95=marks[94] * 1000,
        p99=marks[98] * 1000,
        client_cpu=client_cpu,
        web_cpu=web_cpu,
        database_cpu=database_cpu,
    )


def _answer(connection: socket.socket) -> int:
    data = b""
    while (head := data.find(b"\r\n\r\n")) < 0:
        data += _more(connection)
    status = int(data[9:12])
    body = len(data) - head - 4
    if length := LENGTH.search(data, 0, head):
        left = int(length[1]) - body
        while left > 0:
            left -= len(_more(connection))
    elif status not in (204, 304):
        while not data.endswith(b"0\r\n\r\n"):
            data = data[-8:] + _more(connection)
    return status


def _more(connection: socket.socket) -> bytes:
    if not (data := connection.recv(262144)):
        raise ConnectionError("the server closed a connection")
    return data


def get(path: str, cookie: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{_cookie(cookie)}\r\n".encode()


def post(path: str, body: bytes, cookie: str = "") -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n{_cookie(cookie)}\r\n"
    )
    return head.encode() + body


def _cookie(cookie: str) -> str:
    return f"Cookie: {cookie}\r\n" if cookie else ""
