"""Does every proper name we give stand in or near the cited sentences?"""

from collections.abc import Iterator

from summarizer.checks.reading import (
    Statement,
    around,
    evidence,
    finding,
    holds_name,
    own_voice,
    sentences_of,
    text_of,
)
from summarizer.domain.finding import Finding
from summarizer.domain.grounded import GroundedDraft
from summarizer.text import names
from summarizer.text.shorten import shorten

CHECK = "names"


def check(grounded: GroundedDraft) -> Iterator[Finding]:
    """Yield names of headline, summary and rows that the article does not hold, or holds elsewhere only."""
    everywhere = f"{grounded.article.text}\n{grounded.article.title or ''}"
    distant: list[str] = []
    for statement in own_voice(grounded):
        used = dict.fromkeys(found.text for found in names.find(statement.text))
        far = [name for name in used if not holds_name(name, _near(grounded, statement))]
        foreign = [name for name in far if not holds_name(name, everywhere)]
        for name in foreign:
            message = (
                f"{statement.name} names {shorten(name)!r}; the article does not. "
                "Use a name that the cited sentences give, as they give it."
            )
            yield finding(CHECK, "error", statement.where, message)
        distant += [f"{shorten(name)} ({statement.where})" for name in far if name not in foreign]
    if distant:
        listed = shorten(", ".join(distant), 150)
        yield finding(
            CHECK, "note", "report", f"Named in the article, but not near the sentences cited: {listed}."
        )


def _near(grounded: GroundedDraft, statement: Statement) -> str:
    """Return the paragraphs of the cited sentences, the sentences beside, and the texts of rows cited."""
    cited = sentences_of(grounded, evidence(statement.claims))
    paragraphs = {s.paragraph for s in cited}
    beside = {s.number for s in around(grounded, cited)}
    near = (s for s in grounded.sentences.body if s.paragraph in paragraphs or s.number in beside)
    rows = "" if statement.where.startswith("claims") else "\n".join(claim.text for claim in statement.claims)
    return f"{text_of(grounded, near)}\n{rows}"
