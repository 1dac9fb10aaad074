"""Runs ngspice 39 (Debian: apt-get install ngspice) on the decks of this folder at tight tolerances, and writes what it gives as CSV: for each
plot a line `# name`, a line of vector names (complex vectors as re(…) and im(…)), and a line per point."""
import os
import struct
import subprocess
import sys
import tempfile

TIGHT = ".options reltol=1e-9 abstol=1e-16 vntol=1e-12\n.end"


def plots(data):
    """Name, names of the columns, and rows of each plot of a binary raw file."""
    while data:
        head, body = data.split(b"Binary:\n", 1)
        lines = head.decode("latin-1").split("\n")
        field = lambda key: next(l.split(":", 1)[1].strip() for l in lines if l.lower().startswith(key))
        variables, points = int(field("no. variables")), int(field("no. points").split()[0])
        start = next(i for i, l in enumerate(lines) if l.startswith("Variables"))
        names = [l.split()[1] for l in lines[start + 1 : start + 1 + variables]]
        if "complex" in field("flags"):
            names = [f"{part}({name})" for name in names for part in ("re", "im")]
        width = len(names)
        values = struct.unpack(f"<{width * points}d", body[: 8 * width * points])
        yield field("plotname"), names, [values[width * row : width * (row + 1)] for row in range(points)]
        data = body[8 * width * points :]


def make(deck):
    text = open(deck).read().replace(".end", TIGHT)
    with tempfile.TemporaryDirectory() as folder:
        tight, raw = os.path.join(folder, "deck.cir"), os.path.join(folder, "out.raw")
        open(tight, "w").write(text)
        subprocess.run(["ngspice", "-b", "-r", raw, tight], capture_output=True, timeout=60)
        data = open(raw, "rb").read()
    with open(deck.removesuffix(".cir") + ".csv", "w") as out:
        for name, names, rows in plots(data):
            out.write(f"# {name}\n{','.join(names)}\n")
            for row in rows:
                out.write(",".join(f"{value:.10g}" for value in row) + "\n")


folder = os.path.dirname(os.path.abspath(__file__))
for deck in sys.argv[1:] or sorted(os.path.join(folder, n) for n in os.listdir(folder) if n.endswith(".cir")):
    make(deck)
