"""Doubles for tests, yours and ours: a backend that plays prepared drafts and keeps the requests."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from summarizer.domain.backend import Drafted
from summarizer.domain.draft import Draft, DraftRequest
from summarizer.domain.report import Tokens


class ScriptedBackend:
    """Plays a list of drafts, or raises the errors among them, one a request.

    Args:
        script: What to give for each request in turn; the last stays for all that follow.

    Attributes:
        requests: Every request seen, in order.
    """

    name = "scripted"
    model: str | None = None
    prompt: str | None = None
    identity: Mapping[str, str] = MappingProxyType({})

    def __init__(self, script: Iterable[Draft | Exception]) -> None:
        self._script = list(script)
        self.requests: list[DraftRequest] = []

    async def draft(self, request: DraftRequest) -> Drafted:
        """Give what the script holds for this request."""
        self.requests.append(request)
        played = self._script[min(len(self.requests), len(self._script)) - 1]
        if isinstance(played, Exception):
            raise played
        return Drafted(played, tokens=Tokens(), exchanges=1)

    async def aclose(self) -> None:
        """Do nothing: there is nothing to close."""
