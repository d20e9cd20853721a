"""Scores as JUnit XML, which CI systems show: a test a case, and one a floor of the gate."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from summarizer.evaluation.baseline import Difference, Flip
from summarizer.evaluation.gate import FailedFloor, Floors
from summarizer.evaluation.score import CaseScore, Scores
from summarizer.text.folding import printable


def render_junit(
    scores: Scores, floors: Floors, failed: Sequence[FailedFloor], difference: Difference | None
) -> str:
    """Return one suite of cases and one of gates.

    A case fails where it has no report, or where a row got worse since the baseline; a gate where its floor
    does not hold.
    """
    flips = difference.flips if difference else ()
    root = ET.Element("testsuites", name="summarizer eval")
    worse = {c.id: [f for f in flips if f.worse and f.case == c.id] for c in scores.cases}
    _suite(root, "cases", [(c.id, _case_fault(c, worse[c.id])) for c in scores.cases])
    fallen = {f.metric: f"{f}." for f in failed}
    fallen |= {
        m.metric: f"{m.metric} fell by {-m.change:.3f}, p = {m.p:.3f}."
        for m in (difference.worse if difference else ())
    }
    _suite(root, "gates", [(name, fallen.get(name)) for name in dict.fromkeys((*floors, *fallen))])
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case_fault(case: CaseScore, worse: Sequence[Flip]) -> str | None:
    if case.failure is not None:
        return case.failure
    return "\n".join(f"{f.row} {f.metric}: {f.why}" for f in worse) or None


def _suite(root: ET.Element, name: str, tests: Sequence[tuple[str, str | None]]) -> None:
    failures = sum(fault is not None for _, fault in tests)
    suite = ET.SubElement(root, "testsuite", name=name, tests=str(len(tests)), failures=str(failures))
    for test, fault in tests:
        case = ET.SubElement(suite, "testcase", classname=f"summarizer.{name}", name=printable(test))
        if fault is not None:
            first = printable(fault.splitlines()[0])
            ET.SubElement(case, "failure", message=first).text = printable(fault)
