"""Outcomes put in order: each once, as soon as it may be."""

from hypothesis import given
from hypothesis import strategies as st

from summarizer.batch import failure
from summarizer.cli.order import InOrder
from summarizer.domain.report import Outcome
from summarizer.errors import InputNotFound
from summarizer.intake.unread import Unread


def outcome(index: int) -> Outcome:
    """Make a record that tells its index."""
    return failure(Unread(str(index), None, InputNotFound("gone.")), InputNotFound("gone."))


@given(st.permutations(range(12)), st.sets(st.integers(0, 11)))
def test_records_come_in_order_as_soon_as_they_may(order: list[int], missing: set[int]) -> None:
    """Never before one that is still to come; at the end those behind inputs without an outcome, too."""
    given: list[int] = []
    sink = InOrder(lambda one: given.append(int(one.article.id)))
    taken: set[int] = set()
    for index in (index for index in order if index not in missing):
        sink.take(index, outcome(index))
        taken.add(index)
        assert given == list(range(next(n for n in range(13) if n not in taken)))
    sink.close()
    assert given == sorted(taken)


def test_a_record_that_waited_is_the_record_that_came() -> None:
    """Nothing is lost on the way over the disk."""
    given: list[Outcome] = []
    sink = InOrder(given.append)
    sink.take(1, outcome(1))
    sink.take(0, outcome(0))
    sink.close()
    assert given == [outcome(0), outcome(1)]
