"""Is there a summary that holds every key row, and is every row about its evidence?

That each sentence cites a row that exists, and each position has evidence, is said by grounding.
"""

from collections.abc import Iterator

from summarizer.checks.reading import evidence, finding, row, sentences_of, text_of
from summarizer.domain.finding import Finding, Severity
from summarizer.domain.grounded import GroundedDraft
from summarizer.domain.report import Claim
from summarizer.text.words import content_words

CHECK = "evidence"
MOST_KEYS = 8
"""A table with more key rows than a short summary can hold is no fault of the summary."""


def check(grounded: GroundedDraft) -> Iterator[Finding]:
    """Yield what is missing: a headline, a summary, a table, key rows in the summary."""
    if not grounded.headline.text.strip():
        yield finding(
            CHECK,
            "error",
            "headline",
            "There is no headline. Write one short neutral sentence that cites its rows.",
        )
    if not grounded.claims and grounded.sentences.body:
        yield finding(
            CHECK,
            "error",
            "report",
            "The table has no row. Write a row for every proposition the article puts forward.",
        )
    if not any(sentence.text.strip() for sentence in grounded.summary):
        yield finding(
            CHECK,
            "error",
            "report",
            "The summary has no sentence. Write two to five from the key rows, citing them.",
        )
    else:
        yield from _uncited_keys(grounded)
    for claim in grounded.claims:
        yield from _unrelated(grounded, claim)


def _uncited_keys(grounded: GroundedDraft) -> Iterator[Finding]:
    cited = {claim_id for sentence in grounded.summary for claim_id in sentence.claims}
    keys = [claim for claim in grounded.claims if claim.key]
    missing = [claim for claim in keys if claim.id not in cited]
    if missing:
        message = f"No summary sentence cites {_listed(missing)}. Say and cite them, or set key to false."
        severity: Severity = "error" if len(keys) <= MOST_KEYS else "warning"
        yield finding(CHECK, severity, "report", message)


def _unrelated(grounded: GroundedDraft, claim: Claim) -> Iterator[Finding]:
    """A row that has no word in common with the sentences it cites may have been tied to the wrong ones."""
    cited = sentences_of(grounded, evidence((claim,)))
    topic = set(content_words(claim.text))
    if cited and len(topic) > 2 and topic.isdisjoint(content_words(text_of(grounded, cited))):
        numbers = ", ".join(str(s.number) for s in cited)
        message = (
            f"{row(claim)} has no word in common with sentence {numbers}. Cite the sentences that show it."
        )
        yield finding(CHECK, "warning", f"claims[{claim.id}]", message)


def _listed(claims: list[Claim]) -> str:
    if len(claims) == 1:
        return f"key {row(claims[0])}".replace("Row", "row", 1)
    return "these key rows: " + ", ".join(claim.id for claim in claims)
