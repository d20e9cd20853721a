"""What a re-ask says: the problems, in few words."""

import pytest
from pydantic import ValidationError

from summarizer.backends.openai.reask import asked_again, problems
from summarizer.backends.openai.wire import Reply
from summarizer.prompts import Message

MESSAGES = [Message(role="system", content="Rules."), Message(role="user", content="Article.")]


def refused(text: str) -> ValidationError:
    """Return the error for an answer that is not to the schema."""
    with pytest.raises(ValidationError) as caught:
        Reply.model_validate_json(text)
    return caught.value


def test_a_problem_names_its_place_and_a_short_value() -> None:
    """The value at fault is quoted where that helps to mend it."""
    error = refused('{"sources": [7]}')
    assert problems(error, quoting=True)[0] == 'sources.0: Input should be a valid string, not "7"'
    assert problems(error)[0] == "sources.0: Input should be a valid string"


def test_an_answer_that_is_no_json_is_not_quoted() -> None:
    """The whole text is at fault, and the whole text is not sent back."""
    (line,) = problems(refused("Certainly! Here it is."), quoting=True)
    assert line.startswith("the object: Invalid JSON")
    assert "Certainly" not in line


def test_a_re_ask_adds_to_the_last_message_and_changes_no_other() -> None:
    """What was sent stays the beginning of what is sent again; the caller's messages stay as they are."""
    first, last = asked_again(MESSAGES, refused("{}"))
    assert first == MESSAGES[0]
    assert last["content"].startswith("Article.\nAn earlier answer")
    assert MESSAGES[-1]["content"] == "Article."


def test_many_problems_are_counted_not_listed() -> None:
    """A re-ask is short however much is wrong, and whatever the model called its fields."""
    error = refused('{"' + "y" * 4000 + '": 1, "sources": ' + str(list(range(500))) + "}")
    added = asked_again(MESSAGES, error)[-1]["content"]
    assert "more" in added
    assert len(added) < 3000


def test_other_errors_are_named() -> None:
    """An error without a list of problems gives its name and not its text."""
    assert problems(RuntimeError("the whole answer")) == ("RuntimeError",)
