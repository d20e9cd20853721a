"""Neutral news summaries and claim tables in which every statement points at exact characters of the article.

    from summarizer import Article, Summarizer

    report = Summarizer(model="offline").summarize(Article.from_file("article.txt"))

Names are imported when they are first used, so that ``import summarizer`` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from summarizer.api import Summarizer
    from summarizer.domain.article import Article
    from summarizer.domain.draft import Draft, DraftRequest
    from summarizer.domain.finding import Finding
    from summarizer.domain.report import Claim, Failure, Outcome, Report, report_schema
    from summarizer.errors import BackendError, InputError, SettingsError, SummarizerError
    from summarizer.settings import Settings

__version__ = "0.1.0"

_HOMES = {
    "Article": "summarizer.domain.article",
    "BackendError": "summarizer.errors",
    "Claim": "summarizer.domain.report",
    "Draft": "summarizer.domain.draft",
    "DraftRequest": "summarizer.domain.draft",
    "Failure": "summarizer.domain.report",
    "Finding": "summarizer.domain.finding",
    "InputError": "summarizer.errors",
    "Outcome": "summarizer.domain.report",
    "Report": "summarizer.domain.report",
    "Settings": "summarizer.settings",
    "SettingsError": "summarizer.errors",
    "Summarizer": "summarizer.api",
    "SummarizerError": "summarizer.errors",
    "report_schema": "summarizer.domain.report",
}

__all__ = [
    "Article",
    "BackendError",
    "Claim",
    "Draft",
    "DraftRequest",
    "Failure",
    "Finding",
    "InputError",
    "Outcome",
    "Report",
    "Settings",
    "SettingsError",
    "Summarizer",
    "SummarizerError",
    "__version__",
    "report_schema",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its home at first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
