"""Prices: the user's before the library's, by endpoint and model, and null rather than a guess."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.report import Tokens
from summarizer.errors import SettingsError
from summarizer.prices import Rates, is_known, pricing, read_table

OPENAI = "https://api.openai.com/v1"
MILLION = Tokens(input=1_000_000, cached_input=400_000, output=100_000)


def table(folder: Path, text: str) -> Path:
    """Write a table of prices."""
    path = folder / "prices.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_prices_input_cached_input_and_output(tmp_path: Path) -> None:
    """Cached input is part of input and has its own price; names may hold dots, slashes and colons."""
    given = read_table(
        table(
            tmp_path,
            '["gpt-4.1"]\ninput = 2\ncached_input = 0.5\noutput = 8\n["org/model:8b"]\ninput = 1\noutput = 1',
        )
    )
    assert pricing("gpt-4.1", OPENAI, given)(MILLION) == pytest.approx(0.6 * 2 + 0.4 * 0.5 + 0.1 * 8)
    assert pricing("org/model:8b", "http://localhost/v1", given)(MILLION) == pytest.approx(1.1)


def test_a_table_may_name_a_model_as_the_command_line_does(tmp_path: Path) -> None:
    """``openai/`` in front is allowed here as it is for --model."""
    given = read_table(table(tmp_path, '["openai/mine"]\ninput = 1\noutput = 1'))
    assert is_known(pricing("mine", OPENAI, given))


def test_a_table_comes_before_the_library(tmp_path: Path) -> None:
    """A price of the user's own holds, for that model alone."""
    given = read_table(table(tmp_path, "[gpt-4o]\ninput = 0\noutput = 0"))
    assert pricing("gpt-4o", OPENAI, given)(MILLION) == 0
    assert pricing("gpt-4o-mini", OPENAI, given)(MILLION) not in (0, None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[gpt-4.1]\ninput = 2\noutput = 8", "in quotes"),
        ("[m]\ninput = 2", "m.output"),
        ("[m]\ninput = -2\noutput = 1", "m.input"),
        ("[m]\ninput = nan\noutput = 1", "m.input"),
        ("[m]\ninput = 1\noutput = 1\ncached = 1", "m.cached"),
        ("m = 3", "m:"),
        ("[m", "no TOML"),
    ],
)
def test_a_table_that_makes_no_sense_is_a_settings_error(tmp_path: Path, text: str, said: str) -> None:
    """Nothing is priced by half: the error names the file and the field."""
    with pytest.raises(SettingsError) as caught:
        read_table(table(tmp_path, text))
    assert said in str(caught.value)
    assert "prices.toml" in str(caught.value)


def test_a_table_that_is_not_there_or_is_no_text_is_a_settings_error(tmp_path: Path) -> None:
    """A missing file, a folder and bytes that are no UTF-8 end alike."""
    (tmp_path / "latin").write_bytes(b"\xff\xfe")
    for path in (tmp_path / "none.toml", tmp_path, tmp_path / "latin"):
        with pytest.raises(SettingsError):
            read_table(path)


def test_a_known_model_at_its_endpoint_has_the_library_s_price() -> None:
    """Cached input is cheaper than other input, and dated names find their model."""
    price = pricing("gpt-4o-mini", OPENAI, {})
    whole, cached = price(Tokens(input=1000)), price(Tokens(input=1000, cached_input=1000))
    assert whole is not None
    assert cached is not None
    assert 0 < cached < whole
    assert pricing("gpt-4o-mini-2024-07-18", OPENAI, {})(MILLION) == price(MILLION)


@pytest.mark.parametrize(
    ("model", "endpoint"),
    [
        ("no-such-model", OPENAI),
        ("gpt-4o", "http://127.0.0.1:8000/v1"),  # somebody's own machine, whatever it calls its model
        ("deepseek-r1:7b", "http://localhost:11434/v1"),
        ("gemini-2.5-pro", OPENAI),
        ("text-embedding-3-small", OPENAI),  # has a price of input alone
        ("", OPENAI),
        ("gpt-4o", ""),
    ],
)
def test_what_is_not_known_has_no_price(model: str, endpoint: str) -> None:
    """Neither a name alone nor half a price is enough."""
    price = pricing(model, endpoint, {})
    assert not is_known(price)
    assert price(MILLION) is None


COUNT = st.integers(0, 10**9)


@given(st.builds(Tokens, input=COUNT, cached_input=COUNT, output=COUNT))
def test_whatever_an_endpoint_reports_has_a_price(tokens: Tokens) -> None:
    """More cached input than input, which some endpoints report, is no fault, and no cost is below zero."""
    listed = pricing("gpt-4o", OPENAI, {})(tokens)
    assert listed is not None
    assert listed >= 0
    own = Rates(input=2.5, cached_input=1.25, output=10).cost(tokens)
    assert 0 <= own <= (tokens.input * 2.5 + tokens.output * 10) / 1e6 + 1e-9


def test_prices_need_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library's prices stand in its wheel: no socket is opened."""

    def refuse(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert is_known(pricing("gpt-4o", OPENAI, {}))


def test_the_library_is_loaded_when_a_price_is_asked_for() -> None:
    """Importing the module, or pricing by a table, does not load it."""
    code = (
        "import sys\n"
        "from summarizer.domain.report import Tokens\n"
        "from summarizer.prices import Rates, pricing\n"
        "pricing('m', 'http://x', {'m': Rates(input=1, output=1)})(Tokens())\n"
        "print('genai_prices' in sys.modules)\n"
        "pricing('m', 'http://x', {})(Tokens())\n"
        "print('genai_prices' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_a_batch_costs_half_of_the_table(tmp_path: Path) -> None:
    """Input, cached input and output of the user's own prices are halved."""
    given = read_table(table(tmp_path, "[m]\ninput = 2\ncached_input = 0.5\noutput = 8"))
    at_once, batch = pricing("m", OPENAI, given), pricing("m", OPENAI, given, batch=True)
    assert batch(MILLION) == pytest.approx((at_once(MILLION) or 0) / 2)


def test_a_batch_has_the_price_that_the_library_lists_for_batches() -> None:
    """Where it lists one it is taken; a model without one has none, rather than a guess."""
    tokens = Tokens(input=1_000_000, output=100_000)
    at_once, batch = pricing("gpt-4o", OPENAI, {}), pricing("gpt-4o", OPENAI, {}, batch=True)
    assert batch(tokens) == pytest.approx((at_once(tokens) or 0) / 2)
    deepseek = "deepseek-chat", "https://api.deepseek.com"
    assert is_known(pricing(*deepseek, {}))
    assert not is_known(pricing(*deepseek, {}, batch=True))
