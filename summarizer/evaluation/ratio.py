"""A measured share, and the reasons for what is missing from it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Miss:
    """One thing that cost a point: where (``c3`` of the labels, ``claims[c3]`` of the report) and why."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Ratio:
    """A measured share: ``numerator / denominator``, and what is missing from it."""

    numerator: float
    denominator: float
    misses: tuple[Miss, ...] = ()

    @property
    def value(self) -> float | None:
        """The share; None where there was nothing to measure."""
        return self.numerator / self.denominator if self.denominator else None

    def __add__(self, other: "Ratio") -> "Ratio":
        return Ratio(
            self.numerator + other.numerator,
            self.denominator + other.denominator,
            self.misses + other.misses,
        )
