"""``summarizer prompt``: what would be sent, without sending it."""

import json

import typer

from summarizer import prompts
from summarizer.budget import CHARACTERS_A_TOKEN, count
from summarizer.cli import exits
from summarizer.cli.messages import say
from summarizer.intake import read
from summarizer.intake.unread import Unread
from summarizer.settings import Settings
from summarizer.text.sentences import split


def show_prompt(path: str, settings: Settings) -> None:
    """Print the messages and the schema for one article, and estimate their tokens.

    Raises:
        typer.Exit: With code 1 where the article cannot be read.
    """
    from summarizer.backends.openai.wire import Reply

    article = next(iter(read([path])))
    if isinstance(article, Unread):
        say(article.error)
        raise typer.Exit(exits.FAILED)
    messages = prompts.report_messages(article, split(article.text))
    schema = json.dumps(Reply.model_json_schema())
    for message in messages:
        typer.echo(f"## {message['role']}\n\n{message['content']}\n")
    typer.echo(f"## schema (strict)\n\n{schema}\n")
    fixed = count(messages[0]["content"]) + count(schema)
    typer.echo(
        f"## estimate, at {CHARACTERS_A_TOKEN} characters a token\n\n"
        f"instructions and schema {fixed}, article {count(messages[1]['content'])} tokens; "
        f"prompt {prompts.identity()}; model {settings.model}"
    )
