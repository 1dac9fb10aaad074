#!/usr/bin/env python3
"""Whole processes against ngspice on the decks of benchmarks/circuits: CPU time, memory, points and error.

    cargo build --release
    apt-get install ngspice; pip install numpy
    benchmarks/compare.py [--runs N] [--limit SECONDS] [--csv FILE] [NAME ...]

Each command runs `-b -r out.raw deck.cir`. CPU time (user + system) is the median of the runs, in turn, memory the peak of one process.
The error is that of one vector against the same simulator's run with tight tolerances (see `Circuit.tight`; trtol=1) and a quarter of
the largest step: rms at the run's own points, relative to the peak-to-peak value; of oscillators the deviation of the period, of what
jumps that of the jumps' times. `models` is the same difference between the two tight runs: what the simulators' equations, not their steps,
differ by. Decks are written to benchmarks/generated/, where tight runs are kept too.
"""
import argparse, csv, math, os, re, resource, shutil, statistics, subprocess, sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from circuits import analog, arrays, digital, small  # noqa: E402

OURS = os.path.join(HERE, "..", "target", "release", "ferrospice")
OUT = os.path.join(HERE, "generated")
SCALES = {"m": 1e-3, "u": 1e-6, "n": 1e-9, "p": 1e-12}
CIRCUITS = small.CIRCUITS + analog.CIRCUITS + digital.CIRCUITS + arrays.CIRCUITS


def run(command, raw, limit):
    """CPU seconds (infinite: more than `limit`) and peak memory in MB of one run; None if it fails."""
    if os.path.exists(raw):
        os.remove(raw)
    quiet = subprocess.DEVNULL
    bound = lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    # GNU time starts the process from a small one: a fork of this one would count as the peak of its memory.
    figures = os.path.join(OUT, f"time_{os.getpid()}.txt")
    timed = ["/usr/bin/time", "-o", figures, "-f", "%M"] + command
    cpu = lambda: sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    before = cpu()
    failed = subprocess.run(timed, stdin=quiet, stdout=quiet, stderr=quiet, preexec_fn=bound).returncode != 0
    with open(figures) as file:
        memory = float(file.read().split()[-1]) / 1024
    spent = cpu() - before
    if failed and os.path.exists(raw):
        os.remove(raw)
    if failed and spent > 0.95 * limit:
        return math.inf, memory
    return None if failed or not os.path.exists(raw) else (spent, memory)


def read(path, name):
    """Axis and one vector of the plot of a binary raw file that has the vector, and the number of points."""
    with open(path, "rb") as file:
        while True:
            head = []
            for line in iter(file.readline, b""):
                head.append(line.decode("latin-1"))
                if line == b"Binary:\n":
                    break
            if not head or head[-1] != "Binary:\n":
                return None
            number = lambda key: int(next(l for l in head if l.startswith(key)).split(":")[1])
            variables, points = number("No. Variables"), number("No. Points")
            kind = complex if any(l.startswith("Flags") and "complex" in l for l in head) else float
            start = next(k for k, l in enumerate(head) if l.startswith("Variables"))
            names = [l.split()[1].lower() for l in head[start + 1 : start + 1 + variables]]
            values = np.frombuffer(file.read(points * variables * np.dtype(kind).itemsize), dtype=kind).reshape(points, variables)
            if name is None or name in names:
                column = names.index(name) if name else 0
                return values[:, 0].real, values[:, column], points


def period(axis, values, level):
    """Mean of the last ten periods at `level`."""
    rise = np.nonzero((values[:-1] < level) & (values[1:] >= level))[0]
    if len(rise) < 12:
        return float("nan")
    times = axis[rise] + (level - values[rise]) / (values[rise + 1] - values[rise]) * (axis[rise + 1] - axis[rise])
    return (times[-1] - times[-11]) / 10


def crossings(axis, values, level):
    """When `values` cross `level`, in either direction."""
    at = np.nonzero((values[:-1] >= level) != (values[1:] >= level))[0]
    return axis[at] + (level - values[at]) / (values[at + 1] - values[at]) * (axis[at + 1] - axis[at])


def between(x, places, values):
    """`values` at `x`: along parabolas where the curvature is steady, along straight lines elsewhere (corners, jumps).

    Along straight lines alone a sine would differ from itself by more than two good runs do from each other."""
    places, kept = np.unique(places, return_index=True)
    values = values[kept]
    if len(places) < 4:
        return np.interp(x, places, values)
    slopes = np.diff(values) / np.diff(places)
    bends = np.diff(slopes) / (places[2:] - places[:-2])
    left = np.clip(np.searchsorted(places, x, side="right") - 1, 0, len(places) - 2)
    line = values[left] + slopes[left] * (x - places[left])
    before, after = bends[np.clip(left - 1, 0, len(bends) - 1)], bends[np.clip(left, 0, len(bends) - 1)]
    steady = np.abs(before - after) <= 0.5 * np.maximum(np.abs(before), np.abs(after))
    bend = np.where(steady, 0.5 * (before + after), 0)
    return line - bend * (x - places[left]) * (places[left + 1] - x)


def difference(circuit, one, other):
    """Deviation of the run `one` from `other`."""
    if circuit.vector is None or one is None or other is None or not (len(one[0]) and len(other[0])):
        return float("nan")
    (x, y, _), (rx, ry, _) = one, other
    if circuit.level is not None:
        return abs(period(x, y, circuit.level) / period(rx, ry, circuit.level) - 1)
    if circuit.edges is not None:
        own, wanted = crossings(x, y, circuit.edges), crossings(rx, ry, circuit.edges)
        nearest = np.abs(own[:, None] - wanted[None, :]).min(axis=1)
        return float(np.mean(nearest) / np.mean(np.diff(wanted)))
    if len(rx) == 1 or len(np.unique(rx)) < len(rx) // 2:
        count = min(len(y), len(ry))
        difference, reference = y[:count] - ry[:count], ry
    else:
        # At the run's own points, each for the part of the axis that it stands for: what lies between them is not its error.
        inside = (x >= rx[0]) & (x <= rx[-1])
        x, y = x[inside], y[inside]
        weights = np.gradient(x) if len(x) > 1 else np.ones(len(x))
        reference = between(x, rx, ry)
        difference = (y - reference) * np.sqrt(weights / np.mean(weights))
    size = np.ptp(reference.real) if len(reference) > 1 and not np.iscomplexobj(reference) else np.max(np.abs(reference))
    return float(np.sqrt(np.mean(np.abs(difference) ** 2)) / size) if size > 0 else float("nan")


def finer(text):
    """The deck with a quarter of its largest time step, so that nothing of the reference is lost between its points."""
    number = lambda word: float(re.match(r"[\d.e+-]+", word)[0]) * SCALES.get(re.sub(r"^[\d.e+-]+", "", word)[:1], 1)

    def quartered(card):
        words = [word for word in card[1].split() if word != "uic"]
        step, stop, *rest = [number(word) for word in words]
        largest = rest[1] if len(rest) > 1 else min(step, (stop - (rest[0] if rest else 0)) / 50)
        words = (words + ["0"])[:3] + [f"{largest / 4:.17g}"]
        return ".tran " + " ".join(words) + (" uic" if "uic" in card[1] else "")

    return re.sub(r"(?m)^\.tran (.*)$", quartered, text)


def tight(circuit, who, command, limit):
    """The run with tight tolerances, made once."""
    raw = os.path.join(OUT, f"{circuit.name}.{who}.tight.raw")
    if circuit.vector is None or (circuit.slow and who == "ngspice"):
        return None
    if not os.path.exists(raw):
        deck = os.path.join(OUT, f"{circuit.name}.{who}.tight.cir")
        options = f".options reltol={circuit.tight} abstol=1e-15 vntol=1e-9 chgtol=1e-17 trtol=1\n.end\n"
        with open(deck, "w") as file:
            file.write(finer(circuit.text()).replace(".end\n", options))
        taken = run(command + ["-b", "-r", raw, deck], raw, limit)
        if taken is None or math.isinf(taken[0]):
            return None
    return read(raw, circuit.vector)


def measure(circuit, commands, runs, limit, errors):
    """For each simulator: CPU seconds, MB, points, error; and the difference of the tight runs."""
    deck = os.path.join(OUT, circuit.name + ".cir")
    with open(deck, "w") as file:
        file.write(circuit.text())
    raws = {who: os.path.join(OUT, f"{circuit.name}.{who}.raw") for who in commands}
    taken = {who: [] for who in commands}
    for repetition in range(runs):
        for who, command in commands.items():
            # What takes minutes is run once.
            if repetition and (None in taken[who] or taken[who][0][0] > 20):
                continue
            taken[who].append(run(command + ["-b", "-r", raws[who], deck], raws[who], limit))
    references = {who: tight(circuit, who, command, limit) if errors else None for who, command in commands.items()}
    rows = {}
    for who in commands:
        if None in taken[who]:
            rows[who] = None
            continue
        if math.isinf(taken[who][0][0]):
            rows[who] = (math.inf, taken[who][0][1], None, None)
            continue
        found = read(raws[who], circuit.vector)
        points = read(raws[who], None)[2]
        error = difference(circuit, found, references["ferrospice" if circuit.slow == "common" else who])
        if errors and circuit.draws:
            error = math.hypot(error, *drawn_errors(circuit, who, commands, limit)) / math.sqrt(1 + len(circuit.draws[1]))
        rows[who] = (statistics.median(cpu for cpu, _ in taken[who]), max(memory for _, memory in taken[who]), points, error)
        os.remove(raws[who])
    models = difference(circuit, references.get("ferrospice"), references.get("ngspice"))
    return rows, models


def drawn_errors(circuit, who, commands, limit):
    """The errors of `who` on the other decks of this circuit."""
    by = "ferrospice" if circuit.slow == "common" else who
    for other in circuit.drawn():
        deck, raw = (os.path.join(OUT, f"{other.name}.{who}.{ending}") for ending in ("cir", "raw"))
        with open(deck, "w") as file:
            file.write(other.text())
        run(commands[who] + ["-b", "-r", raw, deck], raw, limit)
        yield difference(other, read(raw, other.vector), tight(other, by, commands[by], limit))
        os.remove(raw)


def show(value, form):
    return "–" if value is None or math.isnan(value) else form.format(value)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", type=int, default=600, help="CPU seconds for one run")
    parser.add_argument("--no-errors", action="store_true", help="no tight runs, which take most of the time")
    parser.add_argument("--csv", help="write the figures there too")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    os.makedirs(OUT, exist_ok=True)
    commands = {"ferrospice": [OURS]}
    if shutil.which("ngspice"):
        commands["ngspice"] = ["ngspice"]
    print("| deck | ferrospice s | MB | points | error | ngspice s | MB | points | error | CPU ratio | models |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    table, totals, slower = [], [0.0, 0.0], []
    for circuit in CIRCUITS:
        if arguments.names and circuit.name not in arguments.names:
            continue
        rows, models = measure(circuit, commands, arguments.runs, arguments.limit, not arguments.no_errors)
        ours, theirs = rows["ferrospice"], rows.get("ngspice")
        # What was stopped at the limit took longer.
        theirs_least = min(theirs[0], arguments.limit) if theirs else None
        ratio = ours[0] / theirs_least if ours and theirs else None
        cells = []
        for row in (ours, theirs):
            row = row or (None,) * 4
            seconds = f"> {arguments.limit}" if row[0] == math.inf else show(row[0], "{:.3f}")
            cells += [seconds, show(row[1], "{:.0f}"), show(row[2], "{:,}"), show(row[3], "{:.1e}")]
        table.append([circuit.name, circuit.about] + cells + [show(ratio, "{:.2f}"), show(models, "{:.1e}")])
        print("| " + " | ".join([circuit.about] + table[-1][2:]) + " |", flush=True)
        if ratio is not None:
            totals = [totals[0] + ours[0], totals[1] + theirs_least]
            slower += [circuit.name] if ratio > 1 else []
    if totals[1]:
        print(f"\n{len(table)} decks, CPU seconds {totals[0]:.1f} and {totals[1]:.1f}: ratio {totals[0] / totals[1]:.3f}. Slower than ngspice: {', '.join(slower) or 'none'}.")
    if arguments.csv:
        with open(arguments.csv, "w", newline="") as file:
            names = ["deck", "about"] + [f"{who}_{what}" for who in ("ferrospice", "ngspice") for what in ("s", "mb", "points", "error")]
            writer = csv.writer(file)
            writer.writerow(names + ["ratio", "models"])
            writer.writerows(table)


if __name__ == "__main__":
    main()
