"""JSON values to articles: known fields are checked, unknown ones are let be."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from summarizer.domain.article import Article
from summarizer.errors import EmptyInput, InputError, MalformedInput
from summarizer.intake.unread import Unread
from summarizer.intake.values import iso_day, refuse_blank, surrogate

_ID_LENGTH = 512
_SHOWN = 60


def articles(text: str, *, name: str, source: str) -> Iterator[Article | Unread]:
    """Yield the article of a JSON object, or those of an array of objects.

    Raises:
        EmptyInput: There is nothing in it.
        MalformedInput: It is no JSON.
    """
    refuse_blank(text, source)
    value = parsed(text, source, mend="Mend it, or give it the ending .jsonl if it has one object a line.")
    if value == []:
        raise EmptyInput("the list is empty.", where=source, mend="Put articles in it.")
    if not isinstance(value, list):
        yield article(value, name=name, source=source)
        return
    for number, item in enumerate(value, start=1):
        numbered, where = f"{name}:{number}", f"{source}#{number}"
        try:
            yield article(item, name=numbered, source=where)
        except InputError as error:
            yield Unread(numbered, where, error)


def holds_json(text: str) -> bool:
    """Tell whether a text is a JSON object or array as a whole."""
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def parsed(text: str, where: str, *, mend: str) -> Any:
    """Return the value of a JSON text.

    Raises:
        MalformedInput: It is no JSON; says at which line and column.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        at = (
            f"line {error.lineno}, column {error.colno}" if "\n" in text.rstrip() else f"column {error.colno}"
        )
        raise MalformedInput(f"this is no JSON: {error.msg}, {at}.", where=where, mend=mend) from None
    except RecursionError:
        raise MalformedInput("its JSON is nested too deeply.", where=where, mend=mend) from None
    except ValueError as error:  # an integer of thousands of digits
        raise MalformedInput(f"this is no JSON to be read: {error}.", where=where, mend=mend) from None


def article(record: Any, *, name: str, source: str) -> Article:
    """Return the article of a JSON object.

    Its fields are text, id, title, published, source and language. All but text may be
    missing, null or blank.

    Args:
        record: A JSON value.
        name: Its id where it names none.
        source: Where it stands; the article's source where it names none.

    Raises:
        MalformedInput: It is no object, or a field is not what it should be; names the field.
        EmptyInput: Its text is blank.
    """
    if not isinstance(record, dict):
        mend = 'Give an object with a text: {"text": "…"}.'
        raise MalformedInput(f"it is {_kind(record)}, no object.", where=source, mend=mend)
    if not isinstance(record.get("text"), str):
        raise _without_text(record, source)
    text = record["text"]
    _refuse_surrogate(text, _field(source, "text"))
    refuse_blank(text, _field(source, "text"))
    return Article(
        text=text,
        id=_id(record, source) or name,
        source=_optional(record, "source", source) or source,
        title=_optional(record, "title", source),
        published=_published(record, source),
        language=_optional(record, "language", source) or "en",
    )


def _without_text(record: dict[str, Any], source: str) -> MalformedInput:
    if record.get("text") is not None:
        return _wrong_type(record["text"], _field(source, "text"))
    names = ", ".join(ascii(name) for name in list(record)[:8])
    what = f"it has no field text, only {names[:200]}." if names else "it has no field text."
    return MalformedInput(what, where=source, mend="Call the article's text text.")


def _id(record: dict[str, Any], source: str) -> str | None:
    name = _optional(record, "id", source)
    if name and len(name) > _ID_LENGTH:
        what = f"it has {len(name)} characters, and {_ID_LENGTH} are allowed."
        raise MalformedInput(what, where=_field(source, "id"), mend="Shorten it.")
    return name


def _published(record: dict[str, Any], source: str) -> date | None:
    words = _optional(record, "published", source)
    if words is None:
        return None
    day = iso_day(words)
    if day is None:
        what = f"{words[:_SHOWN]!a} is no date."
        raise MalformedInput(
            what, where=_field(source, "published"), mend="Write it as 2024-03-31, with or without a time."
        )
    return day


def _optional(record: dict[str, Any], name: str, source: str) -> str | None:
    """Return a field's text, None where it is missing, null or blank."""
    value = record.get(name)
    if value is None:
        return None
    where = _field(source, name)
    if not isinstance(value, str):
        raise _wrong_type(value, where)
    _refuse_surrogate(value, where)
    return value if value.strip() else None


def _refuse_surrogate(value: str, where: str) -> None:
    at = surrogate(value)
    if at is not None:
        what = f"a lone surrogate (\\u{ord(value[at]):04x}) stands at character {at}."
        raise MalformedInput(
            what, where=where, mend="Half of a character was lost where this was written; write it anew."
        )


def _wrong_type(value: Any, where: str) -> MalformedInput:
    return MalformedInput(f"it is {_kind(value)}, no text.", where=where, mend="Put it in quotes.")


def _field(source: str, name: str) -> str:
    return f"{source}, field {name}"


def _kind(value: Any) -> str:
    """Return what JSON calls a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a text"
    return "a list" if isinstance(value, list) else "an object"
