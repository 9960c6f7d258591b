"""Peak and present memory of this process, in megabytes.

Place in the flow: used where the benchmark measures. Linux can reset the peak, so that of one piece of work is known;
elsewhere it is the peak of the process so far.
"""

from __future__ import annotations

import re
from pathlib import Path

_STATUS = Path("/proc/self/status")


def reset_peak() -> None:
    """Begin a new peak here, where the system can."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def peak_megabytes() -> float:
    """Highest resident memory since the last reset."""
    return _from_status("VmHWM") or _from_usage()


def resident_megabytes() -> float:
    """Resident memory now."""
    return _from_status("VmRSS") or _from_usage()


def _from_status(name: str) -> float:
    try:
        found = re.search(rf"^{name}:\s+(\d+) kB", _STATUS.read_text(encoding="ascii"), re.MULTILINE)
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


def _from_usage() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
