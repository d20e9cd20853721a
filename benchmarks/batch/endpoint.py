"""A fake endpoint on loopback that speaks chat completions: cheap, seeded, with capacity, limits and faults.

    python -m benchmarks.batch.endpoint --latency 0.5 --slots 64 --faults error500=0.03,reset=0.02

or, from Python, as a child process of its own::

    with serving(latency=0.5, slots=64) as base_url:
        ...
        print(stats(base_url))

It needs nothing but the standard library, and this file alone. It answers our wire form (Reply, Part,
Digest, Repair, Trial; see summarizer/backends/openai/wire.py), a plain summary with claims as JSON or as a
tool call, dspy's fields and langextract's list. An answer is made from the article in the request and begins
with the article's first line, or holds its key, so that an answer to another article is seen.

An article's key is a digest of its first line (:func:`key_of`). Latency, slowness and faults are drawn from
(seed, key, how many requests for this article were let in before), so that the same articles meet the same
fates whatever the client does, and whatever limits it runs into.

GET /stats tells what was seen; see :meth:`Endpoint.stats`.
"""

import argparse
import asyncio
import hashlib
import json
import math
import re
import resource
import socket
import struct
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from itertools import islice
from statistics import NormalDist
from typing import Any
from urllib.request import urlopen

KINDS = (
    "error429",  # a 429 of the endpoint's own, whatever the limits say
    "error500",
    "reset",  # the connection is reset in place of an answer
    "truncated",  # half of the body, then the end of the connection
    "garbage",  # status 200, and a body that is no JSON: a web page, or noise
    "schema",  # an answer without a required field
    "prose",  # an answer that is no JSON
    "cut",  # half an answer, finish_reason "length"
    "hang",  # no answer until the client hangs up
)
"""Faults by name, as ``--faults`` takes them. The first two cost nobody anything; the others are paid for."""
_UNPAID = ("error429", "error500")

_FENCE = re.compile(r"^=== article [0-9a-f]{12} ===$", re.MULTILINE)
_NUMBERED = re.compile(r"^\[(\d+)\] (.+)$", re.MULTILINE)
_LISTED_ROW = re.compile(r"^(\d+) (.+)$", re.MULTILINE)
_MARKED = re.compile(r"^(?:\[\d+\] |Q: )?(.*\bfile [0-9a-f]{8}\b.*)$", re.MULTILINE)
_NEXT_ROW = re.compile(r"new rows from i = (\d+)")
_CUED = re.compile(
    r"[\"“”]|\b(said|says|told|according|den(y|ies|ied)|alleg|report|claim|reject|confirm|insist|expect|"
    r"may|might|could|would|will|should|if|not|no|never|nobody|false|believe|suspect|likely|appear)",
    re.IGNORECASE,
)
_ROWS = 5


@dataclass(frozen=True)
class Profile:
    """How an endpoint behaves.

    Attributes:
        latency: Mean seconds of service.
        sigma: Spread of the lognormal latency; 0 is none.
        slots: Requests served at once; 0 is no limit.
        overload: Beyond the slots, ``queue``: requests wait their turn; ``refuse``: 429.
        requests_per_minute: Beyond it 429; 0 is no limit.
        tokens_per_minute: Likewise, of an estimate of tokens in and out.
        burst: Seconds of either limit that may be used at once.
        headers: Whether x-ratelimit-* headers are sent where a limit holds.
        retry_after: On a 429, ``none``, ``auto`` (what the limit says, else a second) or a number of seconds.
        slow_every: One request in so many is slow; 0 is none.
        slow_factor: By how much.
        faults: Share of requests by kind of fault; see :data:`KINDS`.
        seed: Of everything drawn.
    """

    latency: float = 0.0
    sigma: float = 0.3
    slots: int = 0
    overload: str = "queue"
    requests_per_minute: float = 0.0
    tokens_per_minute: float = 0.0
    burst: float = 1.0
    headers: bool = True
    retry_after: str = "none"
    slow_every: int = 0
    slow_factor: float = 20.0
    faults: Mapping[str, float] = field(default_factory=dict)
    seed: int = 0

    def latency_of(self, key: str, number: int = 0) -> float:
        """Return the seconds that the request of that number (from 0) for an article takes."""
        if not self.latency:
            return 0.0
        one, two = _uniform(f"latency {self.seed} {key} {number}")
        seconds = self.latency
        if self.sigma:
            seconds *= math.exp(self.sigma * NormalDist().inv_cdf(one) - self.sigma**2 / 2)
        return seconds * (self.slow_factor if self.slow_every and two < 1 / self.slow_every else 1.0)

    def fault_of(self, key: str, number: int = 0) -> str | None:
        """Return the fault that the request of that number (from 0) for an article meets."""
        if not self.faults:
            return None
        at, _ = _uniform(f"fault {self.seed} {key} {number}")
        for kind, share in self.faults.items():
            at -= share
            if at < 0:
                return kind
        return None

    def arguments(self) -> list[str]:
        """Return the command line that says this."""
        said = []
        for each in fields(self):
            value = getattr(self, each.name)
            if value == (each.default if each.name != "faults" else {}):
                continue
            if each.name == "faults":
                value = ",".join(f"{kind}={share}" for kind, share in value.items())
            if each.name == "headers":
                said.append("--no-headers")
                continue
            said += [f"--{each.name.replace('_', '-')}", str(value)]
        return said


def key_of(text: str) -> str:
    """Return the key of an article: a digest of its first line that is not blank."""
    line = next((line for line in text.splitlines() if line.strip()), "")
    return hashlib.sha256(" ".join(line.split()).encode()).hexdigest()[:12]


@contextmanager
def serving(profile: Profile | None = None, *, port: int = 0, **options: Any) -> Iterator[str]:
    """Start an endpoint as a child process and give its base URL; it ends with the block, or with us.

    Args:
        profile: How it behaves; or its fields as keywords.
        port: Where it listens; 0 is any that is free.
        **options: Fields of :class:`Profile`.
    """
    profile = profile or Profile(**options)
    child = subprocess.Popen(
        [sys.executable, __file__, "--while-stdin", "--port", str(port), *profile.arguments()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin
    assert child.stdout
    try:
        line = child.stdout.readline()
        if not line:
            raise RuntimeError(f"the endpoint did not start: exit code {child.wait()}")
        yield line.strip()
    finally:
        child.stdin.close()
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        child.stdout.close()


def stats(base_url: str, *, articles: bool = True) -> dict[str, Any]:
    """Return what an endpoint has seen so far; without articles it is short."""
    url = base_url.removesuffix("/v1") + ("/stats" if articles else "/stats?brief")
    with urlopen(url, timeout=30) as answer:
        return dict(json.load(answer))


class Endpoint:
    """What is going on at one endpoint, and what went on.

    Args:
        profile: How it behaves.
    """

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.loop = asyncio.get_running_loop()
        self.kinds: Counter[str] = Counter()
        self.seen: dict[str, list[int]] = {}
        self.refused_in: Counter[int] = Counter()
        self.connections = self.in_service = self.hanging = 0
        self.peak_in_flight = self.peak_in_service = 0
        self.busy = 0.0
        self.waiting: deque[_Request] = deque()
        self.serving: set[_Request] = set()
        self.first = self.last = self.answered = 0.0
        self.requests = _Bucket(profile.requests_per_minute, profile.burst)
        self.tokens = _Bucket(profile.tokens_per_minute, profile.burst)

    def stats(self, *, articles: bool = True) -> dict[str, Any]:
        """Return counts.

        ``requests`` in all, ``paid`` of them, articles ``begun``, ``kinds`` of requests (``ok``, a fault's
        name, ``limited`` by a rate, ``refused`` for want of a slot, ``abandoned`` by the client before the
        answer), ``refused_in``: 429s of every kind by second since the first request, ``in_flight`` and
        ``in_service`` now and at their peaks, ``busy``: slot-seconds; ``first`` and ``last`` request and the
        last answer, ``answered``, by the system's monotonic clock; ``cpu`` seconds of the endpoint.
        ``articles``: by key, how many requests came, were paid for, were answered well, were abandoned, and
        were let in past the limits.
        """
        now = self.loop.time()
        used = resource.getrusage(resource.RUSAGE_SELF)
        told: dict[str, Any] = {
            "requests": sum(n[0] for n in self.seen.values()),
            "paid": sum(n[1] for n in self.seen.values()),
            "begun": sum(n[1] > 0 for n in self.seen.values()),
            "kinds": dict(self.kinds),
            "refused_in": dict(sorted(self.refused_in.items())),
            "in_flight": self.in_flight,
            "in_service": self.in_service,
            "peak_in_flight": self.peak_in_flight,
            "peak_in_service": self.peak_in_service,
            "busy": self.busy + sum(now - one.started for one in self.serving),
            "first": self.first,
            "last": self.last,
            "answered": self.answered,
            "connections": self.connections,
            "cpu": used.ru_utime + used.ru_stime,
        }
        return told | {"articles": self.seen} if articles else told

    @property
    def in_flight(self) -> int:
        """Requests that were let in and have no answer yet."""
        return self.in_service + self.hanging + len(self.waiting)

    def take(self, request: "_Request") -> None:
        """Let a request in, or answer why not."""
        now = request.arrived = self.loop.time()
        self.first, self.last = self.first or now, now
        counts = request.counts = self.seen.setdefault(request.asked.key, [0, 0, 0, 0, 0])
        counts[0] += 1
        if wait := max(self.requests.lack(1, now), self.tokens.lack(request.asked.tokens, now)):
            return self._refuse(request, "limited", wait, "Rate limit reached, please try again later")
        self.requests.take(1)
        self.tokens.take(request.asked.tokens)
        request.number = counts[4]
        request.fault = self.profile.fault_of(request.asked.key, request.number)
        if request.fault in _UNPAID:
            counts[4] += 1
            return self._fail(request)
        if self.profile.slots and self.in_service >= self.profile.slots and request.fault != "hang":
            if self.profile.overload == "refuse":
                return self._refuse(request, "refused", 0.0, "The engine is currently overloaded")
            self._admit(counts)
            self.waiting.append(request)
            return self._peaks()
        self._admit(counts)
        return self._serve(request)

    def leave(self, request: "_Request") -> None:
        """A client hung up before its answer."""
        self.kinds["hang" if request.fault == "hang" else "abandoned"] += 1
        request.counts[3] += 1
        if request in self.serving:
            assert request.timer
            request.timer.cancel()
            self._release(request)
        elif request.fault == "hang":
            self.hanging -= 1
        else:
            self.waiting.remove(request)
            request.counts[1] -= 1  # it was never begun

    def _admit(self, counts: list[int]) -> None:
        counts[1] += 1
        counts[4] += 1

    def _serve(self, request: "_Request") -> None:
        if request.fault == "hang":
            self.hanging += 1
            return self._peaks()
        request.started = self.loop.time()
        self.in_service += 1
        self.serving.add(request)
        self._peaks()
        seconds = self.profile.latency_of(request.asked.key, request.number)
        if seconds:
            request.timer = self.loop.call_later(seconds, self._finish, request)
            return None
        return self._finish(request)

    def _finish(self, request: "_Request") -> None:
        self._release(request)
        kind = request.fault or "ok"
        self.kinds[kind] += 1
        if kind == "ok":
            request.counts[2] += 1
        self.answered = self.loop.time()
        connection = request.connection
        if kind == "reset":
            return connection.reset()
        if kind == "garbage":
            return connection.send(200, _GARBAGE[int(request.asked.key, 16) % len(_GARBAGE)])
        content = reply(request.asked)
        if kind == "schema":
            content = json.dumps(dict(list(json.loads(content).items())[:-1])) if content[0] == "{" else "{}"
        if kind == "prose":
            content = "I am sorry, but I would rather tell you about the article in my own words."
        if kind == "cut":
            content = content[: len(content) // 2]
        body = completion(request.asked, content, "length" if kind == "cut" else "stop")
        if kind == "truncated":
            return connection.send(200, body, self._told(), half=True)
        return connection.send(200, body, self._told())

    def _release(self, request: "_Request") -> None:
        self.in_service -= 1
        self.serving.discard(request)
        self.busy += self.loop.time() - request.started
        if self.waiting:
            self._serve(self.waiting.popleft())

    def _refuse(self, request: "_Request", kind: str, wait: float, message: str) -> None:
        self.kinds[kind] += 1
        self._send_429(request, wait, message)

    def _fail(self, request: "_Request") -> None:
        assert request.fault
        self.kinds[request.fault] += 1
        if request.fault == "error429":
            return self._send_429(request, 0.0, "Too many requests")
        return request.connection.send(500, _error("The server had an error", "server_error"), self._told())

    def _send_429(self, request: "_Request", wait: float, message: str) -> None:
        self.refused_in[int(request.arrived - self.first)] += 1
        head = self._told()
        if self.profile.retry_after != "none":
            asked = float(self.profile.retry_after) if self.profile.retry_after != "auto" else wait or 1.0
            head += f"retry-after: {math.ceil(asked)}\r\nretry-after-ms: {math.ceil(asked * 1000)}\r\n"
        request.connection.send(429, _error(message, "rate_limit_exceeded"), head)

    def _told(self) -> str:
        if not self.profile.headers:
            return ""
        now = self.loop.time()
        return self.requests.told("requests", now) + self.tokens.told("tokens", now)

    def _peaks(self) -> None:
        self.peak_in_flight = max(self.peak_in_flight, self.in_flight)
        self.peak_in_service = max(self.peak_in_service, self.in_service)


class _Bucket:
    """A limit a minute, refilled all the time; a limit of 0 is none."""

    def __init__(self, a_minute: float, burst: float) -> None:
        self.limit, self.rate = a_minute, a_minute / 60
        self.most = max(1.0, self.rate * burst)
        self.level, self.at = self.most, 0.0

    def lack(self, count: float, now: float) -> float:
        """Return the seconds until there is enough; what is beyond all measure has to be full."""
        if not self.limit:
            return 0.0
        self.level = min(self.most, self.level + (now - self.at) * self.rate)
        self.at = now
        return max(0.0, (min(count, self.most) - self.level) / self.rate)

    def take(self, count: float) -> None:
        self.level -= count if self.limit else 0

    def told(self, what: str, now: float) -> str:
        if not self.limit:
            return ""
        self.lack(0, now)
        full = (self.most - self.level) / self.rate
        return (
            f"x-ratelimit-limit-{what}: {self.limit:.0f}\r\n"
            f"x-ratelimit-remaining-{what}: {max(0, int(self.level))}\r\n"
            f"x-ratelimit-reset-{what}: {full * 1000:.0f}ms\r\n"
        )


@dataclass(frozen=True)
class Asked:
    """What a request asks for.

    Attributes:
        key: The article's key.
        first: Its first line.
        page: The message that holds the article.
        shape: Name of the schema asked for, ``dspy``, ``langextract``, or an empty text.
        tool: Name of the tool that is to be called, or None.
        tokens: Estimated tokens in.
        model: The model's name.
    """

    key: str
    first: str
    page: str
    shape: str
    tool: str | None
    tokens: int
    model: str


def read(body: bytes) -> Asked:
    """Read a request."""
    sent = json.loads(body)
    texts = [_text(message) for message in sent["messages"]]
    # The article stands in the second message as a rule; the instructions before it are long.
    order = [*texts[1:], texts[0]]
    marked = next(((text, match) for text in order if (match := _FENCE.search(text))), None)
    if marked:
        page = marked[0]
        rows = page.find("\nROWS")  # a later request for a long article: its first row is its first line
        first = _LISTED_ROW.search(page, rows) if rows >= 0 else _NUMBERED.search(page, marked[1].end())
    else:
        page = next((text for text in reversed(texts) if _MARKED.search(text)), texts[-1])
        found = list(_MARKED.finditer(page))
        first = found[-1] if found else None
    line = first[first.lastindex or 0] if first else next(iter(page.splitlines()), "")
    form = sent.get("response_format") or {}
    shape = str((form.get("json_schema") or {}).get("name") or "")
    tools = sent.get("tools")
    if "[[ ## completed ## ]]" in texts[0] or "[[ ## completed ## ]]" in texts[-1]:
        shape = "dspy"
    elif "extractions" in texts[-1] or "extractions" in texts[0]:
        shape = "langextract"
    return Asked(
        key=key_of(line),
        first=line,
        page=page,
        shape=shape,
        tool=tools[0]["function"]["name"] if tools else None,
        tokens=len(body) // 4,
        model=str(sent.get("model")),
    )


def reply(asked: Asked) -> str:  # noqa: PLR0911 - one for each shape
    """Return a good answer to a request: deterministic, and true of the article."""
    match asked.shape:
        case "Reply":
            return json.dumps(_whole(_numbered(asked.page)))
        case "Part":
            at = asked.page.find("\nNEW\n")
            return json.dumps(_part(_numbered(asked.page, max(0, at)), asked.page))
        case "Digest":
            return json.dumps(_digest(asked.page))
        case "Repair":
            empty = ("add_sources", "claims", "drop", "conflicts", "key", "headline", "summary")
            return json.dumps({name: [] for name in empty})
        case "Trial":
            return '{"rows": []}'
        case "dspy":
            told = _told(asked)
            claims = json.dumps(told["claims"])
            return (
                f"[[ ## summary ## ]]\n{told['summary']}\n\n[[ ## claims ## ]]\n{claims}\n\n"
                "[[ ## completed ## ]]"
            )
        case "langextract":
            rows = [
                {"claim": row["text"], "claim_attributes": {"source": row["source"]}}
                for row in _told(asked)["claims"]
            ]
            return json.dumps({"extractions": rows})
        case _:
            return json.dumps(_told(asked))


def completion(asked: Asked, content: str, finish: str = "stop") -> bytes:
    """Return the body of a chat completion that says ``content``, or calls the tool with it."""
    message: dict[str, Any] = {"role": "assistant", "content": content, "refusal": None}
    if asked.tool:
        call = {"name": asked.tool, "arguments": content}
        message |= {"content": None, "tool_calls": [{"id": "call_1", "type": "function", "function": call}]}
    out = len(content) // 4
    body = {
        "id": f"chatcmpl-{asked.key}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": asked.model,
        "choices": [
            {
                "index": 0,
                "message": message,
                "finish_reason": "tool_calls" if asked.tool and finish == "stop" else finish,
                "logprobs": None,
            }
        ],
        "usage": {
            "prompt_tokens": asked.tokens,
            "completion_tokens": out,
            "total_tokens": asked.tokens + out,
            "prompt_tokens_details": {"cached_tokens": 0},
        },
    }
    return json.dumps(body).encode()


def _numbered(page: str, start: int = 0) -> Iterator[tuple[int, str]]:
    return ((int(found[1]), found[2]) for found in _NUMBERED.finditer(page, start))


def _plain(sentences: Iterator[tuple[int, str]], most: int = _ROWS) -> list[tuple[int, str]]:
    """Choose the first sentence and those after it that nobody but the article says."""
    chosen = list(islice(sentences, 1))
    flat = (one for one in sentences if not _CUED.search(one[1]))
    return [*chosen, *islice(flat, most - 1)]


def _whole(sentences: Iterator[tuple[int, str]]) -> dict[str, Any]:
    rows = _plain(sentences)
    claims = [{"i": i, "t": text, "p": [f"@{number}"]} for i, (number, text) in enumerate(rows, 1)]
    lists: dict[str, Any] = {
        name: [] for name in ("forecasts", "opinions", "conflicts", "loaded", "furniture")
    }
    return {"sources": [], "claims": claims, **lists, **_written([text for _, text in rows])}


def _part(sentences: Iterator[tuple[int, str]], page: str) -> dict[str, Any]:
    found = _NEXT_ROW.search(page)
    start = int(found[1]) if found else 1
    rows = _plain(sentences)
    claims = [{"i": i, "t": text, "p": [f"@{number}"]} for i, (number, text) in enumerate(rows, start)]
    lists: dict[str, Any] = {name: [] for name in ("forecasts", "opinions", "loaded", "furniture")}
    return {"add_sources": [], "claims": claims, **lists}


def _digest(page: str) -> dict[str, Any]:
    listed = _LISTED_ROW.findall(page, page.rfind("\nROWS\n"))
    return {"conflicts": [], **_written([text for _, text in listed][:_ROWS])}


def _written(texts: Sequence[str]) -> dict[str, Any]:
    key = list(range(1, min(3, len(texts)) + 1))
    return {
        "key": key,
        "headline": {"t": texts[0], "c": [1]},
        "summary": [{"t": texts[i - 1], "c": [i]} for i in key],
    }


def _told(asked: Asked) -> dict[str, Any]:
    """Make the answer to a plain schema: a summary that ends with the article's key, and claims."""
    text = asked.page[asked.page.find(asked.first) :]
    sentences = (one.strip() for one in re.split(r"(?<=[.!?])\s+", text) if one.strip())
    rows = [text for _, text in _plain(enumerate(sentences, 1))]
    summary = f"{' '.join(rows[:3])} [{asked.key}]"
    return {"summary": summary, "claims": [{"text": row, "source": "the article"} for row in rows]}


def _text(message: Mapping[str, Any]) -> str:
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "\n".join(str(part.get("text") or "") for part in content)


def _error(message: str, code: str) -> bytes:
    return json.dumps({"error": {"message": message, "type": code, "code": code}}).encode()


def _uniform(words: str) -> tuple[float, float]:
    drawn = hashlib.blake2b(words.encode(), digest_size=16).digest()
    one, two = struct.unpack("QQ", drawn)
    return (one + 0.5) / 2**64, (two + 0.5) / 2**64


class _Request:
    """One request on its way through the endpoint."""

    __slots__ = ("arrived", "asked", "connection", "counts", "fault", "number", "started", "timer")

    def __init__(self, connection: "_Connection", asked: Asked) -> None:
        self.connection, self.asked = connection, asked
        self.arrived = self.started = 0.0
        self.counts: list[int] = []
        self.number = 0
        self.fault: str | None = None
        self.timer: asyncio.TimerHandle | None = None


class _Connection(asyncio.Protocol):
    """HTTP/1.1 as far as clients of chat completions speak it: one request at a time, a length each."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._held = bytearray()
        self._length: int | None = None
        self._head = b""
        self._request: _Request | None = None
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._endpoint.connections += 1

    def connection_lost(self, _: Exception | None) -> None:
        request, self._request = self._request, None
        if request is not None:
            self._endpoint.leave(request)

    def data_received(self, data: bytes) -> None:
        self._held += data
        while self._request is None and not self._transport.is_closing() and self._whole():
            pass

    def _whole(self) -> bool:
        """Take one whole request from what is held."""
        if self._length is None:
            end = self._held.find(b"\r\n\r\n")
            if end < 0:
                return False
            self._head = bytes(self._held[:end])
            del self._held[: end + 4]
            lengths = re.search(rb"(?i)\r\ncontent-length: *(\d+)", self._head)
            self._length = int(lengths[1]) if lengths else 0
            if re.search(rb"(?i)\r\nexpect: *100-continue", self._head):
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if len(self._held) < self._length:
            return False
        body = bytes(self._held[: self._length])
        del self._held[: self._length]
        self._length = None
        self._answer(body)
        return True

    def _answer(self, body: bytes) -> None:
        method, path, _ = self._head.split(b"\r\n", 1)[0].split(b" ", 2)
        if method == b"POST" and path.endswith(b"/chat/completions"):
            try:
                asked = read(body)
            except (ValueError, KeyError, LookupError, TypeError) as error:
                return self.send(400, _error(f"no request to be read: {error!r}", "invalid_request_error"))
            self._request = _Request(self, asked)
            return self._endpoint.take(self._request)
        if path.startswith(b"/stats"):
            told = self._endpoint.stats(articles=not path.endswith(b"brief"))
            return self.send(200, json.dumps(told).encode())
        if path.endswith(b"/models"):
            listed = {"object": "list", "data": [{"id": "fake", "object": "model"}]}
            return self.send(200, json.dumps(listed).encode())
        return self.send(404, _error(f"nothing at {path.decode('latin-1')}", "not_found"))

    def send(self, status: int, body: bytes, head: str = "", *, half: bool = False) -> None:
        """Send an answer; half of it, and the end of the connection, where asked."""
        self._request = None
        start = (
            f"HTTP/1.1 {status} {_REASONS.get(status, 'Error')}\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\n{head}\r\n"
        )
        self._transport.write(start.encode() + (body[: len(body) // 2] if half else body))
        if half:
            self._transport.close()

    def reset(self) -> None:
        """End the connection without a word, as a crashed endpoint does."""
        self._request = None
        held = self._transport.get_extra_info("socket")
        held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()


_GARBAGE = (b"<html><body>upstream error</body></html>", b'{"id": "chatcmpl-1", "choices": [{"ind\x00#7f3a')
_REASONS = {200: "OK", 400: "Bad Request", 404: "Not Found", 429: "Too Many Requests", 500: "Server Error"}


async def _serve(profile: Profile, port: int, *, while_stdin: bool) -> None:
    loop = asyncio.get_running_loop()
    endpoint = Endpoint(profile)
    server = await loop.create_server(lambda: _Connection(endpoint), "127.0.0.1", port, backlog=4096)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    if not while_stdin:
        await server.serve_forever()
    ended = asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), lambda: sys.stdin.buffer.read1(1) or ended.set())
    await ended.wait()
    server.close()


def _faults(words: str) -> dict[str, float]:
    shares = {}
    for part in filter(None, words.split(",")):
        kind, _, share = part.partition("=")
        if kind not in KINDS:
            raise argparse.ArgumentTypeError(f"no fault {kind!r}; known: {', '.join(KINDS)}")
        shares[kind] = float(share)
    return shares


def main() -> None:
    """Serve until stopped."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    plain = Profile()
    add = options.add_argument
    add("--port", type=int, default=0, help="0: any that is free; the base URL is printed")
    add("--latency", type=float, default=plain.latency, help="mean seconds of service, lognormal")
    add("--sigma", type=float, default=plain.sigma, help="spread of the latency")
    add("--slots", type=int, default=plain.slots, help="requests served at once; 0: any number")
    add("--overload", choices=("queue", "refuse"), default=plain.overload, help="what comes beyond them")
    add("--requests-per-minute", type=float, default=plain.requests_per_minute, help="429 beyond")
    add("--tokens-per-minute", type=float, default=plain.tokens_per_minute, help="429 beyond")
    add("--burst", type=float, default=plain.burst, help="seconds of a limit to be had at once")
    add("--no-headers", dest="headers", action="store_false", help="no x-ratelimit-* headers")
    add("--retry-after", default=plain.retry_after, help="on a 429: none, auto, or seconds")
    add("--slow-every", type=int, default=plain.slow_every, help="one request in so many is slow")
    add("--slow-factor", type=float, default=plain.slow_factor)
    add("--faults", type=_faults, default={}, help=f"kind=share,…; kinds: {', '.join(KINDS)}")
    add("--seed", type=int, default=plain.seed)
    add("--while-stdin", action="store_true", help="end with standard input")
    given = vars(options.parse_args())
    port, while_stdin = given.pop("port"), given.pop("while_stdin")
    try:
        asyncio.run(_serve(Profile(**given), port, while_stdin=while_stdin))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
