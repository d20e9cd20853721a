"""A private server that speaks Redis' protocol, on loopback and without a file: behind a shared cache."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

_PROGRAM = shutil.which("redis-server") or shutil.which("valkey-server")


def needed() -> None:
    """Skip a test where there is no server to be had, or nothing that speaks to one."""
    if not _PROGRAM:
        pytest.skip("no redis-server or valkey-server is installed (Debian: apt-get install redis-server)")
    if find_spec("redis") is None:
        pytest.skip("redis-py is not installed (the extra redis)")


class Server:
    """A server of our own.

    Attributes:
        port: On loopback.
    """

    def __init__(self, folder: Path, *options: str, password: str | None = None) -> None:
        self._folder, self._password = folder, password
        self._options = options
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        """What our settings call it."""
        user = f":{self._password}@" if self._password else ""
        return f"redis://{user}127.0.0.1:{self.port}/0"

    def client(self) -> Any:
        """Return a client to look at it, or to plant things."""
        import redis

        return redis.Redis(port=self.port, password=self._password)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        locked = ("--requirepass", self._password) if self._password else ()
        assert _PROGRAM
        self._process = subprocess.Popen(
            [_PROGRAM, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
             "--dir", str(self._folder), *locked, *self._options],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._wait()

    def stop(self) -> None:
        """End it at once; what it held is gone."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self, signal: int) -> None:
        """Send it a signal: one that is stopped takes connections, and answers none."""
        assert self._process
        self._process.send_signal(signal)

    def _wait(self) -> None:
        import redis

        for _ in range(200):
            try:
                self.client().ping()
            except redis.ConnectionError:
                time.sleep(0.02)
            else:
                return
        raise RuntimeError("the server did not start")


@contextmanager
def serving(folder: Path, *options: str, password: str | None = None) -> Iterator[Server]:
    """Give a server for the time of a block."""
    needed()
    server = Server(folder, *options, password=password)
    try:
        yield server
    finally:
        server.stop()
