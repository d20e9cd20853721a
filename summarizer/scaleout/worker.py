"""What runs in a worker's process: plain data in, plain data out."""

import logging
from typing import TYPE_CHECKING, Any

from summarizer import wiring
from summarizer.batch import failure
from summarizer.domain.article import Article
from summarizer.domain.report import Outcome
from summarizer.ledger import Job
from summarizer.settings import Settings

if TYPE_CHECKING:
    from summarizer.pipeline import Pipeline


class Worker:
    """A pipeline of its own, built from settings; many articles in hand at once."""

    def __init__(self) -> None:
        self._pipeline: Pipeline
        self._said: list[str] = []

    async def begin(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Build the pipeline, and return what it makes reports of, a ``Job`` as JSON data.

        Raises:
            SettingsError: It cannot be built here.
        """
        # By a call and not by the constructor: what that is given is kept where Ray keeps its books.
        logging.getLogger("summarizer").addHandler(_Noting(self._said))
        self._pipeline = wiring.pipeline(Settings.model_validate(settings))
        return Job.of(self._pipeline).model_dump(mode="json")

    async def summarize(self, article: dict[str, Any]) -> tuple[str, list[str]]:
        """Return the record of an article as JSON, and what was logged as a warning meanwhile."""
        record = await self._outcome(Article.model_validate(article))
        said, self._said[:] = list(self._said), []
        return record.to_json(), said

    async def _outcome(self, article: Article) -> Outcome:
        try:
            return await self._pipeline.summarize(article)
        except Exception as error:  # noqa: BLE001 - one article's crash is its own record
            return failure(article, error)


class _Noting(logging.Handler):
    """Notes warnings: whoever started the run looks at no log of ours."""

    def __init__(self, said: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._said = said

    def emit(self, record: logging.LogRecord) -> None:
        self._said.append(record.getMessage())
