#!/usr/bin/env python3
"""Integration methods over decks: error against work.

    cargo build --release
    benchmarks/methods.py [DECK ...]

Each transient deck (default: those of tests/references and benchmarks/decks) runs with every method and with default tolerances. Work is the number of Newton iterations, CPU time where a run is long enough to tell. The error is the rms deviation of
all node voltages from a run with reltol=1e-7, on 2,001 equal steps of time, in fractions of the largest peak-to-peak value. For each
method the last lines have the geometric means over the decks of the error and the iterations at default tolerances, and of error times
iterations squared: every method is of second order, so that this does not change with the step, and what is less is more exact at equal
work.
"""
import csv, glob, json, math, os, resource, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
OURS = os.path.join(HERE, "..", "target", "release", "ferrospice")
METHODS = ["trap", "gear", "trbdf2"]
POINTS = 2001
# Below it the reference is not better.
LEAST = 1e-12


def run(deck, options, folder):
    """Vectors of a run by name, Newton iterations and CPU seconds; None where it fails."""
    with open(deck, encoding="utf-8", errors="replace") as file:
        lines = file.read().splitlines()
    path = os.path.join(os.path.dirname(deck), f".methods_{os.getpid()}.cir")
    table, report = os.path.join(folder, "out.csv"), os.path.join(folder, "out.json")
    with open(path, "w", encoding="utf-8") as file:
        end = next((k for k, line in enumerate(lines) if line.strip().lower() == ".end"), len(lines))
        # Behind the deck's own options, which it replaces.
        file.write("\n".join(lines[:end] + [options, ".end"]) + "\n")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        done = subprocess.run([OURS, "run", "-q", path, "--csv", table, "--json", report], capture_output=True, timeout=120)
    except subprocess.TimeoutExpired:
        return None
    finally:
        os.remove(path)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        return None
    with open(table) as file:
        rows = list(csv.reader(line for line in file if not line.startswith("#")))
    columns = {name: [float(row[k]) for row in rows[1:]] for k, name in enumerate(rows[0])}
    time = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return columns, iterations(json.load(open(report))), time


def iterations(value):
    """The sum of all numbers named newton_iterations or iterations."""
    if isinstance(value, dict):
        own = sum(v for k, v in value.items() if k in ("newton_iterations", "iterations") and isinstance(v, (int, float)))
        return own + sum(iterations(v) for v in value.values())
    return sum(map(iterations, value)) if isinstance(value, list) else 0


def resampled(columns):
    time = columns["time"]
    names = [name for name in columns if name.startswith("v(")]
    result, k = {name: [] for name in names}, 1
    for point in range(POINTS):
        at = time[0] + (time[-1] - time[0]) * point / (POINTS - 1)
        while k < len(time) - 1 and time[k] < at:
            k += 1
        span = time[k] - time[k - 1]
        part = (at - time[k - 1]) / span if span else 0.0
        for name in names:
            values = columns[name]
            result[name].append(values[k - 1] + part * (values[k] - values[k - 1]))
    return result


def error(found, reference):
    names = [name for name in reference if name in found]
    span = max((max(reference[n]) - min(reference[n]) for n in names), default=0) or 1
    squares = [sum((a - b) ** 2 for a, b in zip(found[n], reference[n])) / POINTS for n in names]
    return math.sqrt(sum(squares) / max(len(names), 1)) / span


def mean(values):
    values = [max(value, 1e-300) for value in values]
    return math.exp(sum(map(math.log, values)) / len(values)) if values else float("nan")


def main():
    decks = sys.argv[1:] or sorted(glob.glob(os.path.join(HERE, "../tests/references/*tran*.cir"))
                                   + glob.glob(os.path.join(HERE, "../netlists/basics/*.cir"))
                                   + glob.glob(os.path.join(HERE, "../netlists/memristors/*.cir")))
    table = {method: [] for method in METHODS}
    print("| deck | " + " | ".join(f"{m}: error, iterations" for m in METHODS) + " |")
    with tempfile.TemporaryDirectory() as folder:
        for deck in decks:
            tight = run(deck, ".options reltol=1e-7 vntol=1e-10 abstol=1e-16 method=trbdf2", folder)
            if tight is None or "time" not in tight[0] or len(tight[0]["time"]) < 3:
                continue
            reference, rows = resampled(tight[0]), {}
            for method in METHODS:
                result = run(deck, f".options method={method}", folder)
                if result is not None:
                    off, work = max(error(resampled(result[0]), reference), LEAST), max(result[1], 1)
                    rows[method] = (off, work, off * work * work, result[2])
            if len(rows) == len(METHODS):
                name = os.path.splitext(os.path.basename(deck))[0]
                print(f"| {name} | " + " | ".join(f"{rows[m][0]:.1e}, {rows[m][1]}" for m in METHODS) + " |", flush=True)
                for method in METHODS:
                    table[method].append(rows[method])
    for method in METHODS:
        rows = table[method]
        figures = [mean([row[k] for row in rows]) for k in range(3)]
        print(f"{method}: {len(rows)} decks, error {figures[0]:.2e}, iterations {figures[1]:.0f}, error * iterations^2 {figures[2]:.2g}, "
              f"CPU {sum(row[3] for row in rows):.2f} s")


main()
