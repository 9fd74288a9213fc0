"""The line between a phone and the portal, which can be cut: for pages, service worker and whatever else asks."""

import contextlib
import socket
import threading


class Wire:
    """A port that forwards to the portal; cut, it hangs up on everybody and takes no call."""

    def __init__(self, port: int) -> None:
        self.to = ("127.0.0.1", port)
        self.lock = threading.Lock()
        self.ends: set[socket.socket] = set()
        self.whole = True
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        with self.lock:
            self.whole = False
            ends, self.ends = self.ends, set()
        for end in ends:
            _close(end)

    def mend(self) -> None:
        with self.lock:
            self.whole = True

    def close(self) -> None:
        self.cut()
        _close(self.door)

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self.door.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(caller,), daemon=True).start()

    def _connect(self, caller: socket.socket) -> None:
        with self.lock:
            whole = self.whole
            if whole:
                portal = socket.create_connection(self.to)
                self.ends |= {caller, portal}
        if not whole:
            _close(caller)
            return
        for one, other in ((caller, portal), (portal, caller)):
            threading.Thread(target=_carry, args=(one, other), daemon=True).start()


def _carry(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while words := one.recv(65_536):
            other.sendall(words)
    _close(other)


def _close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        end.close()
