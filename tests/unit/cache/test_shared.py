"""A server behind the cache: what it may do to a run, and what nobody may learn from it."""

import asyncio
import json
import logging
import pickle
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from summarizer.cache import AnswerCache, Contents, shared
from summarizer.cache.shared import LONGEST, PREFIX, SharedStore, clear_at, contents_at, shown
from summarizer.domain.answers import Answer
from summarizer.errors import SettingsError
from tests import redis_server
from tests.redis_server import Server

PASSWORD = "pa/ss:w@rd-that-nobody-sees"
QUOTED = "pa%2Fss%3Aw%40rd-that-nobody-sees"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of our own."""
    with redis_server.serving(tmp_path) as running:
        yield running


def answered(cache: AnswerCache, number: int = 1, model: str = "m") -> Answer:
    """Ask a question, which is answered with a number where it has to be asked."""

    async def ask() -> Answer:
        return {"n": number}

    async def asked() -> Answer:
        async with cache.question() as question:
            made = await question.answer({"model": model}, ask, patience=1.0)
        await cache.aclose()
        return made

    return asyncio.run(asked())


@pytest.mark.parametrize(
    "planted",
    [
        b"",
        b"\x80\x04\x95",
        pickle.dumps({"n": 1}),
        b'{"sha256": "0", "answer": {"n": 2}}',
        b'{"answer": {"n": 2}}',
        b"[" * 100_000,
        b"null",
        b'"' + b"x" * LONGEST + b'"',
        ["a", "list"],
    ],
    ids=["empty", "bytes", "pickle", "checksum", "bare", "nested", "null", "long", "list"],
)
def test_what_was_planted_is_refused_counted_and_replaced(server: Server, planted: Any) -> None:
    """Whatever stands under a key that is not what we put there is asked for anew."""
    assert answered(AnswerCache(SharedStore(server.url)))["n"] == 1
    client = server.client()
    (key,) = client.keys(f"{PREFIX}answer:*")
    client.delete(key)
    if isinstance(planted, list):
        client.rpush(key, *planted)
    else:
        client.set(key, planted)
    cache = AnswerCache(SharedStore(server.url))
    assert answered(cache, 3)["n"] == 3
    assert cache.counts.faults >= (planted != b"")
    again = AnswerCache(SharedStore(server.url))
    assert (answered(again, 4)["n"], again.counts.hits, again.counts.faults) == (3, 1, 0)


def test_an_answer_of_another_key_is_none(server: Server) -> None:
    """A good value that somebody copied under another question's key is refused."""
    cache = AnswerCache(SharedStore(server.url))
    answered(cache, 1, "a")
    answered(cache, 2, "b")
    client = server.client()
    first, second = sorted(client.keys(f"{PREFIX}answer:*"))
    client.set(first, client.get(second))
    store = SharedStore(server.url)
    assert store.get(first.decode().removeprefix(f"{PREFIX}answer:")) is None
    assert store.faults == 1


def test_a_server_that_goes_away_is_told_once_and_left_alone(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """Questions are answered without it, one access fails and none after it; later it is used again."""
    store = SharedStore(server.url)
    cache = AnswerCache(store)
    answered(cache)
    server.stop()
    with caplog.at_level(logging.WARNING, "summarizer"):
        assert [answered(cache, n, f"m{n}")["n"] for n in range(5)] == list(range(5))
    assert len(caplog.records) == 1
    assert "the run goes on" in caplog.text
    assert cache.counts.faults == 1
    server.start()
    store._back = 0.0  # a minute later
    assert [answered(cache, n, "back")["n"] for n in (7, 8)] == [7, 7]


def test_a_server_that_hangs_costs_one_wait(
    server: Server, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that takes connections and answers none is waited for once."""
    monkeypatch.setattr(shared, "PATIENCE", 0.1)
    cache = AnswerCache(SharedStore(server.url))
    server.freeze(signal.SIGSTOP)
    try:
        assert [answered(cache, n, f"m{n}")["n"] for n in range(3)] == [0, 1, 2]
    finally:
        server.freeze(signal.SIGCONT)
    assert (len(caplog.records), cache.counts.faults) == (1, 1)


def test_a_server_that_is_full_is_read_and_written_no_more(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """What it has is used; what it refuses costs nothing but its absence."""
    cache = AnswerCache(SharedStore(server.url))
    answered(cache, 1, "kept")
    client = server.client()
    client.config_set("maxmemory", 1)
    assert [answered(cache, n, "new")["n"] for n in (2, 3)] == [2, 3]
    assert answered(cache, 4, "kept")["n"] == 1
    assert len(caplog.records) == 1


def test_answers_are_kept_for_so_many_days(server: Server) -> None:
    """Thirty where nothing else is said; leases for seconds, and given up at the end."""
    store = SharedStore(server.url)
    store.put("a", {"n": 1})
    SharedStore(server.url, days=2).put("b", {"n": 1})
    assert store.lease("c", "me")
    client = server.client()
    lasts = {key.decode().removeprefix(PREFIX): client.ttl(key) for key in client.keys("*")}
    assert 29 * 86_400 < lasts["answer:a"] <= 30 * 86_400
    assert 1 * 86_400 < lasts["answer:b"] <= 2 * 86_400
    assert 0 < lasts["lease:c"] <= 30
    store.release("c", "another")
    assert not store.lease("c", "another")
    store.release("c", "me")
    assert store.lease("c", "another")


def test_contents_and_clear_keep_to_what_is_ours(server: Server) -> None:
    """Keys of others, and leases, are neither counted nor removed."""
    client = server.client()
    client.set("theirs", "x")
    store = SharedStore(server.url)
    for n in range(1200):
        store.put(f"k{n}", {"text": "x" * 100})
    store.lease("k", "me")
    held = contents_at(server.url)
    assert held.entries == 1200
    assert held.bytes > 120_000
    assert clear_at(server.url) == 1200
    assert contents_at(server.url) == Contents(0, 0)
    assert sorted(client.keys()) == [f"{PREFIX}lease:k".encode(), b"theirs"]


def test_nothing_secret_stands_on_the_server(server: Server) -> None:
    """Keys are digests, values the answer and its checksum."""
    answered(AnswerCache(SharedStore(server.url)), 1, "words of the request")
    client = server.client()
    (key,) = client.keys()
    assert len(key.decode().removeprefix(f"{PREFIX}answer:")) == 64
    assert set(json.loads(client.get(key))) == {"sha256", "answer"}
    assert b"words" not in key + client.get(key)


def test_a_password_opens_the_server_and_is_never_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Special characters are quoted in the URL; a wrong password is a fault like another."""
    with redis_server.serving(tmp_path, password=PASSWORD) as server:
        good = f"redis://:{QUOTED}@127.0.0.1:{server.port}/0"
        cache = AnswerCache(SharedStore(good))
        assert [answered(cache, n)["n"] for n in (1, 2)] == [1, 1]
        wrong = good.replace("nobody", "somebody")
        assert answered(AnswerCache(SharedStore(wrong)), 3)["n"] == 3
        with pytest.raises(ConnectionError) as refused:
            contents_at(wrong)
    said = f"{caplog.text} {refused.value} {refused.value!r} {shown(good)} {cache.counts}"
    assert "pa/ss" not in said
    assert "pa%2F" not in said
    assert "somebody" not in said
    assert shown(good) == f"redis://127.0.0.1:{server.port}/0"


@pytest.mark.parametrize(
    "url",
    [
        "redis://:se/cret@host:1/0",
        "redis://:secret@host:port/0",
        "redis://:secret@",
        "redis://user:secret@host/zero",
        "redis:secret",
        "http://:secret@host",
        "secret://host",
        "redis://host/0#secret",
        "unix://",
        "redis://host:99999999/secret",
    ],
)
def test_what_is_no_url_is_told_without_its_words(url: str) -> None:
    """A typing error in an URL does not show its password."""
    redis_server.needed()
    with pytest.raises(SettingsError) as refused:
        SharedStore(url)
    assert "secret" not in f"{refused.value} {refused.value!r}"
    assert "cret" not in str(refused.value)


def test_options_of_an_url_are_few() -> None:
    """A password, or something that undoes our limits, is not taken from there."""
    redis_server.needed()
    with pytest.raises(SettingsError, match="no option 'socket_timeout'"):
        SharedStore("redis://host?socket_timeout=9")
    with pytest.raises(SettingsError) as refused:
        SharedStore("redis://host?password=secret")
    assert "secret" not in str(refused.value)
    SharedStore("rediss://host?ssl_ca_certs=/ca.pem")
    SharedStore("valkey://host")
    SharedStore("unix:///run/server.sock?db=1")
