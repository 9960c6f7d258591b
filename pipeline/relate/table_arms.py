"""Which arm the headers of a table point to: by name, by all parts of "A + B", by the dose where a drug has several.

Place in the flow: asked by `table_results` for every stack of headers. Headers that point to several arms, or on two
levels to two, point to none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations

from pipeline.evidence import Arm, Attribution, Label, Role
from pipeline.link.linker import Linker
from pipeline.relate.table_groups import core_name, head_name
from pipeline.relate.table_shares import SIZE

Resolve = Callable[[str], tuple[str, ...]]
_DOSED = re.compile(
    r"\d[\d.,]*\s?(?:mg|g|[µμ]g|mcg|IU|U|ml|%)?(?:/\w+)*\b|\b(?:group|arm|therapy|alone|daily|weekly)\b", re.IGNORECASE
)
_MAX_LABEL = 120
_ROLE = re.compile(
    r"(?:the )?(?:intervention|treatment|treated|study|experimental|active|case|test|control)s?"
    r"(?: group| arm| patients)?\W*(?:n\W*%?\W*|mean.*)?", re.IGNORECASE
)  # fmt: skip
_LINKER = Linker()


@dataclass(frozen=True, slots=True)
class TableArms:
    """Points from headers to the paper's arms."""

    arms: Mapping[str, Arm]
    resolve: Resolve
    abbreviations: Mapping[str, str]

    def of_stacks(self, stacks: set[tuple[str, ...]]) -> dict[tuple[str, ...], str | None]:
        """The one arm that each stack of headers points to, None if none or several.

        An arm that headers of different names point to is none either: the paper tells groups apart that we do not.
        """
        found = {stack: self._arm_of(stack) for stack in stacks}
        names: dict[str, set[str]] = {}
        for arm_id, name in filter(None, found.values()):
            known = core_name(name) in _cores(self.arms[arm_id])
            names.setdefault(arm_id, set()).add("" if known else re.sub(r"\W+", " ", name.lower()).strip())
        return {stack: one[0] if one and len(names[one[0]]) == 1 else None for stack, one in found.items()}

    def _arm_of(self, stack: tuple[str, ...]) -> tuple[str, str] | None:
        """The arm, and the header that names it."""
        if (whole := self._by_whole_name(stack)) is not None:
            return whole
        named: list[tuple[str, str]] = []
        for header in reversed(stack):
            name = SIZE.sub(" ", header).strip(" ,;:()")
            if not name or len(name) > _MAX_LABEL:
                continue
            found = self.of_dose(self._resolved(name), " ".join(stack))
            if len(found) == 1 and self._is_by_role(found[0], name):
                continue
            if len(found) == 1:
                named.append((found[0], name))
            elif found:
                return None
        # Heads of two levels that name two arms tell a group apart that is neither.
        return named[0] if len({arm_id for arm_id, _ in named}) == 1 else None

    def _is_by_role(self, arm_id: str, name: str) -> bool:
        """Whether "Intervention" was taken for the only arm read: the paper compares groups that are not known."""
        lone = sum(_is_compared(arm) for arm in self.arms.values()) == 1 and _is_compared(self.arms[arm_id])
        words = {word for one in (*self.arms[arm_id].drug_names, *_cores(self.arms[arm_id])) for word in one.split()}
        return lone and _ROLE.fullmatch(name.strip()) is not None and not words & set(core_name(name).split())

    def _by_whole_name(self, stack: tuple[str, ...]) -> tuple[str, str] | None:
        """The arm that the heads of a column name together: "Drug" over "0.75 mg", "Group 2"."""
        for start, end in combinations(range(len(stack) + 1), 2):
            name = head_name(stack[start:end])
            core = core_name(name)
            found = [arm.arm_id for arm in self.arms.values() if _is_compared(arm) and core and core in _cores(arm)]
            if len(found) == 1:
                return found[0], name
        return None

    def _resolved(self, name: str) -> tuple[str, ...]:
        """The arms of a header; of "A + B" those that have both, for a part alone names another arm."""
        parts = [_DOSED.sub(" ", part).strip(" ,;:()") for part in re.split(r"\s*\+\s*|\s+plus\s+", name)]
        exact = [
            arm.arm_id
            for arm in self.arms.values()
            if name.lower() in (one.lower() for one in (arm.name, *arm.aliases))
        ]
        if len(parts) < 2 or len(exact) == 1:
            return self.resolve(name)
        wanted = {self._drug_of(part) for part in parts}
        having = [arm for arm in self.arms.values() if _is_compared(arm) and wanted <= set(arm.drug_names)]
        fewest = min((len(arm.drug_names) for arm in having), default=0)
        return tuple(arm.arm_id for arm in having if len(arm.drug_names) == fewest)

    def _drug_of(self, part: str) -> str:
        concept = _LINKER.link(Label.DRUG, part, self.abbreviations)
        return (concept.name if concept else part).lower()

    def of_dose(self, found: tuple[str, ...], heads: str) -> tuple[str, ...]:
        """Of arms that differ by the dose of their drugs alone, the one whose dose the heads print."""
        arms = [self.arms[arm_id] for arm_id in found if arm_id in self.arms]
        if not arms or not arms[0].drug_names:
            return found
        kin = [arm for arm in self.arms.values() if arm.drug_names == arms[0].drug_names and _is_compared(arm)]
        if len(kin) < 2 or any(arm not in kin for arm in arms):
            return found
        fitting = [arm.arm_id for arm in kin if _prints_dose(arm, heads)]
        return tuple(fitting) if len(fitting) == 1 else tuple(arm.arm_id for arm in kin)

    def is_no_arm(self, label: str) -> bool:
        return not self.resolve(SIZE.sub(" ", label).strip(" ,;:()")) if len(label) <= _MAX_LABEL else True


def _cores(arm: Arm) -> set[str]:
    return {core_name(one) for one in (arm.name, *arm.aliases)}


def _is_compared(arm: Arm) -> bool:
    return arm.attribution is Attribution.OWN and arm.role in (Role.INTERVENTION, Role.COMPARATOR)


def _prints_dose(arm: Arm, heads: str) -> bool:
    """Whether heads print the dose that names the arm, the first of its drugs."""
    dose = next((use.dose for use in arm.drugs if use.dose is not None), None)
    if dose is None or dose.value is None:
        return False
    return re.search(rf"(?<![\d.]){re.escape(f'{dose.value:g}')}(?![\d.]*\d)", heads) is not None
