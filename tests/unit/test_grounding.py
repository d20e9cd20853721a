"""Grounding: pointers become exact spans, and what could not be tied is said."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.domain.article import Article
from summarizer.domain.draft import (
    Draft,
    DraftClaim,
    DraftConflict,
    DraftLoaded,
    DraftPosition,
    DraftSentence,
    Pointer,
)
from summarizer.domain.grounded import GroundedDraft
from summarizer.domain.sentences import Sentence, Sentences
from summarizer.grounding import ground

LINES = (
    "Share this page",
    "The port of Venn said as many as 250 crates were lost, and denied that the crane had failed.",
    "“The crane was fine,” said its director, Oda Lisk.",
    "The savage storm lasted 3.8 hours on Monday; the storm had not been forecast.",
    "Ferries to Tarn are running again.",
)
TEXT = "\n\n".join((LINES[0], f"{LINES[1]} {LINES[2]}", *LINES[3:]))


def sentences() -> Sentences:
    """Return the lines of ``TEXT`` as its sentences; the first is furniture."""
    items, paragraphs = [], (1, 2, 2, 3, 4)
    for number, (line, paragraph) in enumerate(zip(LINES, paragraphs, strict=True), start=1):
        start = TEXT.index(line)
        items.append(Sentence(number, start, start + len(line), paragraph, furniture=number == 1))
    return Sentences(TEXT, tuple(items))


def position(*pointers: Pointer, source: str = "article", **rest: object) -> DraftPosition:
    """Return a position with evidence."""
    return DraftPosition.model_validate({"source": source, "evidence": pointers, **rest})


def claim(
    number: int, *positions: DraftPosition, text: str = "The crane failed.", **rest: object
) -> DraftClaim:
    """Return a row."""
    return DraftClaim.model_validate({"id": number, "text": text, "positions": positions, **rest})


def grounded(*claims: DraftClaim, published: date | None = None, **rest: object) -> GroundedDraft:
    """Ground a draft with these rows; headline and summary cite the first."""
    cited = DraftSentence(text="A crane failed.", claims=(claims[0].id,) if claims else ())
    draft = Draft.model_validate({"headline": cited, "summary": (cited,), "claims": claims, **rest})
    return ground(draft, Article(text=TEXT, published=published), sentences())


def only(result: GroundedDraft) -> str:
    """Return the message of the only finding."""
    (finding,) = result.untied
    return finding.message


def quotes(result: GroundedDraft, row: int = 0) -> list[str]:
    """Return the evidence of a row's first position."""
    return [e.quote for e in result.claims[row].positions[0].evidence]


def test_a_bare_pointer_gives_the_whole_sentence() -> None:
    """Without an anchor the sentence itself is the evidence."""
    result = grounded(claim(1, position(Pointer(sentence=4))))
    assert quotes(result) == [LINES[3]]
    assert result.untied == ()


def test_an_anchor_gives_exactly_its_run() -> None:
    """An anchor narrows the evidence to its own characters, typography aside."""
    result = grounded(claim(1, position(Pointer(sentence=3, anchor='"The crane  was fine,"'))))
    assert quotes(result) == ["“The crane was fine,”"]
    assert result.untied == ()


def test_an_anchor_is_never_found_in_another_sentence() -> None:
    """An anchor that stands elsewhere is refused; its sentence stands as evidence and a finding says so."""
    result = grounded(claim(1, position(Pointer(sentence=2, anchor="The crane was fine"))))
    assert quotes(result) == [LINES[1]]
    assert "does not stand" in only(result)
    assert result.untied[0].severity == "error"


def test_a_nearly_right_anchor_is_refused() -> None:
    """One changed figure is enough to refuse an anchor."""
    result = grounded(claim(1, position(Pointer(sentence=2, anchor="as many as 260 crates"))))
    assert quotes(result) == [LINES[1]]
    assert "as many as 260 crates" in only(result)


def test_an_anchor_may_not_cut_a_word_or_a_number() -> None:
    """An anchor that ends inside a number would forge a figure."""
    for number, anchor in ((2, "as many as 25"), (4, "storm lasted 3"), (4, "8 hours on Monday")):
        result = grounded(claim(1, position(Pointer(sentence=number, anchor=anchor))))
        assert quotes(result) == [LINES[number - 1]]
        assert len(result.untied) == 1


def test_a_short_or_repeated_anchor_is_refused() -> None:
    """An anchor has to say which words are meant."""
    short = grounded(claim(1, position(Pointer(sentence=2, anchor="crane"))))
    repeated = grounded(claim(1, position(Pointer(sentence=4, anchor="storm"))))
    assert "shorter than" in only(short)
    assert quotes(repeated) == [LINES[3]]
    twice = grounded(claim(1, position(Pointer(sentence=4, anchor="storm l"))))
    assert len(twice.untied) == 1


def test_a_pointer_beyond_the_article_gives_no_span() -> None:
    """A sentence that does not exist is no evidence; both that and the empty position are said."""
    result = grounded(claim(1, position(Pointer(sentence=9))))
    assert quotes(result) == []
    assert [f.where for f in result.untied] == ["claims[c1].positions[0]"] * 2


def test_furniture_is_no_evidence() -> None:
    """A pointer at page furniture gives no span."""
    result = grounded(claim(1, position(Pointer(sentence=1))))
    assert quotes(result) == []
    assert any("furniture" in f.message for f in result.untied)


def test_a_row_without_positions_stays_in_the_table() -> None:
    """What could not be tied is said, never dropped."""
    result = grounded(claim(1))
    assert [c.id for c in result.claims] == ["c1"]
    assert "has no position" in only(result)


def test_neighbouring_and_repeated_spans_become_one() -> None:
    """Spans side by side in a paragraph are one, in reading order; over a blank line they stay apart."""
    pointers = (Pointer(sentence=5), Pointer(sentence=3), Pointer(sentence=2), Pointer(sentence=3))
    assert quotes(grounded(claim(1, position(*pointers)))) == [f"{LINES[1]} {LINES[2]}", LINES[4]]


def test_positions_that_say_the_same_are_merged() -> None:
    """One source with one stance is one position with all its evidence and aliases."""
    first = position(Pointer(sentence=2), source="Port of Venn", aliases=("the port",))
    second = position(Pointer(sentence=4), source="port of Venn", aliases=("Venn",))
    other = position(Pointer(sentence=2), source="Port of Venn", stance="denies")
    merged, denial = grounded(claim(1, first, other, second)).claims[0].positions
    assert (len(merged.evidence), merged.aliases) == (2, ("the port", "Venn"))
    assert denial.stance == "denies"


def test_rows_are_numbered_in_draft_order_and_citations_follow() -> None:
    """Draft ids of any kind become c1, c2 … everywhere."""
    rows = (claim(40, position(Pointer(sentence=2))), claim(7, position(Pointer(sentence=4))))
    pair = DraftConflict(claims=(7, 40), why="both")
    summary = (DraftSentence(text="A.", claims=(7, 40, 7)),)
    result = grounded(*rows, conflicts=(pair, pair), summary=summary)
    assert [c.id for c in result.claims] == ["c1", "c2"]
    assert result.summary[0].claims == ("c2", "c1")
    assert [c.claims for c in result.conflicts] == [("c2", "c1")]


def test_a_citation_of_no_row_is_dropped_and_said() -> None:
    """Unknown ids never reach the report; a sentence left without a row is said too."""
    row = claim(1, position(Pointer(sentence=2)))
    result = grounded(row, summary=(DraftSentence(text="Rain fell.", claims=(5,)),))
    assert result.summary[0].claims == ()
    assert [f.where for f in result.untied] == ["summary[0]", "summary[0]"]
    assert "Rain fell." in result.untied[1].message


def test_a_source_on_both_sides_of_a_row_is_a_conflict() -> None:
    """A named source that asserts and denies one row makes it a conflict with itself, listed or not, once."""
    sides = (position(Pointer(sentence=2)), position(Pointer(sentence=4), stance="denies"))
    listed = DraftConflict(claims=(1, 1), why="withdrawn")
    assert [c.claims for c in grounded(claim(1, *sides)).conflicts] == [("c1", "c1")]
    assert [c.why for c in grounded(claim(1, *sides), conflicts=(listed,)).conflicts] == ["withdrawn"]
    nameless = [
        position(Pointer(sentence=n), source="unnamed: a diver", stance=s)
        for n, s in ((2, "asserts"), (4, "denies"))
    ]
    assert grounded(claim(1, *nameless)).conflicts == ()


def test_a_conflict_with_no_row_is_dropped_and_said() -> None:
    """A conflict of an unknown row is not listed."""
    row = claim(1, position(Pointer(sentence=2)))
    result = grounded(row, conflicts=(DraftConflict(claims=(1, 3), why="?"),))
    assert result.conflicts == ()
    assert "rows 1 and 3" in only(result)


def test_the_first_of_two_rows_keeps_a_shared_id() -> None:
    """Two rows with one id both stay; citations mean the first."""
    result = grounded(claim(1, position(Pointer(sentence=2))), claim(1, position(Pointer(sentence=4))))
    assert len(result.claims) == 2
    assert result.headline.claims == ("c1",)
    assert "id 1" in only(result)


def test_loaded_wording_is_located_or_left_out() -> None:
    """Loaded wording is a span of the article; what is not found is not listed, with a warning."""
    row = claim(1, position(Pointer(sentence=4)))
    wording = (
        DraftLoaded(sentence=4, text="savage", neutral="heavy"),
        DraftLoaded(sentence=4, text="brutal"),
        DraftLoaded(sentence=99, text="savage"),
    )
    result = grounded(row, loaded=wording)
    assert [(TEXT[w.start : w.end], w.neutral) for w in result.loaded] == [("savage", "heavy")]
    assert [f.severity for f in result.untied] == ["warning", "warning"]


def test_a_draft_may_add_furniture() -> None:
    """Furniture named by the draft is listed beside that known by rule, and marked in the sentences."""
    result = grounded(claim(1, position(Pointer(sentence=2))), furniture=(5,))
    assert [TEXT[s.start : s.end] for s in result.furniture] == [LINES[0], LINES[4]]
    assert [s.number for s in result.sentences.body] == [2, 3, 4]


def test_cited_sentences_are_no_furniture() -> None:
    """Where a draft both cites a sentence and calls it furniture, evidence wins."""
    result = grounded(claim(1, position(Pointer(sentence=5))), furniture=(5,))
    assert len(result.furniture) == 1
    assert quotes(result) == [LINES[4]]
    assert result.untied[0].severity == "warning"


def test_a_draft_cannot_call_most_of_an_article_furniture() -> None:
    """Beyond half of the body the draft's furniture is ignored as a whole."""
    result = grounded(claim(1, position(Pointer(sentence=5))), furniture=(2, 3, 4))
    assert len(result.furniture) == 1
    assert "half" in only(result)


def test_figures_are_read_from_the_row() -> None:
    """A row's figures keep the bound its text gives."""
    result = grounded(claim(1, position(Pointer(sentence=2)), text="As many as 250 crates were lost."))
    assert [(f.low, f.high) for f in result.claims[0].figures] == [(None, 250)]


def test_times_are_resolved_against_the_day_of_publication() -> None:
    """The draft's words win over those of the row's text; days are given where the article fixes them."""
    row = claim(1, position(Pointer(sentence=4)), text="A storm struck on Tuesday.", when="on Monday")
    when = grounded(row, published=date(2024, 3, 6)).claims[0].when
    assert when is not None
    assert (when.text, when.start, when.end) == ("on Monday", date(2024, 3, 4), date(2024, 3, 4))
    unsaid = (
        grounded(claim(1, position(Pointer(sentence=4)), text="A storm struck on Tuesday.")).claims[0].when
    )
    assert unsaid is not None
    assert unsaid.start is None


numbers = st.integers(-2, 9)
words = st.text(alphabet="ab 1.,\n\u00a0“", max_size=12)
pointers = st.builds(Pointer, sentence=numbers, anchor=st.none() | words)
drafts = st.builds(
    Draft,
    headline=st.builds(DraftSentence, text=words, claims=st.tuples(numbers)),
    summary=st.tuples(st.builds(DraftSentence, text=words, claims=st.tuples(numbers, numbers))),
    claims=st.lists(
        st.builds(
            DraftClaim,
            id=numbers,
            text=words,
            positions=st.lists(
                st.builds(DraftPosition, source=words, evidence=st.lists(pointers, max_size=4).map(tuple)),
                max_size=3,
            ).map(tuple),
        ),
        max_size=4,
    ).map(tuple),
    conflicts=st.tuples(st.builds(DraftConflict, claims=st.tuples(numbers, numbers), why=words)),
    loaded=st.tuples(st.builds(DraftLoaded, sentence=numbers, text=words)),
    furniture=st.lists(numbers, max_size=3).map(tuple),
)


@st.composite
def cut_texts(draw: st.DrawFn) -> Sentences:
    """Draw a text cut into sentences somewhere."""
    parts = draw(st.lists(st.text(alphabet="ab12.,“ \u00a0é", min_size=1, max_size=20), max_size=6))
    text = ""
    items: list[Sentence] = []
    for part in parts:
        core = part.strip() or "a"
        text += draw(st.sampled_from([" ", "\n\n", "\n"]))
        items.append(
            Sentence(len(items) + 1, len(text), len(text) + len(core), len(items), draw(st.booleans()))
        )
        text += core
    return Sentences(text, tuple(items))


@settings(deadline=None)
@given(drafts, cut_texts())
def test_every_span_is_exact_and_nothing_is_dropped(draft: Draft, cut: Sentences) -> None:
    """Whatever a draft says: spans quote the article, rows stay, ids exist, empty evidence is said."""
    result = ground(draft, Article(text=cut.text, id="a"), cut)
    evidence = [e for c in result.claims for p in c.positions for e in p.evidence]
    assert all(cut.text[e.start : e.end] == e.quote and e.quote for e in evidence)
    assert all(cut.text[w.start : w.end] == w.text for w in result.loaded)
    assert len(result.claims) == len(draft.claims)
    ids = {c.id for c in result.claims}
    cited = [*result.headline.claims, *(i for s in result.summary for i in s.claims)]
    assert {*cited, *(i for c in result.conflicts for i in c.claims)} <= ids
    said = {f.where for f in result.untied}
    for c in result.claims:
        assert c.positions or f"claims[{c.id}]" in said
        for index, p in enumerate(c.positions):
            assert p.evidence or f"claims[{c.id}].positions[{index}]" in said
