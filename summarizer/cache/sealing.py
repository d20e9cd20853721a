"""Answers as text that says what it should be: what was damaged or planted on the way is seen."""

import hashlib
import json

from summarizer.domain.answers import Answer


def sealed(key: str, answer: Answer) -> str:
    """Return JSON text with a checksum over key and answer: a damaged value may well be JSON."""
    return json.dumps({"sha256": _checksum(key, answer), "answer": answer}, separators=(",", ":"))


def opened(key: str, text: str | None) -> Answer | None:
    """Return the answer in a text; None for None.

    Raises:
        Exception: It is not what was kept under this key; of any kind, since it may hold anything.
    """
    if text is None:
        return None
    envelope = json.loads(text)
    answer: Answer = envelope["answer"]
    if not isinstance(answer, dict) or envelope["sha256"] != _checksum(key, answer):
        raise ValueError("an entry is damaged")
    return answer


def _checksum(key: str, answer: Answer) -> str:
    whole = json.dumps([key, answer], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()
