"""Settings: one frozen value, made at the doors and read in the wiring; inner code takes plain arguments."""

import os
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any, Self

from pydantic import Field, SecretStr, ValidationError, model_validator

from summarizer.domain.base import Value
from summarizer.errors import SettingsError
from summarizer.text.sections import SECTION_TOKENS

OFFLINE = "offline"


class Settings(Value):
    """How summaries are made.

    Attributes:
        model: ``offline``, or the name of a model at an OpenAI-compatible endpoint; ``openai/`` in front is
            allowed.
        base_url: The endpoint; the provider's own where None.
        api_key: Its key; never part of a fingerprint, a log or a report.
        temperature: Sent only where given: some models refuse it.
        max_output_tokens: Limit on one answer; the endpoint's own where None.
        timeout: Seconds one request may take.
        deadline: Seconds one article may take in all, second attempts included, but not the seconds in which
            it waits for its turn at the endpoint.
        requests_per_minute: Requests a minute at most; where None, what the endpoint is found to take.
        tokens_per_minute: Tokens a minute at most, in and out; likewise.
        transport_attempts: Requests at most where the wire fails (429, 5xx, broken connections).
        shape_attempts: Answers at most where they are not to the schema.
        attempts: Drafts at most where checks find errors.
        section_tokens: Estimated tokens of article (four characters each) up to which one goes to a model in
            one request; a longer one goes section by section.
        max_characters: Longest article accepted.
        cache: Whether answers of a model are kept and used again; a path or an URL means yes, and there.
        cache_folder: Where on disk; the user's cache folder where None.
        cache_url: Where on a server, in place of a folder: ``redis://[[USER]:PASSWORD@]HOST[:PORT][/DB]``,
            ``rediss://`` with TLS; as secret as a key.
        cache_limit: Bytes at about which the oldest answers in a folder make room.
        cache_days: Age at which an answer is forgotten; where None, 30 on a server, no limit in a folder.
        prices: TOML file of prices, before those of genai-prices; see ``summarizer.prices``.
    """

    model: str = Field(default=OFFLINE, min_length=1)
    base_url: str | None = Field(default=None, pattern=r"^https?://[^\s/]+")
    api_key: SecretStr | None = None
    temperature: float | None = Field(default=None, ge=0, le=2)
    max_output_tokens: int | None = Field(default=None, ge=1)
    timeout: float = Field(default=120.0, gt=0)
    deadline: float = Field(default=900.0, gt=0)
    requests_per_minute: float | None = Field(default=None, gt=0)
    tokens_per_minute: float | None = Field(default=None, gt=0)
    transport_attempts: int = Field(default=5, ge=1, le=20)
    shape_attempts: int = Field(default=2, ge=1, le=5)
    attempts: int = Field(default=2, ge=1, le=5)
    section_tokens: int = Field(default=SECTION_TOKENS, ge=200)
    max_characters: int = Field(default=1_000_000, ge=1)
    cache: bool = False
    cache_folder: Path | None = None
    cache_url: SecretStr | None = None
    cache_limit: int = Field(default=10**9, ge=1)
    cache_days: float | None = Field(default=None, gt=0, le=36_500)
    prices: Path | None = None

    @model_validator(mode="before")
    @classmethod
    def _cache_place(cls, given: Any) -> Any:
        """Read a path or an URL given as ``cache`` as where to keep answers; ``off`` as nowhere."""
        if not isinstance(given, Mapping):
            return given
        read = dict(given)
        if isinstance(read.get("cache"), str | PathLike):
            read |= {"cache": True, "cache_folder": read["cache"], "cache_url": None}
        place = read.get("cache_folder")
        if isinstance(place, str) and place.strip().lower() == "off":
            read |= {"cache": False, "cache_folder": None}
        elif isinstance(place, str) and _is_url(place):
            read |= {"cache_folder": None, "cache_url": place}
        return read

    @classmethod
    def make(cls, environment: Mapping[str, str] | None = None, **given: Any) -> Self:
        """Combine what is given (None means not given) with the environment's.

        Reads ``SUMMARIZER_MODEL``, ``SUMMARIZER_TIMEOUT``, ``SUMMARIZER_DEADLINE``,
        ``SUMMARIZER_REQUESTS_PER_MINUTE``, ``SUMMARIZER_TOKENS_PER_MINUTE``, ``SUMMARIZER_CACHE`` (a folder,
        an URL, or ``off``), ``SUMMARIZER_CACHE_DAYS``, ``SUMMARIZER_PRICES``, ``OPENAI_BASE_URL`` and
        ``OPENAI_API_KEY``.

        Raises:
            SettingsError: A value makes no sense; names it.
        """
        environment = os.environ if environment is None else environment
        read: dict[str, Any] = {
            field: environment[name] for name, field in _VARIABLES.items() if environment.get(name)
        }
        read |= {name: value for name, value in given.items() if value is not None}
        try:
            return cls.model_validate(read)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            name = ".".join(map(str, first["loc"]))
            raise SettingsError(first["msg"] + ".", where=f"setting {name!r}") from None


def _is_url(place: str) -> bool:
    """Tell an URL from a path; a mistyped one, too, lest a password become a folder's name."""
    return "://" in place or place.startswith(("redis:", "rediss:", "valkey:", "valkeys:"))


_VARIABLES = {
    "SUMMARIZER_MODEL": "model",
    "SUMMARIZER_TIMEOUT": "timeout",
    "SUMMARIZER_DEADLINE": "deadline",
    "SUMMARIZER_REQUESTS_PER_MINUTE": "requests_per_minute",
    "SUMMARIZER_TOKENS_PER_MINUTE": "tokens_per_minute",
    "SUMMARIZER_CACHE": "cache_folder",
    "SUMMARIZER_CACHE_DAYS": "cache_days",
    "SUMMARIZER_PRICES": "prices",
    "OPENAI_BASE_URL": "base_url",
    "OPENAI_API_KEY": "api_key",
}
