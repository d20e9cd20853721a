"""What tokens cost: by a table of the user's, or else by the prices that genai-prices ships; never a guess.

The library's prices stand inside its wheel; nothing is fetched. They are looked up by endpoint and model
together: a model of a known name on somebody's own machine has no price unless the user's table gives one.
"""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field, ValidationError

from summarizer.domain.base import Value
from summarizer.domain.report import Tokens
from summarizer.errors import SettingsError

if TYPE_CHECKING:
    from genai_prices.types import PriceCalculation

Price = Callable[[Tokens], float | None]
"""Gives what the tokens of one draft cost, in USD; None, whatever the tokens, where no price is known."""

_DIGITS = 10
"""Decimal places of a USD that are kept: a token costs more than that, a float's noise does not."""

_BATCH = {"processing": "batch"}

_SHAPE = 'Name models in quotes, as ["gpt-4.1"]; then input and output, in USD per million tokens.'


class Rates(Value):
    """Prices of one model in USD per million tokens; cached input costs what input does unless given."""

    input: float = Field(ge=0, allow_inf_nan=False)
    cached_input: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    output: float = Field(ge=0, allow_inf_nan=False)

    def halved(self) -> "Rates":
        """Return half of these prices, which is what a provider's batch costs."""
        cached = None if self.cached_input is None else self.cached_input / 2
        return Rates(input=self.input / 2, cached_input=cached, output=self.output / 2)

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


def pricing(model: str, endpoint: str, table: Mapping[str, Rates], *, batch: bool = False) -> Price:
    """Return the price of a model's tokens: the table's, where it names the model, or else the library's.

    In a provider's batch the table's prices are halved; of the library's, those for batches are taken, and
    a model for which it lists none has none.

    Args:
        model: The model's name at the endpoint; the table may write ``openai/`` in front.
        endpoint: The endpoint's base URL.
        table: The user's own prices.
        batch: Whether the tokens are those of a provider's batch.
    """
    rates = table.get(model) or table.get(f"openai/{model}")
    if rates is None:
        return lambda tokens: _listed(model, endpoint, tokens, batch=batch)
    return rates.halved().cost if batch else rates.cost


def is_known(price: Price) -> bool:
    """Tell whether there is a price at all."""
    return price(Tokens()) is not None


def _listed(model: str, endpoint: str, tokens: Tokens, *, batch: bool = False) -> float | None:
    """Look a price up in the library; None where it does not know both what input and output cost."""
    from genai_prices import Usage, calc_price

    usage = Usage(
        input_tokens=tokens.input,
        cache_read_tokens=min(tokens.cached_input, tokens.input),
        output_tokens=tokens.output,
    )
    try:
        found = calc_price(usage, model, provider_api_url=endpoint, price_context=_BATCH if batch else None)
        usual = calc_price(usage, model, provider_api_url=endpoint) if batch else None
    except LookupError:
        return None
    # Where it lists no price for batches it gives the usual one.
    if None in _rates_of(found) or (usual and _rates_of(found) == _rates_of(usual)):
        return None
    return round(float(found.total_price), _DIGITS)


def _rates_of(found: "PriceCalculation") -> tuple[object, object]:
    return getattr(found.model_price, "input_mtok", None), getattr(found.model_price, "output_mtok", None)


def _rates(model: str, given: object, where: str) -> Rates:
    try:
        return Rates.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(map(str, (model, *first["loc"])))
        raise SettingsError(f"{field}: {first['msg']}.", where=where, mend=_SHAPE) from None
