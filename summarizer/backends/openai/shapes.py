"""What instructor is handed in a wire shape's place: made once, where instructor alone would make it anew.

For each call instructor builds a class from the response model and that class's schema, and walks through
all its fields several times; for a table as ours that is more work than all that is done with the answer.
The stand-in has no fields: it gives the shape's schema, reads an answer into the shape, and holds it.
"""

from functools import cache
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

_Shape = TypeVar("_Shape", bound=BaseModel)


class Held(Generic[_Shape]):
    """An answer that met its schema; what the stand-in gives instructor back.

    Attributes:
        answer: The answer, as the shape.
    """

    __slots__ = ("answer",)

    def __init__(self, answer: _Shape) -> None:
        self.answer = answer


@cache
def stand_in(shape: type[BaseModel]) -> type[BaseModel]:
    """Return what to give instructor as ``response_model``; the call then returns a :class:`Held`.

    Errors of validation are those of the shape, but for the answer, which they do not quote: instructor
    logs them.
    """
    from instructor.processing.function_calls import response_schema

    discreet: Any = type(
        shape.__name__,
        (shape,),
        {"__module__": __name__, "model_config": ConfigDict(hide_input_in_errors=True)},
    )
    schema = shape.model_json_schema()

    class StandIn(BaseModel):
        @classmethod
        def model_json_schema(cls, *_args: Any, **_options: Any) -> dict[str, Any]:
            return schema

        @classmethod
        def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Any:
            try:
                return Held(shape.model_validate_json(json_data, **options))
            except ValidationError:
                pass
            return discreet.model_validate_json(json_data, **options)  # raises the same, without the answer

    StandIn.__name__ = shape.__name__
    return response_schema(StandIn)
