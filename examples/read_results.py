"""Reads what `collapse run smoke --out smoke --trials-file` left:  python3 examples/read_results.py smoke

The table needs the standard library alone. Single trials are in trials.parquet, which pyarrow, polars or duckdb read.
"""

import csv
import json
import math
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
manifest = json.loads((folder / "results.json").read_text())["manifest"]
print(f"collapse-lab {manifest['version']}, {manifest['backend']}, seed {manifest['seed']}")

with open(folder / "table.csv", newline="", encoding="utf-8-sig") as file:
    rows = list(csv.DictReader(file))
for row in rows:
    mean, sem = float(row["mean"]), float(row["sem"])
    print(row["generations"], f"{mean:.4f} ± {1.96 * sem:.4f}", "theory", row["theory"])

try:
    import pyarrow.parquet
except ImportError:
    print("With pyarrow (pip install pyarrow) single trials can be read too.")
    sys.exit()
trials = pyarrow.parquet.read_table(folder / "trials.parquet").to_pydict()
errors = [error for error in trials["error"] if math.isfinite(error)]
print(len(errors), "errors of single trials, mean", sum(errors) / len(errors))
