"""Outcomes in the order of their inputs, however long one of them takes: those that wait, wait on disk."""

import json
from collections.abc import Callable
from tempfile import SpooledTemporaryFile

from summarizer.domain.report import Failure, Outcome, Report

_IN_MEMORY = 4_000_000


class InOrder:
    """Gives outcomes on in the order of the inputs.

    Args:
        give: Takes them.
    """

    def __init__(self, give: Callable[[Outcome], None]) -> None:
        self._give, self._following = give, 0
        self._places: dict[int, tuple[int, int]] = {}
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - open as long as we are; see close

    def take(self, index: int, outcome: Outcome) -> None:
        """Take the outcome of the input with this index, and give on what now is in order."""
        if index != self._following:
            self._put(index, outcome)
            return
        self._give(outcome)
        self._following += 1
        while self._following in self._places:
            self._give(self._pop(self._following))
            self._following += 1
        if not self._places:
            self._file.seek(0)
            self._file.truncate()

    def close(self) -> None:
        """Give on what waits for an input that has no outcome: an interrupted run's, or a limited one's."""
        for index in sorted(self._places):
            self._give(self._pop(index))
        self._file.close()

    def _put(self, index: int, outcome: Outcome) -> None:
        start = self._file.seek(0, 2)
        self._places[index] = start, self._file.write(outcome.to_json().encode())

    def _pop(self, index: int) -> Outcome:
        start, size = self._places.pop(index)
        self._file.seek(start)
        data = json.loads(self._file.read(size))
        return Failure.model_validate(data) if "error" in data else Report.from_dict(data)
