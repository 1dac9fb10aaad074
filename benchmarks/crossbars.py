#!/usr/bin/env python3
"""Crossbars with wire resistance: Ferrospice, badcrossbar and ngspice on the same random arrays, in one run.

    cargo build --release && cargo bench --no-run --bench crossbars
    pip install badcrossbar==1.1.0 numpy      # optional, as is ngspice (Debian: apt-get install ngspice)
    benchmarks/crossbars.py [--rivals] [--nonlinear-images N] [WORK ...]

Cells have 1...100 kOhm, uniform; wires 1 Ohm per segment; inputs 0 or up to 0.3 V. Every line is one process: wall seconds, CPU seconds
(user + system) and peak memory as the kernel counts them. The rivals are given one input; Ferrospice's share is said in the line.
"""
import argparse, os, re, subprocess, sys, time

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
OURS = os.path.join(HERE, "..", "target", "release", "ferrospice")
OUT = os.path.join(HERE, "generated")

BADCROSSBAR = """
import logging, sys, numpy, badcrossbar
logging.disable(logging.CRITICAL)
g, v = numpy.load(sys.argv[1]), numpy.load(sys.argv[2])[:, :1]
solution = badcrossbar.compute(v, 1 / g, r_i=1.0)
numpy.save(sys.argv[3], solution.currents.output)
"""


def arrays(rows, columns, low=1e3, high=1e5):
    """Files of conductances and of inputs, made once; the name says what is in them."""
    stem = os.path.join(OUT, f"array_{rows}x{columns}_{low:g}_{high:g}")
    files = [f"{stem}_g.npy", f"{stem}_v.npy"]
    if not all(map(os.path.exists, files)):
        rng = np.random.default_rng(rows * 10_007 + columns)
        np.save(files[0], 1 / rng.uniform(low, high, (rows, columns)))
        inputs = rng.uniform(0, 0.3, (rows, 10_000)) * (rng.random((rows, 10_000)) < 0.5)
        np.save(files[1], inputs)
    return files


def run(what, command):
    """Runs one process and prints its line."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begin
    cpu, memory = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
    failed = "" if status == 0 else "   FAILED"
    print(f"{what:<58} {wall:8.2f} s wall {cpu:8.2f} s CPU {memory:8.0f} MB{failed}", flush=True)
    return output


def ours(what, *arguments):
    output = run("ferrospice: " + what, [bench(), *map(str, arguments)])
    for line in output.splitlines():
        print("    " + line)


def bench():
    """The newest build of benchmarks/crossbars.rs."""
    folder = os.path.join(HERE, "..", "target", "release", "deps")
    built = [os.path.join(folder, name) for name in os.listdir(folder) if re.fullmatch(r"crossbars-[0-9a-f]+", name)]
    if not built:
        sys.exit("run `cargo bench --no-run --bench crossbars` first")
    return max(built, key=os.path.getmtime)


def netlist(rows, columns):
    """One input of an array as an element; sources of 0 V sense the bit lines."""
    g, v = arrays(rows, columns)
    inputs = np.load(v)[:, 0]
    lines = [f"crossbar {rows} x {columns}", f'A1 [w[0:{rows - 1}]] [b[0:{columns - 1}]] xbar']
    lines.append(f'.model xbar crossbar(cell=linear rw=1 rb=1 g="{os.path.basename(g)}")')
    lines += [f"V{i} w{i} 0 {value!r}" for i, value in enumerate(inputs.tolist())]
    lines += [f"Vs{j} b{j} 0 0" for j in range(columns)]
    file = os.path.join(OUT, f"element_{rows}x{columns}.cir")
    with open(file, "w") as deck:
        deck.write("\n".join(lines + [".op", ".save i(vs0)", ".end"]) + "\n")
    return file


def flat(rows, columns):
    """The same, written out for ngspice."""
    g, v = arrays(rows, columns)
    g, inputs = np.load(g), np.load(v)[:, 0]
    lines = [f"crossbar {rows} x {columns}"]
    for i in range(rows):
        lines.append(f"V{i} in{i} 0 {inputs[i]!r}")
        for j in range(columns):
            before = f"in{i}" if j == 0 else f"u{i}_{j - 1}"
            below = f"b{i + 1}_{j}" if i + 1 < rows else f"out{j}"
            lines += [f"Rw{i}_{j} {before} u{i}_{j} 1", f"Rb{i}_{j} b{i}_{j} {below} 1"]
            lines.append(f"Rc{i}_{j} u{i}_{j} b{i}_{j} {1 / g[i, j]!r}")
    lines += [f"Vs{j} out{j} 0 0" for j in range(columns)]
    file = os.path.join(OUT, f"flat_{rows}x{columns}.cir")
    with open(file, "w") as deck:
        deck.write("\n".join(lines + [".op", ".end"]) + "\n")
    return file


def rivals(rows, columns):
    g, v = arrays(rows, columns)
    found = os.path.join(OUT, "badcrossbar.npy")
    run(f"badcrossbar: one input, {rows}x{columns}", [sys.executable, "-c", BADCROSSBAR, g, v, found])
    if rows * columns <= 64 * 64:
        deck = flat(rows, columns)
        run(f"ngspice: one input, {rows}x{columns}, .op", ["ngspice", "-b", "-r", os.path.join(OUT, "flat.raw"), deck])


WORK = {
    "reduction": lambda o: ours("784x1024 linear, transfer matrix and 10,000 images", "reduction", *arrays(784, 1024)),
    "element": lambda o: run("ferrospice: one input, 256x256, netlist", [OURS, "run", netlist(256, 256)]),
    "nonlinear": lambda o: ours(
        f"784x1024 square law, {o.nonlinear_images} images", "nonlinear", *arrays(784, 1024, 1e4, 2e5), "1", o.nonlinear_images
    ),
    "second_layer": lambda o: ours("512x20 square law, 10,000 images", "nonlinear", *arrays(512, 20, 1e4, 2e5), "1", 10_000),
    "strong_1": lambda o: ours(
        "784x1024, 100...1000 Ohm, 1 Ohm wires, square law, 8 inputs", "nonlinear", *arrays(784, 1024, 1e2, 1e3), "1", 8
    ),
    "strong_10": lambda o: ours(
        "784x1024, 100...1000 Ohm, 10 Ohm wires, square law, 8 inputs", "nonlinear", *arrays(784, 1024, 1e2, 1e3), "10", 8
    ),
    "growth": lambda o: [
        ours(f"{n}x{n} linear, transfer matrix and 10,000 images", "reduction", *arrays(n, n))
        for n in [64, 128, 256, 512, 1024, 1448, 2048]
    ],
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rivals", action="store_true")
    parser.add_argument("--nonlinear-images", type=int, default=200)
    parser.add_argument("work", nargs="*", choices=[*WORK, []])
    options = parser.parse_args()
    os.makedirs(OUT, exist_ok=True)
    for name in options.work or WORK:
        WORK[name](options)
    if options.rivals:
        for rows, columns in [(64, 64), (128, 128), (256, 256), (512, 512), (784, 1024)]:
            rivals(rows, columns)


main()
