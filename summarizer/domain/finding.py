"""A finding: what a check saw, as data."""

from typing import Literal

from summarizer.domain.base import Value

Severity = Literal["error", "warning", "note"]


class Finding(Value):
    """What a check found and where; its message is fit for a person and for a second request.

    Attributes:
        check: Name of the check, such as ``figures``.
        severity: ``error`` goes back to the writer while attempts are left; ``warning`` and ``note`` do not.
        where: Path into the report: ``headline``, ``summary[1]``, ``claims[c3]``,
            ``claims[c3].positions[0]``, ``conflicts[0]``, ``loaded[2]``, ``article`` or ``report``.
        message: One or two sentences: what is wrong, and what would mend it.
    """

    check: str
    severity: Severity
    where: str
    message: str
