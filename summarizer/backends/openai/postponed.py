"""What is not at hand: no fault of anybody's, and so nothing to be logged, counted or tried again."""

import hashlib
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from summarizer.errors import BackendError


class Postponed(BackendError):
    """The answer is not at hand.

    Attributes:
        body: The request, as it would be sent.
        digest: Its name.
        is_repair: Whether it is for the repair of a draft.
    """

    body: Mapping[str, Any] = MappingProxyType({})
    digest = ""
    is_repair = False

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Postponed":
        """Return the error for a request."""
        error = cls("the answer is not at hand.")
        error.body, error.digest = body, digest_of(body)
        return error


def digest_of(body: Mapping[str, Any]) -> str:
    """Name a request: 32 hex digits over all of it. The same request is the same name, whoever's it is."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:32]


class PassingBy(BaseException):
    """Carries a :class:`Postponed` past whoever catches, logs or wraps every Exception."""

    def __init__(self, postponed: Postponed) -> None:
        super().__init__()
        self.postponed = postponed
