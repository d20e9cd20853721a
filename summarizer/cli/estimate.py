"""``summarizer run --estimate``: what a run would take, without sending anything."""

import typer

from summarizer import wiring
from summarizer.budget import Estimate, expected
from summarizer.cli import exits
from summarizer.cli.messages import say
from summarizer.cli.tally import dollars
from summarizer.intake import read
from summarizer.intake.unread import Unread
from summarizer.prices import is_known
from summarizer.settings import OFFLINE, Settings
from summarizer.text.sections import CHARACTERS_A_TOKEN


def estimate(paths: list[str], settings: Settings, max_cost: float | None = None) -> int:
    """Print articles, requests, tokens and cost of a run; 1 where an input cannot be read.

    Raises:
        SettingsError: The user's prices make no sense.
    """
    articles, unread, within, whole, cost = 0, 0, 0, Estimate(), 0.0
    price = (lambda _: 0.0) if settings.model == OFFLINE else wiring.price(settings)
    for one in read(paths):
        if isinstance(one, Unread):
            say(f"cannot be read: {one.error}")
            unread += 1
            continue
        articles += 1
        unsent = settings.model == OFFLINE or one.characters > settings.max_characters
        takes = Estimate() if unsent else expected(one, settings.section_tokens)
        whole += takes
        cost += price(takes.tokens) or 0.0
        within += max_cost is not None and cost <= max_cost
    typer.echo(f"articles   {articles:,}")
    typer.echo(f"requests   {whole.requests:,}")
    typer.echo(f"input      {whole.tokens.input:,} tokens")
    typer.echo(f"output     {whole.tokens.output:,} tokens")
    known = is_known(price)
    typer.echo(f"cost       {dollars(cost) if known else _unknown(settings.model)}")
    if known and max_cost is not None:
        typer.echo(f"within     {within:,} articles, at --max-cost {dollars(max_cost)}")
    typer.echo(_BASIS)
    return exits.FAILED if unread else 0


_BASIS = f"""\
Estimated at {CHARACTERS_A_TOKEN} characters a token and one request an article; of a long one, a request a
section and one for the summary. Second requests, where checks find errors, and a model's hidden
reasoning come on top; answers in the cache cost nothing.
Nothing was sent."""


def _unknown(model: str) -> str:
    return f"not known: no price for model {model!r} at this endpoint; give its prices with --prices FILE"
