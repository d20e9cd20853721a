"""A server behind the cache, for many machines: Redis, Valkey, or whatever speaks their protocol.

What is there is input, as a database on disk is: answers are text with a checksum, of limited length, and
no pickle is read or written. Keys are digests. A server that goes away is left alone for a while: runs go
on without it. redis-py is imported when the first store is made, never before.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from summarizer.cache import store
from summarizer.cache.folder import Contents
from summarizer.cache.sealing import opened, sealed
from summarizer.domain.answers import Answer
from summarizer.errors import SettingsError
from summarizer.text.folding import printable

_T = TypeVar("_T")

log = logging.getLogger(__name__)

PREFIX: Final = "grounded-summarizer:"
"""Of every key: nothing else on the server is read, counted or removed."""
DAYS: Final = 30.0
"""Days that an answer is kept where nothing else is said."""
PATIENCE: Final = 3.0
"""Seconds to wait for a connection, and for a reply."""
REST: Final = 60.0
"""Seconds for which a server that failed is let be."""
LONGEST: Final = 16 * 2**20
"""Bytes at most of an answer."""
_PAGE: Final = 500
_SCHEMES: Final = {
    "redis": "redis",
    "rediss": "rediss",
    "valkey": "redis",
    "valkeys": "rediss",
    "unix": "unix",
}
_OPTIONS: Final = (
    "db",
    "ssl_ca_certs",
    "ssl_cert_reqs",
    "ssl_certfile",
    "ssl_check_hostname",
    "ssl_keyfile",
)
_IF_MINE: Final = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call({}) end return 0"
_RENEW: Final = _IF_MINE.format("'pexpire', KEYS[1], ARGV[2]")
_RELEASE: Final = _IF_MINE.format("'del', KEYS[1]")


class SharedStore:
    """Answers and leases on a server; see ``store.Keeping``.

    Args:
        url: ``redis://[[USER]:PASSWORD@]HOST[:PORT][/DB]``, ``rediss://`` with TLS, ``unix://PATH``; or the
            same with ``valkey``.
        days: Age at which an answer is forgotten; ``DAYS`` where None. Its size is the server's to limit.

    Raises:
        SettingsError: The URL is none, or redis-py is not installed.
    """

    threads = 8

    def __init__(self, url: str, days: float | None = None) -> None:
        self._where = shown(url)
        self._client = _client(url)
        self._milliseconds = max(1, round((days or DAYS) * 86_400_000))
        self._back = self._writable = 0.0  # when the server is tried again
        self._counting = threading.Lock()
        self.faults = 0

    def get(self, key: str) -> Answer | None:
        """Return the answer kept under a key, or None."""
        return self._do(lambda: _read(key, self._client.getrange(_answer(key), 0, LONGEST)))

    def put(self, key: str, answer: Answer) -> None:
        """Keep an answer."""
        text = sealed(key, answer).encode()
        if len(text) <= LONGEST:
            self._write(lambda: self._client.set(_answer(key), text, px=self._milliseconds))

    def drop(self, key: str) -> None:
        """Forget an answer."""
        self._write(lambda: self._client.delete(_answer(key)))

    def lease(self, key: str, owner: str) -> bool:
        """Take on the asking; False while another does. Where nothing can be written, everybody asks."""

        def leased() -> bool:
            taken = self._client.set(_lease(key), owner, nx=True, px=_lasts())
            # A reply that was lost had the command sent twice.
            return bool(taken) or self._client.get(_lease(key)) == owner.encode()

        return self._write(leased) is not False

    def renew(self, key: str, owner: str) -> None:
        """Give a lease its full time again, if it is still the owner's."""
        self._write(lambda: self._client.eval(_RENEW, 1, _lease(key), owner, _lasts()))

    def release(self, key: str, owner: str) -> None:
        """Give a lease up, if it is still the owner's."""
        self._write(lambda: self._client.eval(_RELEASE, 1, _lease(key), owner))

    def close(self) -> None:
        """Close the connections that are idle."""
        self._do(self._client.close)

    def _do(self, act: Callable[[], _T]) -> _T | None:
        """Do something with the server; None where it fails, or failed a short while ago."""
        import redis

        if time.monotonic() < self._back:
            return None
        try:
            return act()
        except (redis.ConnectionError, redis.TimeoutError, OSError) as fault:
            self._back = time.monotonic() + REST
            self._fault(fault)
        except Exception as fault:  # noqa: BLE001 - what stands there may be anything, and a run goes on
            self._fault(fault)
        return None

    def _write(self, act: Callable[[], _T]) -> _T | None:
        """As :meth:`_do`; where the server takes nothing, being full, nothing is written for a while."""
        import redis

        def written() -> _T:
            try:
                return act()
            except redis.ResponseError as fault:
                if "WRONGTYPE" not in str(fault):  # about one entry, not about all
                    self._writable = time.monotonic() + REST
                raise

        return None if time.monotonic() < self._writable else self._do(written)

    def _fault(self, fault: Exception) -> None:
        with self._counting:
            self.faults += 1
            first = self.faults == 1
        say = log.warning if first else log.debug
        say(
            "cache %s: %s: %s; the run goes on without what fails. It is tried again now and then.",
            self._where,
            type(fault).__name__,
            _told(fault),
        )


def shown(url: str) -> str:
    """Return an URL as it may be seen: without user, password and options."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "(no URL)"
    where = f"[{host}]" if ":" in host else host
    return printable(f"{parts.scheme}://{where}{port}{parts.path}")


def contents_at(url: str) -> Contents:
    """Count answers, and the bytes of their text, on a server.

    Raises:
        SettingsError: The URL is none, or redis-py is not installed.
        ConnectionError: The server cannot be read; says why.
    """
    entries = size = 0
    with _asking(url) as client:
        for page in _pages(client):
            pipe = client.pipeline(transaction=False)
            for key in page:
                pipe.strlen(key)
            lengths = [one for one in pipe.execute(raise_on_error=False) if isinstance(one, int)]
            entries, size = entries + len(page), size + sum(lengths)
    return Contents(entries, size)


def clear_at(url: str) -> int:
    """Remove our answers from a server, nothing else, and return how many; leases end by themselves.

    Raises:
        SettingsError: The URL is none, or redis-py is not installed.
        ConnectionError: The server cannot be written; says why.
    """
    with _asking(url) as client:
        return sum(int(client.delete(*page)) for page in _pages(client))


class _asking:  # noqa: N801 - used as a function
    """Give a client while the block runs; what the library raises comes out as ConnectionError."""

    def __init__(self, url: str) -> None:
        self._client = _client(url)

    def __enter__(self) -> Any:
        return self._client

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        import redis

        self._client.close()
        if isinstance(error, redis.RedisError):
            raise ConnectionError(f"{type(error).__name__}: {_told(error)}") from None


def _pages(client: Any) -> Iterator[list[bytes]]:
    """Yield the keys of our answers, some at a time; each once."""
    seen: set[bytes] = set()
    page: list[bytes] = []
    for key in client.scan_iter(f"{PREFIX}answer:*", count=_PAGE):
        if key in seen:
            continue
        seen.add(key)
        page.append(key)
        if len(page) == _PAGE:
            yield page
            page = []
    if page:
        yield page


def _client(url: str) -> Any:
    """Make a client; nothing is connected yet.

    Raises:
        SettingsError: The URL is none, or redis-py is not installed.
    """
    given = _parts(url)
    try:
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry
    except ImportError:
        raise SettingsError(
            "a shared cache is spoken to with redis-py, which is not installed.",
            where=f"cache {shown(url)}",
            mend="pip install 'grounded-summarizer[redis]'.",
        ) from None
    options: dict[str, Any] = {
        "socket_timeout": PATIENCE,
        "socket_connect_timeout": PATIENCE,
        "protocol": 2,
        # A connection that was idle may have been closed by the server: once more, and no waiting.
        "retry": Retry(NoBackoff(), 1),
    }
    try:
        return redis.Redis(connection_pool=redis.ConnectionPool.from_url(given, **options))
    except (ValueError, TypeError, redis.RedisError):
        raise _no_url(url) from None


def _parts(url: str) -> str:
    """Check an URL and return it as redis-py reads it; nothing of it is in an error but what may be seen."""
    try:
        parts = urlsplit(url)
        _ = parts.port
        options = parse_qsl(parts.query, strict_parsing=bool(parts.query))
    except ValueError:
        raise _no_url(url) from None
    database = unquote(parts.path).strip("/")
    local = parts.scheme == "unix"
    if parts.scheme not in _SCHEMES or not (parts.path if local else parts.hostname) or parts.fragment:
        raise _no_url(url)
    if not local and database and not (database.isascii() and database.isdigit()):
        raise _no_url(url)
    for name, _value in options:
        if name not in _OPTIONS:
            raise SettingsError(
                f"no option {printable(name)[:40]!r} of a cache's URL.",
                where=f"cache {shown(url)}",
                mend=f"Known: {', '.join(_OPTIONS)}.",
            )
    return f"{_SCHEMES[parts.scheme]}{url[len(parts.scheme) :]}"


def _no_url(url: str) -> SettingsError:
    # A password with a slash in it makes a part of it look like the host: nothing of the URL is told.
    scheme = url.partition("://")[0] if "://" in url else ""
    return SettingsError(
        "this is no URL of a cache.",
        where=f"cache {scheme}://…" if scheme in _SCHEMES else "cache",
        mend="Write redis://:PASSWORD@HOST:PORT/0, special characters of the password as %XX.",
    )


def _told(fault: BaseException) -> str:
    return printable(" ".join(str(fault).split()))[:200] or "no access"


def _read(key: str, text: bytes) -> Answer | None:
    if len(text) > LONGEST:
        raise ValueError("an entry is too long to be one of ours")
    return opened(key, text.decode() or None)


def _answer(key: str) -> str:
    return f"{PREFIX}answer:{key}"


def _lease(key: str) -> str:
    return f"{PREFIX}lease:{key}"


def _lasts() -> int:
    return max(1, round(store.LEASE * 1000))
