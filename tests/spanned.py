"""An article of our own and its labels, for tests of labels that are published without their article."""

import hashlib
from pathlib import Path

TEXT = (
    "Share\r\n"
    "Lantern fair \N{PARTY POPPER} draws crowds\r\n"
    "\r\n"
    "Some 300 people came to the lantern fair on Friday, “a record for Vellmoor”, said\r\n"
    "mayor Ilse Korrin. The fair guild denied that it was a record.\r\n"
    "The shameless guild will meet on Friday. It was a record year for rain.\r\n"
    "Share\r\n"
)
GOLD = """\
# Some 300 people came to the lantern fair on Friday
id: lantern-fair
sha256: {sha256}
published: 2024-05-04
labelled: {{by: A, passes: 1}}
furniture: ["Share"]
claims:
  - id: c1
    text: The lantern fair had some 300 visitors.
    kind: fact
    key: true
    positions:
      - source: Ilse Korrin
        aliases: [mayor Ilse Korrin]
        via: null
        stance: asserts
        hedged: false
        evidence:
          - 'Some 300 people came to the lantern fair on Friday, "a record for Vellmoor", said mayor'
    figures:
      - {{of: visitors, low: 300, high: 300, unit: people}}
    when: {{text: on Friday, start: 2024-05-03, end: 2024-05-03}}
    where: Vellmoor
  - id: c2
    text: No earlier fair was larger.
    kind: opinion
    key: false
    positions:
      - source: Ilse Korrin
        stance: asserts
        hedged: false
        evidence: ["“a record for Vellmoor”"]
      - source: guild
        stance: denies
        hedged: false
        evidence: ["The fair guild denied that it was a record."]
  - id: c3
    text: The guild meets soon.
    kind: forecast
    key: false
    positions:
      - source: article
        stance: asserts
        hedged: false
        evidence: ["The shameless guild will meet on Friday."]
    when: {{text: on Friday}}
  - id: c4
    text: Rain fell more than in other years.
    kind: fact
    key: false
    positions:
      - {{source: article, stance: asserts, hedged: false, evidence: ["record year for rain"]}}
    when: {{text: this year}}
conflicts:
  - {{claims: [c2, c2], why: "mayor and guild: the “record”"}}
loaded:
  - {{text: shameless guild, neutral: guild}}
never: [The fair was a record.]
"""


def write_labelled(place: Path) -> Path:
    """Write the case as its annotator has it, article and quotations."""
    folder = place / "lantern-fair"
    folder.mkdir(parents=True)
    (folder / "article.txt").write_bytes(TEXT.encode())
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    (folder / "gold.yaml").write_bytes(GOLD.format(sha256=digest).encode())
    return folder
