"""All checks together."""

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summarizer.checks import CHECKS, judge
from summarizer.domain.article import Article
from summarizer.domain.draft import Draft, DraftClaim, DraftPosition, DraftSentence, Pointer
from summarizer.domain.grounded import GroundedDraft
from summarizer.grounding import ground
from summarizer.text.sentences import split

Spoil = Callable[..., GroundedDraft]


def test_a_good_draft_passes(spoil: Spoil) -> None:
    """A careful draft gives no finding at all."""
    assert judge(spoil()) == ()


def test_what_could_not_be_tied_comes_first(spoil: Spoil) -> None:
    """Grounding's findings are passed through, before those of the checks."""
    grounded = spoil({5: {"positions": [{"source": "article", "evidence": [{"sentence": 77}]}]}})
    assert grounded.untied
    assert judge(grounded)[: len(grounded.untied)] == grounded.untied


def test_each_finding_is_said_once(spoil: Spoil) -> None:
    """No finding is repeated, however often a draft repeats its fault."""
    sentence = {"text": "Rain fell.", "claims": [1, 99, 99]}
    found = judge(spoil(summary=[sentence, sentence]))
    assert len(found) == len(set(found))


def test_messages_are_short_and_name_their_check(spoil: Spoil) -> None:
    """A message fits a second request: at most 250 characters, on one line."""
    spoiled = spoil(
        {
            1: {
                "text": "A barbaric blast butchered 14,999 dock workers in Ulm, " + "very " * 80 + "late.",
                "positions": [],
            }
        },
        headline={"text": "{{ x }}", "claims": []},
        summary=[{"text": "Eleven died. " * 60, "claims": [1, 3]}],
    )
    found = judge(spoiled)
    assert {"evidence", "leaks", "names", "loaded"} <= {f.check for f in found}
    assert all(len(f.message) <= 250 and "\n" not in f.message for f in found)


def test_there_is_one_check_a_name() -> None:
    """The tuple of checks holds no check twice."""
    assert len(set(CHECKS)) == len(CHECKS) == 11


hostile = st.text(alphabet="aB1 .,\n\u00a0“”'{%<\x00\x1b\u202e\u200bß", max_size=40)
drafts = st.builds(
    Draft,
    headline=st.builds(DraftSentence, text=hostile, claims=st.just((1,))),
    summary=st.tuples(st.builds(DraftSentence, text=hostile, claims=st.just((1, 2)))),
    claims=st.tuples(
        *(
            st.builds(
                DraftClaim,
                id=st.just(number),
                text=hostile,
                key=st.booleans(),
                positions=st.tuples(
                    st.builds(
                        DraftPosition,
                        source=hostile,
                        via=st.none() | hostile,
                        stance=st.sampled_from(["asserts", "denies", "does_not_confirm"]),
                        hedged=st.booleans(),
                        evidence=st.tuples(
                            st.builds(Pointer, sentence=st.integers(0, 4), anchor=st.none() | hostile)
                        ),
                    )
                ),
            )
            for number in (1, 2)
        )
    ),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(drafts, hostile)
def test_no_draft_and_no_article_crashes_a_check(draft: Draft, text: str) -> None:
    """A verdict is data: whatever the texts hold, judging ends in findings."""
    grounded = ground(draft, Article(text=text, id="a"), split(text))
    assert all(f.message for f in judge(grounded))
