#!/usr/bin/env python3
"""Whole processes against ngspice on the same decks: CPU time, memory, points, and error against a tight-tolerance reference.

    cargo build --release
    benchmarks/compare.py [--runs N] [NAME ...]

ngspice is used where it is installed (Debian: apt-get install ngspice). Large decks are generated into benchmarks/generated/.
Each command writes a raw file. The figure quoted is the median of N runs (user + system time). The error is the rms deviation of
one vector from the reference, relative to its peak-to-peak value, on 20,001 equal steps of time; of the ring oscillator it is the
deviation of the period. References are made by ngspice with reltol=1e-6 (see TIGHT; the ladder's with 1e-4).
"""
import argparse, array, os, random, shutil, statistics, subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
OURS = os.path.join(HERE, "..", "target", "release", "ferrospice")
OUT = os.path.join(HERE, "generated")
TIGHT = ".options reltol=1e-6 abstol=1e-15 vntol=1e-9 chgtol=1e-17 trtol=1\n.end\n"


def ladder():
    lines = ["RC ladder of 100,000 sections", "V1 n0 0 PULSE(0 1 0 1n 1n 1u 2u)"]
    for k in range(100_000):
        lines += [f"R{k} n{k} n{k+1} 1", f"C{k} n{k+1} 0 1p"]
    return lines + [".tran 10n 1u", ".save v(n0) v(n100) v(n1000)", ".end"]


def crossbar(n=128):
    rng = random.Random(1)
    lines = [f"Resistive crossbar {n} x {n} with 1 ohm wires"]
    for i in range(n):
        lines += [f"Vw{i} w{i}_in 0 {rng.random():.6f}", f"Rd{i} w{i}_in w{i}_0 1"]
    for i in range(n):
        for j in range(n):
            lines.append(f"Rc{i}_{j} w{i}_{j} b{i}_{j} {rng.uniform(1e3, 1e5):.1f}")
            if j < n - 1:
                lines.append(f"Rw{i}_{j} w{i}_{j} w{i}_{j+1} 1")
            if i < n - 1:
                lines.append(f"Rb{i}_{j} b{i}_{j} b{i+1}_{j} 1")
    for j in range(n):
        lines.append(f"Rs{j} b{n-1}_{j} 0 1")
    return lines + [".op", ".end"]


def vteam(cell, n=32):
    """A crossbar written row by row; `cell` gives the lines of a memristor."""
    lines = [f"VTEAM crossbar {n} x {n}, rows written by pulses"]
    lines.append(".model vt vteam(ron=1k roff=100k k_on=-1e-3 k_off=1e-3 v_on=-0.6 v_off=0.6 alpha_on=3 alpha_off=3 d=3n x0=1.5n)")
    if cell is not native:
        lines.pop()
    for i in range(n):
        lines.append(f"Vw{i} w{i}_in 0 PULSE(0 {1.2 if i % 2 else -1.2} {i*1e-6+1e-7:.3e} 10n 10n 300n 1)")
        lines.append(f"Rd{i} w{i}_in w{i}_0 1")
    for i in range(n):
        for j in range(n):
            lines += cell(f"{i}_{j}", f"w{i}_{j}", f"b{i}_{j}")
            if j < n - 1:
                lines.append(f"Rw{i}_{j} w{i}_{j} w{i}_{j+1} 1")
            if i < n - 1:
                lines.append(f"Rb{i}_{j} b{i}_{j} b{i+1}_{j} 1")
    lines += [f"Rs{j} b{n-1}_{j} 0 1" for j in range(n)]
    return lines + [".tran 10n 33u", ".save v(w0_0) v(b31_31) v(w5_5)", ".end"]


def native(name, a, b):
    return [f"N{name} {a} {b} vt"]


def equivalent(name, a, b):
    """The same equations from SPICE elements: the state w in 0..1 as the voltage of a 1 F capacitor, rates of 1e-3/3e-9 /s."""
    v, w = f"v({a},{b})", f"v(s{name})"
    off = f"u({v}-0.6)*({v}/0.6-1)^3*u(1-{w})"
    on = f"u(-0.6-{v})*(-{v}/0.6-1)^3*u({w})"
    return [
        f"B{name} {a} {b} I={v}/(1k+99k*min(max({w},0),1))",
        f"Cs{name} s{name} 0 1 ic=0.5",
        f"Bs{name} 0 s{name} I=333.333k*({off}-{on})",
    ]


DECKS = {
    "rc_pulse": ("v(out)", None),
    "diode_bridge": ("v(p)", None),
    "voltage_multiplier": ("v(b3)", None),
    "ring_oscillator": ("v(n1)", None),
    "rc_ladder_100k": ("v(n100)", ladder),
    "crossbar_128": (None, crossbar),
    "vteam_32_equivalent": ("v(b31_31)", lambda: [l.replace(".tran 10n 33u", ".tran 10n 33u uic") for l in vteam(equivalent)]),
    "vteam_32": ("v(b31_31)", lambda: vteam(native)),
}


def deck(name):
    vector, generate = DECKS[name]
    if generate is None:
        return os.path.join(HERE, "decks", name + ".cir")
    os.makedirs(OUT, exist_ok=True)
    path = os.path.join(OUT, name + ".cir")
    with open(path, "w") as file:
        file.write("\n".join(generate()) + "\n")
    return path


def run(command):
    """CPU seconds and peak memory in MB of one run, by GNU time; None if it fails."""
    figures = os.path.join(OUT, "time.txt")
    timed = ["/usr/bin/time", "-o", figures, "-f", "%U %S %M"] + command
    quiet = subprocess.DEVNULL
    if subprocess.run(timed, stdout=quiet, stderr=quiet, stdin=quiet).returncode != 0:
        return None
    user, system, memory = open(figures).read().split()[-3:]
    return float(user) + float(system), float(memory) / 1024


def read(path, name):
    """Axis and one vector of the first plot of a binary raw file."""
    with open(path, "rb") as file:
        head, names, count = [], [], 0
        for line in iter(file.readline, b"Binary:\n"):
            head.append(line.decode("latin-1"))
        variables = int(next(l for l in head if l.startswith("No. Variables")).split(":")[1])
        start = next(k for k, l in enumerate(head) if l.startswith("Variables"))
        names = [l.split()[1].lower() for l in head[start + 1 : start + 1 + variables]]
        values = array.array("d", file.read())
    return values[0::variables], values[names.index(name) :: variables]


def interpolate(xs, ys, grid):
    k = 0
    for x in grid:
        while k < len(xs) - 2 and xs[k + 1] < x:
            k += 1
        x0, x1 = xs[k], xs[k + 1]
        yield ys[k] if x1 <= x0 else ys[k] + (ys[k + 1] - ys[k]) * min(max((x - x0) / (x1 - x0), 0), 1)


def period(xs, ys):
    """Mean of the last ten periods at half of 5 V."""
    rises = [xs[k] + (2.5 - ys[k]) / (ys[k + 1] - ys[k]) * (xs[k + 1] - xs[k]) for k in range(len(xs) - 1) if ys[k] < 2.5 <= ys[k + 1]]
    return (rises[-1] - rises[-11]) / 10 if len(rises) > 11 else float("nan")


def error(name, raw, reference):
    vector = DECKS[name][0]
    if vector is None or not os.path.exists(reference):
        return float("nan")
    (xs, ys), (rx, ry) = read(raw, vector), read(reference, vector)
    if name == "ring_oscillator":
        return abs(period(xs, ys) / period(rx, ry) - 1)
    grid = [rx[-1] * k / 20000 for k in range(20001)]
    a, b = list(interpolate(xs, ys, grid)), list(interpolate(rx, ry, grid))
    return (sum((p - q) ** 2 for p, q in zip(a, b)) / len(a)) ** 0.5 / (max(b) - min(b))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("names", nargs="*", default=[])
    arguments = parser.parse_args()
    rival = shutil.which("ngspice")
    print("| deck | ferrospice s | MB | points | error | ngspice s | MB | points | error | CPU ratio |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name in arguments.names or DECKS:
        path = deck(name)
        os.makedirs(OUT, exist_ok=True)
        row = [name]
        reference = os.path.join(OUT, name + ".ref.raw")
        if rival and DECKS[name][0] and name != "vteam_32" and not os.path.exists(reference):
            tight = os.path.join(OUT, "tight.cir")
            # A hundred thousand sections at 1e-6 would take ngspice an hour.
            options = TIGHT.replace("1e-6", "1e-4") if name == "rc_ladder_100k" else TIGHT
            open(tight, "w").write(open(path).read().replace(".end\n", options))
            run([rival, "-b", "-r", reference, tight])
        cpu = []
        for command in ([OURS], [rival] if rival and name != "vteam_32" else None):
            if command is None:
                row += ["–"] * 4
                continue
            raw = os.path.join(OUT, f"{name}.{len(cpu)}.raw")
            runs = [run(command + ["-b", "-r", raw, path]) for _ in range(arguments.runs if name[-3:] != "128" or not cpu else 1)]
            if None in runs:
                row += ["failed"] * 4
                continue
            seconds = statistics.median(r[0] for r in runs)
            cpu.append(seconds)
            points = len(read(raw, DECKS[name][0])[0]) if DECKS[name][0] else 1
            row += [f"{seconds:.3f}", f"{max(r[1] for r in runs):.0f}", str(points), f"{error(name, raw, reference):.1e}"]
        row.append(f"{cpu[0] / cpu[1]:.2f}" if len(cpu) == 2 else "–")
        print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
