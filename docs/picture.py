"""Draw the README's picture: the saved record beside this file, as the terminal shows it.

python docs/picture.py
"""

import io
import re
from pathlib import Path

from rich.console import Console

from summarizer import Report
from summarizer.cli.terminal import page_of

HERE = Path(__file__).parent
WEB_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def main() -> None:
    """Write ``report.svg``."""
    report = Report.from_json((HERE / "ferry-collision.jsonl").read_text(encoding="utf-8"))
    console = Console(record=True, width=104, highlight=False, markup=False, file=io.StringIO())
    console.print(page_of(report))
    svg = console.export_svg(title="summarizer run samples/ferry-collision.txt --model …", unique_id="report")
    # The picture must not fetch anything; every system has a monospaced font.
    (HERE / "report.svg").write_text(WEB_FONTS.sub("", svg), encoding="utf-8")


if __name__ == "__main__":
    main()
