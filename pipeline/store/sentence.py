"""An arm's regimen as one readable sentence with doses, for the view `evidence`.

Place in the flow: used by `rows`. Everything in the sentence is printed in the paper or is a field of the arm; nothing
is guessed. Example: "tacrolimus 0.05-0.1 mg/kg/day twice daily for 6 months (target 5-10 ng/mL) + prednisolone".
"""

from __future__ import annotations

from pipeline.evidence import Arm, DrugUse


def regimen_sentence(arm: Arm) -> str | None:
    """The drugs of an arm with dose, schedule, route and duration; None for an arm without drugs."""
    parts: list[str] = []
    for use in arm.drugs:
        part = _use(use)
        if part not in parts:
            parts.append(part)
    return " + ".join(parts) or None


def _use(use: DrugUse) -> str:
    words = [use.drug]
    if use.dose:
        words.append(" ".join(use.dose.text.split()))
    frequency = use.frequency or (use.dose.frequency if use.dose else None)
    for extra in (frequency, use.route):
        if extra and extra.lower() not in " ".join(words).lower():
            words.append(extra)
    if use.duration and use.duration.lower() not in " ".join(words).lower():
        words.append(use.duration if use.duration.lower().startswith(("for ", "until")) else f"for {use.duration}")
    if use.target:
        words.append(f"(target {' '.join(use.target.text.split())})")
    return " ".join(words)
