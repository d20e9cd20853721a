"""An empty ``gold.yaml`` for an article: its header filled in, its sentences as comments to copy from."""

import json

from summarizer.domain.article import Article
from summarizer.text.folding import printable
from summarizer.text.sentences import split

_HEAD = """\
# Labels of one article; the rules: docs/labelling.md
id: {id}
sha256: {sha256}
published: {published}
labelled: {{by: {by}, passes: 1}}
furniture: []                       # whole lines that are not the article, verbatim
claims: []                          # one row a proposition:
#  - id: c1
#    text: A blast in the harbour killed eleven dock workers.   # can be read alone, WITHOUT who said it
#    kind: fact                     # fact | forecast | opinion
#    key: true                      # a summary that leaves it out is incomplete
#    positions:
#      - source: Port Authority     # as the article names it; article; or "unnamed: two officers"
#        aliases: [the authority]
#        via: null                  # who relayed it
#        stance: asserts            # asserts | denies | does_not_confirm
#        hedged: false
#        evidence: ["words of the article, verbatim"]
#    figures:
#      - {{of: dock workers killed, low: 11, high: 11, unit: people}}   # at least 11: high null
#    when: {{text: "on Tuesday", start: 2024-03-05, end: 2024-03-05}}   # or null
#    where: harbour                 # or null
conflicts: []                       # - {{claims: [c2, c5], why: "…"}}
loaded: []                          # - {{text: "butchered", neutral: "killed"}}
never: []                           # what a summary must not state in its own voice

# The article, sentence by sentence; "-" where a line looks like page furniture.
"""


def skeleton(article: Article, by: str) -> str:
    """Return labels of an article without a row; ``by`` is the annotator's letter."""
    head = _HEAD.format(
        id=_quoted(article.id), sha256=article.sha256, published=article.published or "null", by=_quoted(by)
    )
    sentences = split(article.text)
    body = {s.number for s in sentences.body}
    lines = (
        f"# {s.number if s.number in body else '-'} {_line(sentences.quote(s))}" for s in sentences.items
    )
    return head + "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    """Write a string as YAML that can be read as nothing else."""
    return value if value.replace("-", "").isalnum() and not value[0].isdigit() else json.dumps(value)


def _line(text: str) -> str:
    """Make a text one line, so that nothing of it can leave its comment."""
    return printable(" ".join(text.split()))
