"""What a report cost."""

from summarizer.evaluation.comparison import Comparison
from summarizer.evaluation.ratio import Ratio


def tokens_per_claim(comparison: Comparison) -> Ratio:
    """Tokens in and out / rows of the report; nothing to measure where the trace tells of no tokens."""
    tokens = comparison.system.trace.tokens
    spent = tokens.input + tokens.output
    return Ratio(spent, len(comparison.system.claims) if spent else 0)
