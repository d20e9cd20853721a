"""Fixtures: a scripted endpoint on loopback that speaks chat completions and counts requests."""

import json
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from hypothesis import settings

# Enough to find what is wrong in the course of a few runs, few enough to be run often.
settings.register_profile("quick", max_examples=50)
settings.load_profile("quick")

Answer = dict[str, Any]
"""``status``, ``body`` (JSON) or ``raw`` (text) and its ``type``, ``headers`` (a function is called for its
value); or one of the ways to fail below HTTP: ``reset``, ``hang``, ``trickle`` (seconds between two bytes),
``cut`` (bytes sent of more that were promised)."""


def completion(content: str | None, *, finish: str = "stop", refusal: str | None = None) -> Answer:
    """Make the answer of an endpoint that says ``content``."""
    message = {"role": "assistant", "content": content, "refusal": refusal}
    return {
        "status": 200,
        "body": {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 0,
            "model": "scripted",
            "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": None}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
        },
    }


def fault(status: int, message: str = "no", *, code: str | None = None, **headers: str) -> Answer:
    """Make an error answer."""
    error = {"message": message, "type": "error", "code": code}
    return {"status": status, "body": {"error": error}, "headers": headers}


class Endpoint(ThreadingHTTPServer):
    """Plays a script of answers, one a request, the last for all that follow; keeps the request bodies."""

    daemon_threads = True

    def __init__(self) -> None:
        self.closing = threading.Event()
        self.script: list[Answer] = []
        self.requests: list[dict[str, Any]] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def play(self, *answers: Answer) -> None:
        self.script = list(answers)

    def handle_error(self, *args: Any) -> None:
        """Say nothing of clients that hang up: they are part of the script."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(*args)

    @contextmanager
    def running(self) -> "Iterator[Endpoint]":
        """Serve until the block ends."""
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.closing.set()
            self.shutdown()
            self.server_close()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Endpoint
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each answer waits 40 ms for the acknowledgement of its headers

    def do_POST(self) -> None:
        self.server.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        script = self.server.script
        self._send(script[min(len(self.server.requests), len(script)) - 1])

    def do_GET(self) -> None:
        self._send(
            {"status": 200, "body": {"object": "list", "data": [{"id": "scripted", "object": "model"}]}}
        )

    def _send(self, answer: Answer) -> None:
        if answer.get("reset"):
            return self._reset()
        if answer.get("hang"):
            self.server.closing.wait(60)
            self.close_connection = True
            return None
        raw = answer.get("raw")
        data = raw.encode() if raw is not None else json.dumps(answer["body"]).encode()
        self.send_response(answer["status"])
        self.send_header("Content-Type", answer.get("type", "application/json"))
        self.send_header("Content-Length", str(len(data)))
        for name, value in answer.get("headers", {}).items():
            self.send_header(name.replace("_", "-"), value() if callable(value) else value)
        self.end_headers()
        self._write(data, answer)
        return None

    def _write(self, data: bytes, answer: Answer) -> None:
        if "cut" in answer:
            data, self.close_connection = data[: answer["cut"]], True
        pause = answer.get("trickle")
        for piece in (data[n : n + 1] for n in range(len(data))) if pause else (data,):
            self.wfile.write(piece)
            if self.server.closing.wait(pause or 0):
                return

    def _reset(self) -> None:
        """End the connection without a word, as a crashed endpoint does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.rfile.close()
        self.connection.close()
        self.close_connection = True

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test, and every process it starts, away from the user's own cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A running endpoint; set what it says with ``endpoint.play(...)``."""
    with Endpoint().running() as server:
        yield server


@pytest.fixture
def says() -> Callable[..., Answer]:
    """Make completions: ``says("text", finish="length")``."""
    return completion


@pytest.fixture
def fails() -> Callable[..., Answer]:
    """Make error answers: ``fails(429, retry_after="1")``."""
    return fault
