"""Raw file -> CSV with at most 1500 points: the points of a transient are chosen where linear interpolation needs them."""
import sys
import numpy as np

def read(path):
    data = open(path, "rb").read()
    head, body = data.split(b"Binary:\n", 1)
    lines = head.decode("latin-1").split("\n")
    field = lambda key: next(l.split(":", 1)[1].strip() for l in lines if l.lower().startswith(key))
    variables, points = int(field("no. variables")), int(field("no. points").split()[0])
    start = next(i for i, l in enumerate(lines) if l.startswith("Variables"))
    names = [l.split()[1] for l in lines[start + 1 : start + 1 + variables]]
    kind = np.complex128 if "complex" in field("flags") else np.float64
    return names, np.frombuffer(body, kind, variables * points).reshape(points, variables), field("plotname")

def thin(table, most=1500):
    """Greedy: the point that is worst interpolated is added until enough are kept."""
    x, scale = table[:, 0], np.ptp(table, axis=0) + 1e-30
    kept = {0, len(x) - 1}
    while len(kept) < min(most, len(x)):
        order = sorted(kept)
        error = np.max(
            [np.abs(np.interp(x, x[order], table[order, c]) - table[:, c]) / scale[c] for c in range(1, table.shape[1])], axis=0
        )
        worst = int(np.argmax(error))
        if error[worst] < 1e-4 or worst in kept:
            break
        kept.add(worst)
    return table[sorted(kept)]

names, table, plot = read(sys.argv[1])
# Nodes and sources that ngspice makes up for POLY and expressions are not the deck's.
own = [k for k, n in enumerate(names) if not any(made in n for made in ("_int1", "$poly$", "i(be1)", "i(bg1)", "#"))]
names, table = [names[k] for k in own], table[:, own]
if plot.startswith("Transient"):
    keep = np.concatenate([[True], np.diff(table[:, 0]) > 0])
    table = thin(table[keep])
with open(sys.argv[2], "w") as out:
    complex_plot = np.iscomplexobj(table)
    if complex_plot:
        out.write(",".join([names[0]] + [f"{part}({n})" for n in names[1:] for part in ("re", "im")]) + "\n")
    else:
        out.write(",".join(names) + "\n")
    for row in table:
        values = [row[0].real] + [v for z in row[1:] for v in (z.real, z.imag)] if complex_plot else row
        out.write(",".join(f"{v:.9g}" for v in values) + "\n")
