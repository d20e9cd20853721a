"""How far two annotators agree."""

from pathlib import Path

import pytest

from summarizer.errors import MalformedInput
from summarizer.evaluation.agreement import agreement, kappa, load_passes
from summarizer.evaluation.gold import Case


def changed(case: Case) -> Case:
    """Label as the case, but with one row's key and one position's hedge the other way, and one row less."""
    claims = list(case.gold.claims[:-1])
    claims[0] = claims[0].model_copy(update={"key": not claims[0].key})
    soft = claims[9].positions[0].model_copy(update={"hedged": True})
    claims[9] = claims[9].model_copy(update={"positions": (soft,)})
    return Case(case.article, case.gold.model_copy(update={"claims": tuple(claims)}))


def test_the_same_labels_agree_in_everything(case: Case) -> None:
    """Two equal passes: 1 in every field, kappa 1."""
    found = agreement([(case, case)])
    assert {a.share for a in found} == {1.0}
    assert {a.kappa for a in found} <= {None, 1.0}


def test_a_difference_lowers_its_own_field(case: Case) -> None:
    """A key turned and a hedge turned show in these fields; the stance is untouched."""
    found = {a.field: a for a in agreement([(case, changed(case))])}
    rows = len(case.gold.claims)
    assert found["rows found (F1)"].share == pytest.approx(2 * (rows - 1) / (2 * rows - 1))
    assert found["key (kappa)"].share == pytest.approx((rows - 2) / (rows - 1))
    assert found["hedged"].share != 1
    assert found["stance"].share == 1
    assert found["contested rows (F1)"].share != 1


def test_kappa_takes_chance_out() -> None:
    """Of 20 pairs 15 agree, chance would give half: kappa .5. Where all is one value there is none."""
    pairs = [(True, True)] * 8 + [(False, False)] * 7 + [(True, False)] * 2 + [(False, True)] * 3
    assert kappa(pairs) == pytest.approx(0.5, abs=0.01)
    assert kappa([(True, True)] * 5) is None
    assert kappa([]) is None


def test_passes_are_read_from_a_folder_an_annotator(folder: Path, tmp_path: Path) -> None:
    """A case counts where both labelled it; labels that do not fit the article are refused."""
    labels = (folder / "gold.yaml").read_text("utf-8")
    for letter in "AB":
        (tmp_path / letter).mkdir()
    (tmp_path / "A" / f"{folder.name}.yaml").write_text(labels, encoding="utf-8")
    assert load_passes(tmp_path, [folder]) == []
    (tmp_path / "B" / f"{folder.name}.yaml").write_text(labels, encoding="utf-8")
    ((a, b),) = load_passes(tmp_path, [folder])
    assert a.gold == b.gold
    (tmp_path / "B" / f"{folder.name}.yaml").write_text(
        labels.replace("sha256: ", "sha256: 0"), encoding="utf-8"
    )
    with pytest.raises(MalformedInput, match="another text"):
        load_passes(tmp_path, [folder])
