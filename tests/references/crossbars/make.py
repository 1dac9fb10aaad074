#!/usr/bin/env python3
"""Makes the committed references of arrays: `badcrossbar.json` (badcrossbar 1.1.0, from PyPI) and `ngspice.json` (ngspice 39, Debian).

    pip install badcrossbar==1.1.0
    apt-get install ngspice
    python3 tests/references/crossbars/make.py

Every case has its values in the file, so that the tests need neither. Matrices are lists of rows. badcrossbar solves linear cells;
ngspice solves cells with I = g*(d + a*d*|d|), written as B sources, with reltol=1e-9.
"""
import json, os, random, subprocess, tempfile

import badcrossbar

HERE = os.path.dirname(os.path.abspath(__file__))


def values(rng, rows, columns, low, high):
    return [[round(rng.uniform(low, high), 3) for _ in range(columns)] for _ in range(rows)]


def linear(rng, rows, columns, word, bit, low=1e3, high=1e5):
    resistances = values(rng, rows, columns, low, high)
    inputs = [[round(rng.uniform(-0.3, 0.5), 4)] for _ in range(rows)]
    solution = badcrossbar.compute(inputs, resistances, r_i_word_line=word, r_i_bit_line=bit)
    return {
        "word_segment": word,
        "bit_segment": bit,
        "resistances": resistances,
        "inputs": [row[0] for row in inputs],
        "outputs": solution.currents.output.flatten().tolist(),
        "device_currents": solution.currents.device.tolist(),
        "word_voltages": solution.voltages.word_line.tolist(),
        "bit_voltages": solution.voltages.bit_line.tolist(),
    }


def square_law(rng, rows, columns, word, bit, law):
    conductances = [[round(rng.uniform(1e-5, 1e-3), 8) for _ in range(columns)] for _ in range(rows)]
    inputs = [round(rng.uniform(-0.3, 0.5), 4) for _ in range(rows)]
    lines = ["square-law array", ".options reltol=1e-9 abstol=1e-18 vntol=1e-12 itl1=1000"]
    for i in range(rows):
        lines.append(f"Vin{i} in{i} 0 {inputs[i]}")
        for j in range(columns):
            before = f"in{i}" if j == 0 else f"u{i}_{j-1}"
            below = f"b{i+1}_{j}" if i + 1 < rows else f"out{j}"
            d = f"v(u{i}_{j},b{i}_{j})"
            lines.append(f"Rw{i}_{j} {before} u{i}_{j} {word}")
            lines.append(f"Rb{i}_{j} b{i}_{j} {below} {bit}")
            lines.append(f"Bc{i}_{j} u{i}_{j} b{i}_{j} i={conductances[i][j]}*({d}+{law}*{d}*abs({d}))")
    lines += [f"Vs{j} out{j} 0 0" for j in range(columns)]
    names = [f"i(vs{j})" for j in range(columns)]
    lines += [".control", "op", "set numdgt=15", "print " + " ".join(names), ".endc", ".end"]
    with tempfile.NamedTemporaryFile("w", suffix=".cir", delete=False) as deck:
        deck.write("\n".join(lines) + "\n")
    text = subprocess.run(["ngspice", "-b", deck.name], capture_output=True, text=True).stdout
    os.unlink(deck.name)
    found = dict(line.split(" = ") for line in text.splitlines() if line.startswith("i(vs"))
    return {
        "word_segment": word,
        "bit_segment": bit,
        "conductances": conductances,
        "law": law,
        "inputs": inputs,
        "outputs": [float(found[name]) for name in names],
    }


def write(name, cases):
    with open(os.path.join(HERE, name), "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


rng = random.Random(1)
write("badcrossbar.json", [
    linear(rng, 1, 1, 2.0, 3.0),
    linear(rng, 1, 7, 1.0, 1.0),
    linear(rng, 7, 1, 1.0, 2.5),
    linear(rng, 3, 5, 0.5, 20.0),
    linear(rng, 12, 9, 10.0, 10.0, 100.0, 1e3),
    linear(rng, 20, 16, 1.0, 1.0),
])
write("ngspice.json", [
    square_law(rng, 1, 4, 1.0, 1.0, 5.0),
    square_law(rng, 5, 6, 3.0, 1.0, 10.0),
    square_law(rng, 9, 7, 30.0, 50.0, 20.0),
])
