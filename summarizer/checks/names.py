"""Does every proper name we give stand in or near the cited sentences?"""

from collections.abc import Iterator

from summarizer.checks.reading import Statement, around, evidence, finding, own_voice, sentences_of, text_of
from summarizer.domain.finding import Finding
from summarizer.domain.grounded import GroundedDraft
from summarizer.text import names
from summarizer.text.shorten import shorten

CHECK = "names"


def check(grounded: GroundedDraft) -> Iterator[Finding]:
    """Yield names of headline, summary and rows that the article does not hold, or holds elsewhere only."""
    for statement in own_voice(grounded):
        near = _near(grounded, statement)
        for name in dict.fromkeys(found.text for found in names.find(statement.text)):
            if names.mentioned(name, near):
                continue
            everywhere = f"{grounded.article.text}\n{grounded.article.title or ''}"
            if names.mentioned(name, everywhere):
                message = f"{statement.name}: {shorten(name)!r} is named in the article, but not near the sentences cited."
                yield finding(CHECK, "note", statement.where, message)
            else:
                message = f"{statement.name} names {shorten(name)!r}, whom the article does not. Use the article's own name."
                yield finding(CHECK, "error", statement.where, message)


def _near(grounded: GroundedDraft, statement: Statement) -> str:
    cited = sentences_of(grounded, evidence(statement.claims))
    paragraphs = {s.paragraph for s in cited}
    beside = {s.number for s in around(grounded, cited)}
    near = (s for s in grounded.sentences.body if s.paragraph in paragraphs or s.number in beside)
    told = "" if statement.where.startswith("claims") else "\n".join(claim.text for claim in statement.claims)
    return f"{text_of(grounded, near)}\n{told}"
