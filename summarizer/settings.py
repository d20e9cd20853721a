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
        cache: Whether answers of a model are kept on disk and used again; a path means yes, and there.
        cache_folder: Where; the user's cache folder where None.
        cache_limit: Bytes at about which the oldest answers make room.
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
    cache_limit: int = Field(default=10**9, ge=1)
    prices: Path | None = None

    @model_validator(mode="before")
    @classmethod
    def _cache_path(cls, given: Any) -> Any:
        """Read a path given as ``cache`` as a folder to keep answers in."""
        if isinstance(given, Mapping) and isinstance(given.get("cache"), str | PathLike):
            return {**given, "cache": True, "cache_folder": given["cache"]}
        return given

    @classmethod
    def make(cls, environment: Mapping[str, str] | None = None, **given: Any) -> Self:
        """Combine what is given (None means not given) with the environment's.

        Reads ``SUMMARIZER_MODEL``, ``SUMMARIZER_TIMEOUT``, ``SUMMARIZER_DEADLINE``,
        ``SUMMARIZER_REQUESTS_PER_MINUTE``, ``SUMMARIZER_TOKENS_PER_MINUTE``, ``SUMMARIZER_CACHE`` (a folder;
        ``off``: answers are not kept, unless a folder is given), ``SUMMARIZER_PRICES``, ``OPENAI_BASE_URL``
        and ``OPENAI_API_KEY``.

        Raises:
            SettingsError: A value makes no sense; names it.
        """
        environment = os.environ if environment is None else environment
        read: dict[str, Any] = {
            field: environment[name] for name, field in _VARIABLES.items() if environment.get(name)
        }
        is_off = str(read.get("cache_folder")).strip().lower() == "off"
        if is_off:
            del read["cache_folder"]
        read |= {name: value for name, value in given.items() if value is not None}
        if is_off and read.get("cache") is True and "cache_folder" not in read:
            read["cache"] = False
        try:
            return cls.model_validate(read)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            name = ".".join(map(str, first["loc"]))
            raise SettingsError(first["msg"] + ".", where=f"setting {name!r}") from None


_VARIABLES = {
    "SUMMARIZER_MODEL": "model",
    "SUMMARIZER_TIMEOUT": "timeout",
    "SUMMARIZER_DEADLINE": "deadline",
    "SUMMARIZER_REQUESTS_PER_MINUTE": "requests_per_minute",
    "SUMMARIZER_TOKENS_PER_MINUTE": "tokens_per_minute",
    "SUMMARIZER_CACHE": "cache_folder",
    "SUMMARIZER_PRICES": "prices",
    "OPENAI_BASE_URL": "base_url",
    "OPENAI_API_KEY": "api_key",
}
