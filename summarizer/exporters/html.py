"""HTML: one page that needs nothing else, a section an article; text of the article stays text."""

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from summarizer.domain.report import Failure, Outcome, Report
from summarizer.exporters import phrases

if TYPE_CHECKING:
    from jinja2 import Environment, Template


_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


class Page:
    """One page that grows by a section a record; HTML lets the tags that would close it be left out."""

    def __init__(self, title: str = "News reports") -> None:
        self._opening = begin(title)

    def render(self, outcome: Outcome) -> str:
        """Return what a record adds to the page."""
        opening, self._opening = self._opening, ""
        return opening + section(outcome)


def render(outcome: Outcome) -> str:
    """Return one record as a whole page."""
    return Page("News report").render(outcome)


def begin(title: str) -> str:
    """Return a page up to its first section; it loads nothing and runs no script."""
    safe = phrases.line(title).replace("&", "&amp;").replace("<", "&lt;")
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{safe}</title>\n<style>\n{style()}</style>\n"
    )


def section(outcome: Outcome) -> str:
    """Return one record as a section of a page."""
    if isinstance(outcome, Failure):
        return template("failure.html.jinja").render(failure=outcome)
    page = template("report.html.jinja")
    return page.render(report=outcome, anchor=f"a-{outcome.article.sha256[:12]}", maker=_maker(outcome))


def template(name: str, package: str = "summarizer.exporters") -> "Template":
    """Return a template of ours; what is put into it is escaped."""
    return _environment(package).get_template(name)


@cache
def _environment(package: str) -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    made.filters |= {
        "line": phrases.line,
        "slug": lambda text: re.sub(r"[^A-Za-z0-9]", "-", text),
        "source": phrases.source,
        "stance": phrases.stance,
        "figure": phrases.figure,
    }
    return made


@cache
def style() -> str:
    """Return the style sheet that all our pages have."""
    return files("summarizer.exporters").joinpath("templates/page.css").read_text("utf-8")


def _maker(report: Report) -> str:
    if report.trace.model is None:
        return "made by rules; no language model was used"
    return f"written by {phrases.line(report.trace.model)}"
