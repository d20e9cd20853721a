"""Whether an endpoint is of use: what it can do, and what comes of a short article there."""

import time
from collections.abc import AsyncIterator

from summarizer import checks, grounding
from summarizer.backends.openai.probing import Probe, Verdict, failed
from summarizer.domain.article import Article
from summarizer.domain.backend import Backend, Drafted
from summarizer.domain.draft import DraftRequest
from summarizer.domain.report import Tokens
from summarizer.errors import BackendError
from summarizer.text import sentences

ARTICLE = Article(
    id="probe",
    text=(
        "A bus left the road near Almdorf on Monday, police said. Two passengers were hurt. "
        "The operator denied that the driver was tired."
    ),
)


async def examine(backend: Backend, probe: Probe | None = None) -> AsyncIterator[Verdict]:
    """Give verdicts as they stand; the last says whether the backend is of use, and what asking took.

    Args:
        backend: Writes the draft of a short article, where nothing speaks against asking it.
        probe: Asks the endpoint before that; None where there is none.
    """
    listings, sent, tokens, fatal = 0, 0, Tokens(), False
    if probe is not None:
        async for verdict in probe.verdicts():
            fatal = verdict.fatal
            yield verdict
        listings, sent, tokens = probe.listings, probe.exchanges.count, probe.exchanges.tokens
    if not fatal:
        verdict, more, spent = await _tried(backend)
        sent, tokens, fatal = sent + more, tokens + spent, verdict.fatal
        yield verdict
    yield Verdict("usable", "no" if fatal else "yes", _taken(listings, sent, tokens), fatal)


async def _tried(backend: Backend) -> tuple[Verdict, int, Tokens]:
    """Return what came of the short article, the requests it took, and their tokens."""
    started = time.perf_counter()
    request = DraftRequest(ARTICLE, sentences.split(ARTICLE.text))
    try:
        drafted = await backend.draft(request)
    except BackendError as error:
        return failed("article", error), error.attempts, error.tokens
    seconds = time.perf_counter() - started
    return _judged(drafted, request, seconds), drafted.exchanges, drafted.tokens


def _judged(drafted: Drafted, request: DraftRequest, seconds: float) -> Verdict:
    grounded = grounding.ground(drafted.draft, request.article, request.sentences)
    rows = len(grounded.claims)
    made = f"a short article took {seconds:.1f} s: {rows} row(s)"
    if not rows:
        return Verdict("article", "no", f"{made}, so there is nothing to report", fatal=True)
    errors = sum(finding.severity == "error" for finding in checks.judge(grounded))
    if errors:
        return Verdict("article", "partly", f"{made}, {errors} error(s) that a second draft is to mend")
    return Verdict("article", "yes", f"{made}, no errors")


def _taken(listings: int, sent: int, tokens: Tokens) -> str:
    if not listings + sent:
        return "nothing was sent"
    read = f"{tokens.input:,} tokens in ({tokens.cached_input:,} cached), {tokens.output:,} out"
    return f"requests sent: {listings + sent}, one of them for the list of models; {read}"
