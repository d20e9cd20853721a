"""``summarizer prompt``: what would be sent, without sending it; of a long article the first section's."""

import json

import typer

from summarizer import prompts
from summarizer.budget import count
from summarizer.cli import exits
from summarizer.cli.messages import say
from summarizer.intake import read
from summarizer.intake.unread import Unread
from summarizer.settings import Settings
from summarizer.text.sections import CHARACTERS_A_TOKEN, cut
from summarizer.text.sentences import split


def show_prompt(path: str, settings: Settings) -> None:
    """Print the messages and the schema for one article, and estimate their tokens.

    Raises:
        typer.Exit: With code 1 where the article cannot be read.
    """
    from summarizer.backends.openai.wire import Part, Reply

    article = next(iter(read([path])))
    if isinstance(article, Unread):
        say(article.error)
        raise typer.Exit(exits.FAILED)
    sentences = split(article.text)
    first, *more = cut(sentences, settings.section_tokens)
    if more:
        say(f"a long article goes in {first.of} sections; this is the request for the first.")
        messages = prompts.section_messages(article, sentences, first, prompts.ListedTable((), (), 0))
    else:
        messages = prompts.report_messages(article, sentences)
    schema = json.dumps((Part if more else Reply).model_json_schema())
    for message in messages:
        typer.echo(f"## {message['role']}\n\n{message['content']}\n")
    typer.echo(f"## schema (strict)\n\n{schema}\n")
    fixed = count(messages[0]["content"]) + count(schema)
    typer.echo(
        f"## estimate, at {CHARACTERS_A_TOKEN} characters a token\n\n"
        f"instructions and schema {fixed}, article {count(messages[1]['content'])} tokens; "
        f"prompt {prompts.identity()}; model {settings.model}"
    )
