"""The file endings that are read, and what to do about some that are not."""

TEXT = frozenset({".txt", ".text"})
MARKDOWN = frozenset({".md", ".markdown"})
PAGES = frozenset({".html", ".htm", ".xhtml"})
ARTICLES = TEXT | MARKDOWN | PAGES
JSON = ".json"
LINES = frozenset({".jsonl", ".ndjson"})
PARQUET = ".parquet"
ALL = ARTICLES | LINES | {JSON, PARQUET}

SPOKEN = ".txt .md .html .json .jsonl .parquet"

_PACKED = "Unpack it first."
_OFFICE = "Save it as plain text (.txt) first."
MENDS = {
    ".pdf": "Make it text first, e.g. with pdftotext.",
    ".gz": _PACKED,
    ".bz2": _PACKED,
    ".xz": _PACKED,
    ".zst": _PACKED,
    ".zip": _PACKED,
    ".doc": _OFFICE,
    ".docx": _OFFICE,
    ".odt": _OFFICE,
    ".rtf": _OFFICE,
    ".csv": "Make it JSON Lines first: one object with a field text on each line.",
}
