"""The Python door, used as the README shows it."""

import asyncio
import os
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

import summarizer as package
from summarizer import Article, Failure, Outcome, Report, Settings, Summarizer
from summarizer.errors import InputNotFound, MalformedInput, SettingsError

TEXT = "Two trawlers sank off Norra on Monday, the coast guard said. The navy denied that it had rammed them."


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of whoever runs the tests out."""
    for name in ("SUMMARIZER_MODEL", "OPENAI_BASE_URL", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def test_a_text_is_summarised_in_one_line() -> None:
    """A plain string is enough, and the default needs no network."""
    with Summarizer() as summarizer:
        report = summarizer.summarize(TEXT)
    assert report.trace.backend == "offline"
    assert report.claims[0].positions[0].evidence[0].quote in TEXT


def test_a_file_is_an_article(tmp_path: Path) -> None:
    """``Article.from_file`` reads a file, and its stem is the id."""
    (tmp_path / "trawlers.txt").write_text(TEXT, encoding="utf-8")
    assert Article.from_file(tmp_path / "trawlers.txt").id == "trawlers"
    with pytest.raises(InputNotFound):
        Article.from_file(tmp_path / "none.txt")


def test_sync_methods_work_inside_a_running_event_loop() -> None:
    """What a notebook does: a sync call from a coroutine."""

    async def cell() -> Report:
        with Summarizer() as summarizer:
            return summarizer.summarize(TEXT)

    assert asyncio.run(cell()).claims


def test_async_and_sync_give_the_same_report() -> None:
    """Both faces are one core."""
    with Summarizer() as summarizer:
        one = summarizer.summarize(TEXT)
        other = asyncio.run(summarizer.asummarize(TEXT))
    assert one.claims == other.claims
    assert one.trace.fingerprint == other.trace.fingerprint


def test_many_articles_are_outcomes_and_none_raises() -> None:
    """Bad ones are failures among the reports; every input has one outcome."""
    with Summarizer() as summarizer:
        outcomes = list(summarizer.summarize_many([TEXT, "", "\ud800", TEXT + " It rained."], concurrency=2))
    assert sum(isinstance(outcome, Report) for outcome in outcomes) == 2
    kinds = {outcome.error.type for outcome in outcomes if isinstance(outcome, Failure)}
    assert kinds == {"EmptyInput", "MalformedInput"}


def test_articles_may_come_one_by_one() -> None:
    """An asynchronous source is waited for, a blocking one is read beside the work."""

    async def source() -> AsyncGenerator[Article | str]:
        for n in range(3):
            await asyncio.sleep(0)
            yield f"{TEXT} Lamp {n} was lit."

    async def made() -> list[Outcome]:
        return [outcome async for outcome in Summarizer().asummarize_many(source(), concurrency=2)]

    with Summarizer() as summarizer:
        outcomes = list(summarizer.summarize_many(f"{TEXT} Lamp {n} was lit." for n in range(3)))
    assert {one.article.sha256 for one in outcomes} == {one.article.sha256 for one in asyncio.run(made())}
    assert all(isinstance(outcome, Report) for outcome in outcomes)


def test_stopping_early_leaves_nothing_running() -> None:
    """A caller may break out of the stream."""
    with Summarizer() as summarizer:
        first = next(iter(summarizer.summarize_many(Article(text=TEXT, id=str(n)) for n in range(50))))
    assert isinstance(first, Report)


def test_two_articles_with_one_id_are_told_apart() -> None:
    """The second is a failure that says so, since two records with one id could not be told apart."""
    twice = [Article(text=TEXT, id="a"), Article(text=TEXT + " It rained.", id="a")]
    with Summarizer() as summarizer:
        outcomes = list(summarizer.summarize_many(twice))
    (failure,) = [outcome for outcome in outcomes if isinstance(outcome, Failure)]
    assert failure.error.type == "DuplicateId"
    assert failure.error.message.startswith("input 2: it has the id 'a', and so has input 1; ")


def test_inputs_of_one_id_are_both_named_with_what_to_do() -> None:
    """Two files, or the same one twice: the advice is another."""
    one, other = (Article(text=TEXT, id="a", source=f"{name}/a.txt") for name in ("in", "old"))
    with Summarizer() as summarizer:
        outcomes = list(summarizer.summarize_many([one, other, one]))
    assert sorted(failure.error.message for failure in outcomes if isinstance(failure, Failure)) == [
        "in/a.txt: it is given twice; the first time counts. Name it once.",
        (
            "old/a.txt: it has the id 'a', and so has in/a.txt; only the first of the two is taken. "
            "Rename one of the files, or give each article an id of its own (in JSON, the field id)."
        ),
    ]


def test_a_source_that_is_no_text_is_written_as_escapes() -> None:
    """A path as the system gives it, with bytes that are no UTF-8, makes a record that can be written."""
    article = Article(text=TEXT, source=os.fsdecode(b"caf\xe9.txt"))
    with Summarizer() as summarizer:
        made = summarizer.summarize(article)
    assert Report.from_json(made.to_json().encode()).article.source == made.article.source
    assert made.article.source == "caf\\udce9.txt"


def test_a_lone_surrogate_is_named() -> None:
    """Text that is no valid Unicode is refused with its place."""
    with Summarizer() as summarizer, pytest.raises(MalformedInput, match="stands at character 3"):
        summarizer.summarize("abc\ud800")


@pytest.mark.parametrize(
    "wrong", [{"temperature": 9}, {"attempts": 0}, {"timeout": -1}, {"colour": "red"}, {"model": "gpt"}]
)
def test_settings_that_make_no_sense_are_refused_at_once(wrong: dict[str, Any]) -> None:
    """A wrong setting fails when the summarizer is made, not at the first article."""
    with pytest.raises(SettingsError):
        Summarizer(**wrong)


def test_the_environment_fills_what_is_not_given() -> None:
    """Arguments win over the environment, the environment over defaults."""
    environment = {"SUMMARIZER_MODEL": "one", "OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}
    assert Settings.make(environment).model == "one"
    assert Settings.make(environment, model="two").model == "two"
    assert Settings.make({}).model == "offline"


def test_a_key_is_never_shown() -> None:
    """Printing settings does not print the key."""
    settings = Settings.make({"OPENAI_API_KEY": "sk-very-secret"}, model="m")
    assert "very-secret" not in repr(settings) + str(settings.model_dump())


def test_every_public_name_is_there_and_documented() -> None:
    """``__all__`` is what can be imported, and each name says what it is."""
    for name in package.__all__:
        value = getattr(package, name)
        assert name.startswith("__") or getattr(value, "__doc__", None), name
    with pytest.raises(AttributeError):
        _ = package.nothing
