"""The one place that turns settings into a backend and a pipeline."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer import prices
from summarizer.cache import AnswerCache, default_folder
from summarizer.domain.backend import Backend
from summarizer.errors import SettingsError
from summarizer.pipeline import Pipeline
from summarizer.settings import OFFLINE, Settings

if TYPE_CHECKING:
    from summarizer.backends.openai.batching import Provider
    from summarizer.backends.openai.collected import Collected, Lookup
    from summarizer.backends.openai.probing import Probe
    from summarizer.backends.openai.transport import Transport


OPENAI = "https://api.openai.com/v1"
"""The endpoint where none is named."""


def pipeline(settings: Settings, *, share: float = 1.0) -> Pipeline:
    """Build the pipeline that settings describe.

    Args:
        settings: How summaries are made.
        share: The part of an endpoint's limits that is for it; others, in other processes, have the rest.
    """
    return Pipeline(
        backend=backend(settings, share=share),
        # Rules give the same draft however often they are asked.
        attempts=1 if settings.model == OFFLINE else settings.attempts,
        deadline=settings.deadline,
        max_characters=settings.max_characters,
        price=None if settings.model == OFFLINE else price(settings),
    )


def backend(settings: Settings, *, share: float = 1.0) -> Backend:
    """Build the backend that settings name; ``share`` as for :func:`pipeline`.

    Raises:
        SettingsError: The model's name makes no sense, or the endpoint needs a key and none is given.
    """
    if settings.model == OFFLINE:
        from summarizer.backends.offline import OfflineBackend

        return OfflineBackend()
    from summarizer.backends.openai import OpenAIBackend

    return OpenAIBackend(
        model_name(settings),
        transport(settings, share=share),
        temperature=settings.temperature,
        max_output_tokens=settings.max_output_tokens,
        shape_attempts=settings.shape_attempts,
        section_tokens=settings.section_tokens,
    )


def transport(settings: Settings, *, share: float = 1.0) -> "Transport":
    """Build the transport to the endpoint that settings name; ``share`` as for :func:`pipeline`.

    Raises:
        SettingsError: The endpoint needs a key and none is given.
    """
    from summarizer.backends.openai.transport import Transport

    return Transport(
        base_url=settings.base_url,
        api_key=_key(settings),
        timeout=settings.timeout,
        attempts=settings.transport_attempts,
        # A little before the article's own: a request that is late then says what was spent on it.
        deadline=settings.deadline * 0.98,
        requests_per_minute=settings.requests_per_minute,
        tokens_per_minute=settings.tokens_per_minute,
        share=share,
        cache=answers(settings) if settings.cache else None,
    )


def answers(settings: Settings) -> AnswerCache:
    """Build the cache of answers that settings describe.

    Raises:
        SettingsError: Its URL makes no sense, or what speaks to a server is not installed.
    """
    if settings.cache_url:
        from summarizer.cache.shared import SharedStore

        return AnswerCache(SharedStore(settings.cache_url.get_secret_value(), settings.cache_days))
    return AnswerCache(cache_folder(settings), limit=settings.cache_limit, days=settings.cache_days)


def probe(settings: Settings) -> "Probe | None":
    """Build what asks the endpoint what it can do; None where no endpoint is needed.

    Raises:
        SettingsError: The endpoint needs a key and none is given.
    """
    if settings.model == OFFLINE:
        return None
    from summarizer.backends.openai.probing import Probe

    return Probe(transport(settings), model_name(settings))


def provider(settings: Settings) -> "Provider":
    """Build what speaks the Batch API of the endpoint that settings name.

    Raises:
        SettingsError: The endpoint needs a key and none is given.
    """
    from summarizer.backends.openai.batching import Provider

    return Provider(
        base_url=settings.base_url,
        api_key=_key(settings),
        timeout=settings.timeout,
        attempts=settings.transport_attempts,
    )


def collected(settings: Settings, lookup: "Lookup") -> "Collected":
    """Build the transport over a batch's answers; it needs no key."""
    from summarizer.backends.openai.collected import Collected

    key = settings.api_key.get_secret_value() if settings.api_key else None
    return Collected(lookup, base_url=settings.base_url, api_key=key or "none")


def batch_pipeline(
    settings: Settings,
    transport: "Collected",
    *,
    live: bool = False,
    is_underway: Callable[[str], bool] = lambda _: False,
) -> Pipeline:
    """Build the pipeline over a batch's answers.

    Args:
        settings: As for :func:`pipeline`.
        transport: Over the answers.
        live: Whether repairs that nobody has asked for are asked for at once.
        is_underway: Says of a request's digest whether a batch holds it.

    Raises:
        SettingsError: Repairs are to be asked for at once, and the key that this needs is not given.
    """
    from summarizer.backends.openai import OpenAIBackend
    from summarizer.backends.openai.collected import BatchBackend

    stored = OpenAIBackend(
        model_name(settings),
        transport,
        temperature=settings.temperature,
        max_output_tokens=settings.max_output_tokens,
        shape_attempts=1,  # what misses the schema is a failure: asking again would be another batch
        section_tokens=settings.section_tokens,
    )
    return Pipeline(
        backend=BatchBackend(
            stored,
            price(settings, batch=True),
            live=backend(settings) if live else None,
            live_price=price(settings),
            is_underway=is_underway,
        ),
        attempts=settings.attempts,
        deadline=settings.deadline,
        max_characters=settings.max_characters,
    )


def price(settings: Settings, *, batch: bool = False) -> prices.Price:
    """Return what the tokens of the model cost at the endpoint, in a provider's batch or at once.

    Raises:
        SettingsError: The user's table makes no sense.
    """
    table = prices.read_table(settings.prices) if settings.prices else {}
    return prices.pricing(model_name(settings), settings.base_url or OPENAI, table, batch=batch)


def cache_folder(settings: Settings) -> Path:
    """Return where answers are kept, if they are."""
    return (settings.cache_folder or default_folder()).expanduser().absolute()


def model_name(settings: Settings) -> str:
    """Return the model's name as the endpoint knows it."""
    return settings.model.removeprefix("openai/")


def _key(settings: Settings) -> str:
    key = settings.api_key.get_secret_value() if settings.api_key else None
    if key is None and settings.base_url is None:
        raise SettingsError(
            f"model {settings.model!r} needs a key.",
            mend="Set OPENAI_API_KEY, or OPENAI_BASE_URL for your own endpoint, or use --model offline.",
        )
    # A local endpoint asks for no key, but the client library wants one to be set.
    return key or "none"
