"""What tokens cost: by a table of the user's, or else by the prices that genai-prices ships; never a guess.

The library's prices stand inside its wheel; nothing is fetched. They are looked up by endpoint and model
together: a model of a known name on somebody's own machine has no price unless the user's table gives one.
"""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic import Field, ValidationError

from summarizer.domain.base import Value
from summarizer.domain.report import Tokens
from summarizer.errors import SettingsError

Price = Callable[[Tokens], float | None]
"""Gives what the tokens of one draft cost, in USD; None, whatever the tokens, where no price is known."""

_DIGITS = 10
"""Decimal places of a USD that are kept: a token costs more than that, a float's noise does not."""

_SHAPE = 'Name models in quotes, as ["gpt-4.1"]; then input and output, in USD per million tokens.'


class Rates(Value):
    """Prices of one model in USD per million tokens; cached input costs what input does unless given."""

    input: float = Field(ge=0, allow_inf_nan=False)
    cached_input: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    output: float = Field(ge=0, allow_inf_nan=False)

    def cost(self, tokens: Tokens) -> float:
        """Return what these tokens cost in USD."""
        cached = self.input if self.cached_input is None else self.cached_input
        read = min(tokens.cached_input, tokens.input)
        millionths = (tokens.input - read) * self.input + read * cached + tokens.output * self.output
        return round(millionths / 1e6, _DIGITS)


def read_table(path: Path) -> dict[str, Rates]:
    """Read a TOML file with a table a model: ``["gpt-x"]``, then ``input``, ``cached_input``, ``output``.

    Raises:
        SettingsError: It cannot be read, or is no such file; names the model.
    """
    where = f"prices {path}"
    try:
        found = tomllib.loads(path.expanduser().read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}.", where=where) from None
    except ValueError as error:  # not TOML, or not UTF-8
        raise SettingsError(f"it is no TOML: {error}.", where=where) from None
    return {model: _rates(model, given, where) for model, given in found.items()}


def pricing(model: str, endpoint: str, table: Mapping[str, Rates]) -> Price:
    """Return the price of a model's tokens: the table's, where it names the model, or else the library's.

    Args:
        model: The model's name at the endpoint; the table may write ``openai/`` in front.
        endpoint: The endpoint's base URL.
        table: The user's own prices.
    """
    rates = table.get(model) or table.get(f"openai/{model}")
    return rates.cost if rates else lambda tokens: _listed(model, endpoint, tokens)


def is_known(price: Price) -> bool:
    """Tell whether there is a price at all."""
    return price(Tokens()) is not None


def _listed(model: str, endpoint: str, tokens: Tokens) -> float | None:
    """Look a price up in the library; None where it does not know both what input and output cost."""
    from genai_prices import Usage, calc_price

    usage = Usage(
        input_tokens=tokens.input,
        cache_read_tokens=min(tokens.cached_input, tokens.input),
        output_tokens=tokens.output,
    )
    try:
        found = calc_price(usage, model, provider_api_url=endpoint)
    except LookupError:
        return None
    known = (getattr(found.model_price, name, None) for name in ("input_mtok", "output_mtok"))
    return None if None in known else round(float(found.total_price), _DIGITS)


def _rates(model: str, given: object, where: str) -> Rates:
    try:
        return Rates.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(map(str, (model, *first["loc"])))
        raise SettingsError(f"{field}: {first['msg']}.", where=where, mend=_SHAPE) from None
