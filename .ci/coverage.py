"""Coverage of branches, from the JSON of coverage.py; an error if it is below what is promised."""

import json
import sys
from pathlib import Path

PROMISED = 95.0  # percent of branches

found = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
totals = found["totals"]
covered = 100 * totals["covered_branches"] / totals["num_branches"]
worst = sorted(found["files"].items(), key=lambda item: -item[1]["summary"]["missing_branches"])[:10]
for name, file in worst:
    summary = file["summary"]
    print(f"{summary['missing_branches']:5} of {summary['num_branches']} branches are not reached in {name}")
print(
    f"coverage of branches {covered:.1f} % ({totals['covered_branches']:,} of {totals['num_branches']:,}), "
    f"of lines {100 * totals['covered_lines'] / totals['num_statements']:.1f} %"
)
if covered < PROMISED:
    raise SystemExit(f"below the promised {PROMISED} % of branches")
