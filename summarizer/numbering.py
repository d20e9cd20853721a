"""Strings numbered in the order in which they come: a hundred thousand take two megabytes."""

import hashlib
import os
from array import array

_FREE = -1


class Numbering:
    """A table of strings that keeps their digests only: 64 bits, keyed, so that nobody can make two alike."""

    def __init__(self) -> None:
        self._key = os.urandom(16)
        self._digests = array("Q")
        self._slots = array("i", [_FREE]) * 1024

    def __len__(self) -> int:
        return len(self._digests)

    def find(self, text: str) -> int | None:
        """Return a string's number, or None where it has none."""
        number = self._slots[self._slot(self._digest(text))]
        return None if number == _FREE else number

    def number(self, text: str) -> int:
        """Return a string's number, from 0; one that has none is given the next."""
        digest = self._digest(text)
        slot = self._slot(digest)
        if self._slots[slot] == _FREE:
            self._slots[slot] = len(self._digests)
            self._digests.append(digest)
            if 2 * len(self._digests) > len(self._slots):
                self._grow()
            return len(self._digests) - 1
        return self._slots[slot]

    def _digest(self, text: str) -> int:
        data = text.encode("utf-8", "surrogatepass")
        return int.from_bytes(hashlib.blake2b(data, digest_size=8, key=self._key).digest(), "big")

    def _slot(self, digest: int) -> int:
        """Return where a digest stands, or where it would."""
        last = len(self._slots) - 1
        slot = digest & last
        while (held := self._slots[slot]) != _FREE and self._digests[held] != digest:
            slot = (slot + 1) & last
        return slot

    def _grow(self) -> None:
        self._slots = array("i", [_FREE]) * (2 * len(self._slots))
        for number, digest in enumerate(self._digests):
            self._slots[self._slot(digest)] = number
