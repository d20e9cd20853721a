"""Ctrl-C and SIGTERM: the first ends the taking, the second everything."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_FIRST = b"summarizer: interrupted: finishing what is in hand; a second time ends it at once.\n"


class Interruption:
    """What a run does about signals.

    Attributes:
        asked: Whether it is to end.
    """

    def __init__(self) -> None:
        self.asked = False
        self._stop: Callable[[], object] = lambda: None

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """Heed SIGINT and SIGTERM while the block runs; the second raises KeyboardInterrupt, anywhere."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        # One that is ignored stays so: whoever started us in the background wants it.
        heeded = [s for s in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(s) != signal.SIG_IGN]
        before = {each: signal.signal(each, self._come) for each in heeded}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def stops(self, stop: Callable[[], None]) -> None:
        """Have the first signal call this in the running event loop."""
        loop = asyncio.get_running_loop()
        self._stop = lambda: loop.call_soon_threadsafe(stop)
        if self.asked:
            stop()

    def _come(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        # Not through sys.stderr: the signal may have come in the middle of a write to it.
        os.write(2, b"\n" * os.isatty(2) + _FIRST)
        try:
            self._stop()
        except RuntimeError:  # the loop has ended meanwhile
            return
