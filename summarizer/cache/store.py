"""The database behind the cache: whatever it does, its reader gets an answer or nothing.

Used from one thread at a time. The first opening that fails ends its use, the first write that fails ends
writing: a full, locked or broken disk costs a run one wait, not one an article.
"""

import logging
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from summarizer.cache.folder import prepared
from summarizer.cache.sealing import opened, sealed
from summarizer.domain.answers import Answer
from summarizer.text.folding import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from summarizer.cache.disk import SafeCache

_T = TypeVar("_T")

log = logging.getLogger(__name__)

LEASE = 30.0
"""Seconds after which a lease that nobody renews is void."""


class Keeping(Protocol):
    """Answers by key, and leases: who is asking for an answer that is not there yet. Nothing here raises.

    Attributes:
        threads: How many threads may use it at once.
        faults: Accesses that failed, each of them a miss.
    """

    @property
    def threads(self) -> int:
        """How many threads may use it at once."""
        ...

    @property
    def faults(self) -> int:
        """Accesses that failed so far, each of them a miss."""
        ...

    def get(self, key: str) -> Answer | None:
        """Return the answer kept under a key, or None."""
        ...

    def put(self, key: str, answer: Answer) -> None:
        """Keep an answer."""
        ...

    def drop(self, key: str) -> None:
        """Forget an answer."""
        ...

    def lease(self, key: str, owner: str) -> bool:
        """Take on the asking; False while another does. Where nothing can be written, everybody asks."""
        ...

    def renew(self, key: str, owner: str) -> None:
        """Give a lease its full time again, if it is still the owner's."""
        ...

    def release(self, key: str, owner: str) -> None:
        """Give a lease up, if it is still the owner's."""
        ...

    def close(self) -> None:
        """Free what is held; it is opened again when needed."""
        ...


class Store:
    """Answers and leases in a database on disk; see :class:`Keeping`.

    Args:
        folder: Where.
        limit: Bytes at about which the oldest answers make room.
        seconds: Age at which an answer is forgotten; None for no limit.
    """

    threads = 1
    """One thread owns the database: a slow or locked disk never holds the event loop up."""

    def __init__(self, folder: Path, limit: int, seconds: float | None = None) -> None:
        self._folder, self._limit, self._seconds = folder, limit, seconds
        self._cache: SafeCache | None = None
        self._usable = self._writable = True
        self.faults = 0

    def get(self, key: str) -> Answer | None:
        """Return the answer kept under a key, or None."""
        return self._read(lambda cache: opened(key, cache.get(key)))

    def put(self, key: str, answer: Answer) -> None:
        """Keep an answer."""
        self._write(lambda cache: cache.set(key, sealed(key, answer), expire=self._seconds))

    def drop(self, key: str) -> None:
        """Forget an answer."""
        self._write(lambda cache: cache.delete(key))

    def lease(self, key: str, owner: str) -> bool:
        """Take on the asking; False while another does. Where nothing can be written, everybody asks."""
        name, faults = _lease(key), self.faults
        if (holder := self._read(lambda cache: cache.get(name))) is not None:
            if not _is_orphan(holder):
                return False
            self.release(key, holder.split()[0])
        if self.faults > faults:  # a lease that cannot be read is not waited for
            return True
        return self._write(lambda cache: bool(cache.add(name, _signed(owner), expire=LEASE))) is not False

    def renew(self, key: str, owner: str) -> None:
        """Give a lease its full time again, if it is still the owner's."""

        def renewed(cache: "SafeCache") -> None:
            with cache.transact():
                if _is_of(owner, cache.get(_lease(key))):
                    cache.touch(_lease(key), expire=LEASE)

        self._write(renewed)

    def release(self, key: str, owner: str) -> None:
        """Give a lease up, if it is still the owner's."""

        def released(cache: "SafeCache") -> None:
            with cache.transact():
                if _is_of(owner, cache.get(_lease(key))):
                    cache.delete(_lease(key))

        self._write(released)

    def close(self) -> None:
        """Close the database."""
        if self._cache is not None:
            self._read(lambda cache: cache.close())
            self._cache = None

    def _read(self, act: "Callable[[SafeCache], _T]") -> _T | None:
        """Do something with the database; None where it fails."""
        if not self._usable:
            return None
        try:
            return act(self._open())
        # Not only sqlite3.Error and OSError: a database is input, and one that somebody tampered with
        # makes diskcache raise KeyError, TypeError and what not.
        except Exception as fault:  # noqa: BLE001 - see above
            self._fault(fault)
            return None

    def _write(self, act: "Callable[[SafeCache], _T]") -> _T | None:
        """As :meth:`_read`; the first failure that is not about one entry ends writing."""

        def written(cache: "SafeCache") -> _T:
            try:
                return act(cache)
            except ValueError:
                raise
            except Exception:
                self._writable = False
                raise

        return self._read(written) if self._writable else None

    def _open(self) -> "SafeCache":
        if self._cache is None:
            from summarizer.cache.disk import SafeCache

            self._usable = False
            self._cache = SafeCache(prepared(self._folder), self._limit)
            self._usable = True
        return self._cache

    def _fault(self, fault: Exception) -> None:
        self.faults += 1
        if self.faults > 1:
            log.debug("cache fault %d: %s", self.faults, type(fault).__name__)
            return
        log.warning(
            "cache %s: %s: %s; the run goes on. If it stays so, `summarizer cache clear` starts afresh.",
            printable(str(self._folder)),
            type(fault).__name__,
            printable(str(fault))[:200] or "no access",
        )


def _signed(owner: str) -> str:
    """Add to an owner's name its machine and process, by which others see that it has died."""
    return f"{owner} {socket.gethostname()} {os.getpid()}"


def _is_of(owner: str, holder: object) -> bool:
    return isinstance(holder, str) and holder.partition(" ")[0] == owner


def _is_orphan(holder: object) -> bool:
    """Tell whether the process behind a lease is one of this machine that is no more: nobody waits for it."""
    match holder.split() if isinstance(holder, str) and os.name == "posix" else ():
        case [_, host, number] if host == socket.gethostname() and number.isdecimal():
            try:
                os.kill(int(number), 0)
            except ProcessLookupError:
                return True
            except (OSError, OverflowError):
                return False
    return False


def _lease(key: str) -> str:
    return f"lease:{key}"
