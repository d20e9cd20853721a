"""Fixtures: a scripted endpoint on loopback that speaks chat completions and counts requests."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

Answer = dict[str, Any]


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
        self.script: list[Answer] = []
        self.requests: list[dict[str, Any]] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def play(self, *answers: Answer) -> None:
        self.script = list(answers)


class _Handler(BaseHTTPRequestHandler):
    server: Endpoint
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.server.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        script = self.server.script
        self._send(script[min(len(self.server.requests), len(script)) - 1])

    def do_GET(self) -> None:
        self._send(
            {"status": 200, "body": {"object": "list", "data": [{"id": "scripted", "object": "model"}]}}
        )

    def _send(self, answer: Answer) -> None:
        raw = answer.get("raw")
        data = raw.encode() if raw is not None else json.dumps(answer["body"]).encode()
        self.send_response(answer["status"])
        self.send_header("Content-Type", answer.get("type", "application/json"))
        self.send_header("Content-Length", str(len(data)))
        for name, value in answer.get("headers", {}).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """A running endpoint; set what it says with ``endpoint.play(...)``."""
    server = Endpoint()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def says() -> Callable[..., Answer]:
    """Make completions: ``says("text", finish="length")``."""
    return completion


@pytest.fixture
def fails() -> Callable[..., Answer]:
    """Make error answers: ``fails(429, retry_after="1")``."""
    return fault
