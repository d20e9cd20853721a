"""A provider with files and batches beside chat completions: one function answers whichever way is asked.

Faults are injected by a pattern of "METHOD /path": the connection ends before the request is taken, or after.
"""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.conftest import Answer, Endpoint, _Handler

Answering = Callable[[dict[str, Any]], Answer]
"""Gives the answer to a request's body."""


@dataclass
class Batch:
    """A batch, and what its files will hold once it has ended."""

    id: str
    input: str
    metadata: dict[str, str]
    created_at: int
    status: str = "in_progress"
    output: str | None = None
    error: str | None = None
    problem: list[dict[str, Any]] = field(default_factory=list)
    counts: tuple[int, int] = (0, 0)


class Provider(Endpoint):
    """Takes files and batches; ends batches when it is told to.

    Attributes:
        faults: Pattern and moment ("before", "after") of the connections to end, each once.
        absent: Whether it has chat completions alone.
        chats: Requests that came over the ordinary way.
        seen: All requests, as METHOD /path.
    """

    def __init__(self, answering: Answering) -> None:
        super().__init__()
        self.RequestHandlerClass = _Provider
        self.answering = answering
        self.files: dict[str, tuple[str, bytes]] = {}
        self.batches: dict[str, Batch] = {}
        self.faults: list[tuple[str, str]] = []
        self.chats = 0
        self.absent = False
        self.seen: list[str] = []

    def lines_of(self, batch: Batch) -> list[dict[str, Any]]:
        """Return the requests of a batch."""
        return [json.loads(line) for line in self.files[batch.input][1].splitlines()]

    def live(self) -> list[Batch]:
        """Return the batches that may cost something."""
        return [batch for batch in self.batches.values() if batch.status not in {"cancelled", "failed"}]

    def finish(
        self,
        *,
        status: str = "completed",
        answered: Callable[[int], bool] = lambda _: True,
        spoil: Callable[[list[bytes], list[bytes]], None] = lambda _out, _err: None,
    ) -> int:
        """End all batches that run; of each, the requests whose number passes are answered."""
        running = [batch for batch in self.batches.values() if batch.status in {"in_progress", "cancelling"}]
        for batch in running:
            out, err = list[bytes](), list[bytes]()
            for number, line in enumerate(self.lines_of(batch)):
                if answered(number):
                    came = self.answering(line["body"])
                    response = {"status_code": came["status"], "request_id": "r", "body": came["body"]}
                    told = {"id": f"x{number}", "custom_id": line["custom_id"], "response": response}
                    (out if came["status"] == 200 else err).append(
                        json.dumps({**told, "error": None}).encode()
                    )
                elif status in {"expired", "cancelled"}:
                    error = {"code": f"batch_{status}", "message": "not executed"}
                    told = {"id": f"x{number}", "custom_id": line["custom_id"], "response": None}
                    err.append(json.dumps({**told, "error": error}).encode())
            spoil(out, err)
            batch.status, batch.counts = status, (len(out), len(err))
            batch.output = self._keep("output", out)
            batch.error = self._keep("error", err)
        return len(running)

    def fail(self, code: str, message: str) -> None:
        """End all batches that run as a provider does that refuses them whole."""
        for batch in self.batches.values():
            if batch.status == "in_progress":
                batch.status = "failed"
                batch.problem = [{"code": code, "message": message, "line": None, "param": None}]

    def cancelled(self) -> None:
        """End the batches that are being cancelled."""
        self.finish(status="cancelled", answered=lambda _: False)

    def _keep(self, kind: str, lines: list[bytes]) -> str | None:
        if not lines:
            return None
        name = f"file-{kind}-{len(self.files)}"
        self.files[name] = (name, b"\n".join(lines) + b"\n")
        return name


class _Provider(_Handler):
    server: Provider

    def do_POST(self) -> None:
        self._do("POST")

    def do_GET(self) -> None:
        self._do("GET")

    def _do(self, method: str) -> None:
        parts = urlsplit(self.path)
        asked, server = f"{method} {parts.path}", self.server
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server.seen.append(asked)
        fault = next((f for f in server.faults if re.fullmatch(f[0], asked)), None)
        if fault:
            server.faults.remove(fault)
            if fault[1] == "before":
                return self._reset()
        answer = self._answer(method, parts.path.removeprefix("/v1/").split("/"), parse_qs(parts.query), data)
        if fault and fault[1] == "after":
            return self._reset()
        if fault and fault[1] == "cut":
            answer["cut"] = 40
        return self._send(answer)

    def _answer(self, method: str, path: list[str], query: dict[str, list[str]], data: bytes) -> Answer:
        server = self.server
        if server.absent and path[0] in {"files", "batches"}:
            return _bad(404, "no such thing")
        match method, path:
            case "POST", ["chat", "completions"]:
                server.chats += 1
                answer = server.answering(json.loads(data))
            case "POST", ["files"]:
                answer = _good(self._file(self._upload(data)))
            case "GET", ["files"]:
                answer = self._listed(list(map(self._file, server.files)), query)
            case "GET", ["files", name, "content"] if name in server.files:
                answer = {"status": 200, "raw": server.files[name][1].decode(), "type": "application/binary"}
            case "POST", ["batches"]:
                answer = _good(self._batch(self._create(json.loads(data))))
            case "GET", ["batches"]:
                answer = self._listed(list(map(self._batch, server.batches.values())), query)
            case "GET", ["batches", name] if name in server.batches:
                answer = _good(self._batch(server.batches[name]))
            case "POST", ["batches", name, "cancel"] if name in server.batches:
                answer = self._cancelled(server.batches[name])
            case _:
                answer = _bad(404, "no such thing")
        return answer

    def _cancelled(self, batch: Batch) -> Answer:
        if batch.status not in {"in_progress", "cancelling"}:
            return _bad(409, f"it is {batch.status}")
        batch.status = "cancelling"
        return _good(self._batch(batch))

    def _upload(self, data: bytes) -> str:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        held = {
            part.get_param("name", header="content-disposition"): part
            for part in message_from_bytes(head + data).walk()
        }
        part = held["file"]
        assert held["purpose"].get_payload() == "batch"
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        name = f"file-{len(self.server.files)}"
        self.server.files[name] = (part.get_filename() or "", payload)
        return name

    def _create(self, asked: dict[str, Any]) -> Batch:
        assert asked["endpoint"] == "/v1/chat/completions"
        assert asked["completion_window"] == "24h"
        made = Batch(
            f"batch_{len(self.server.batches)}", asked["input_file_id"], asked["metadata"], int(time.time())
        )
        self.server.batches[made.id] = made
        return made

    def _file(self, name: str) -> dict[str, Any]:
        filename, content = self.server.files[name]
        told = {"id": name, "object": "file", "bytes": len(content), "created_at": 0}
        return {**told, "filename": filename, "purpose": "batch", "status": "processed"}

    def _batch(self, batch: Batch) -> dict[str, Any]:
        done, failed = batch.counts
        return {
            "id": batch.id,
            "object": "batch",
            "endpoint": "/v1/chat/completions",
            "completion_window": "24h",
            "created_at": batch.created_at,
            "input_file_id": batch.input,
            "status": batch.status,
            "metadata": batch.metadata,
            "output_file_id": batch.output,
            "error_file_id": batch.error,
            "errors": {"object": "list", "data": batch.problem} if batch.problem else None,
            "request_counts": {
                "total": len(self.server.lines_of(batch)),
                "completed": done,
                "failed": failed,
            },
        }

    def _listed(self, all_of: list[dict[str, Any]], query: dict[str, list[str]]) -> Answer:
        """Give a page, the newest first, of two at most: whoever looks for something has to turn pages."""
        newest = all_of[::-1]
        names = [one["id"] for one in newest]
        start = names.index(query["after"][0]) + 1 if "after" in query else 0
        page = newest[start : start + 2]
        return _good({"object": "list", "data": page, "has_more": start + 2 < len(newest)})


def _good(body: dict[str, Any]) -> Answer:
    return {"status": 200, "body": body}


def _bad(status: int, message: str) -> Answer:
    return {"status": status, "body": {"error": {"message": message, "type": "error", "code": None}}}
