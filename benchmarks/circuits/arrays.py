"""Grids, ladders and crossbars: many unknowns."""
import random

from . import Circuit


def ladder(sections, analysis):
    lines = ["V1 n0 0 PULSE(0 1 0 1n 1n 1u 2u) AC 1"]
    for k in range(sections):
        lines += [f"R{k} n{k} n{k+1} 1", f"C{k} n{k+1} 0 1p"]
    return lines + analysis


def segments(n, i, j, along, row, down, column, ohms):
    """Wires from the crossing (i, j) of n × n to its neighbours at the right and below: names, nodes, resistance."""
    lines = [f"{along}{i}_{j} {row}{i}_{j} {row}{i}_{j+1} {ohms}"] if j < n - 1 else []
    return lines + ([f"{down}{i}_{j} {column}{i}_{j} {column}{i+1}_{j} {ohms}"] if i < n - 1 else [])


def mesh(n, analysis, capacitance="1p"):
    lines = ["V1 in 0 PULSE(0 1 0 1n 1n 1u 2u) AC 1", "Rin in n0_0 1"]
    for i in range(n):
        for j in range(n):
            lines += segments(n, i, j, "Rh", "n", "Rv", "n", 1)
            if capacitance and (i + j) % 2:
                lines.append(f"C{i}_{j} n{i}_{j} 0 {capacitance}")
    return lines + [f"Rl n{n-1}_{n-1} 0 1"] + analysis


def power_grid(n):
    """Supply lines of 0.5 Ω per segment with decoupling, and blocks that draw pulses of current."""
    rng = random.Random(2)
    lines = ["Vdd vdd 0 1.8"]
    for i in range(n):
        for j in range(n):
            lines += segments(n, i, j, "Rh", "n", "Rv", "n", 0.5)
            lines.append(f"C{i}_{j} n{i}_{j} 0 1p")
            if i % 8 == 4 and j % 8 == 4:
                lines.append(f"I{i}_{j} n{i}_{j} 0 PULSE(0 {rng.uniform(1, 5):.2f}m {rng.choice([0.5, 1, 1.5])}n 0.1n 0.1n 0.8n 4n)")
            if i % 20 == 0 and j % 20 == 0:
                lines.append(f"Rp{i}_{j} n{i}_{j} vdd 0.1")
    return lines + [".tran 50p 10n", f".save v(n4_4) v(n{n//2}_{n//2})"]


def crossbar(n):
    rng = random.Random(1)
    lines = []
    for i in range(n):
        lines += [f"Vw{i} w{i}_in 0 {rng.random():.6f}", f"Rd{i} w{i}_in w{i}_0 1"]
    for i in range(n):
        for j in range(n):
            lines.append(f"Rc{i}_{j} w{i}_{j} b{i}_{j} {rng.uniform(1e3, 1e5):.1f}")
            lines += segments(n, i, j, "Rw", "w", "Rb", "b", 1)
    return lines + [f"Rs{j} b{n-1}_{j} 0 1" for j in range(n)] + [".op"]


def selectors(n, analysis):
    """Cells of a resistor in series with a diode, driven row by row."""
    rng = random.Random(3)
    lines = [".model sel d(is=1e-12 n=1.5 rs=100 cjo=5f)"]
    for i in range(n):
        lines += [f"Vw{i} w{i}_in 0 PULSE(0 1.5 {10 + 20 * i}n 1n 1n 15n 1)" if ".op" not in analysis[0] else f"Vw{i} w{i}_in 0 {1.5 * (i % 2)}", f"Rd{i} w{i}_in w{i}_0 1"]
    for i in range(n):
        for j in range(n):
            lines += [f"Rc{i}_{j} w{i}_{j} m{i}_{j} {rng.uniform(1e3, 1e5):.1f}", f"D{i}_{j} m{i}_{j} b{i}_{j} sel"]
            lines += segments(n, i, j, "Rw", "w", "Rb", "b", 1)
    return lines + [f"Rs{j} b{n-1}_{j} 0 10" for j in range(n)] + analysis


def vteam(n, stop):
    """VTEAM cells from SPICE elements: the state w in 0..1 as the voltage of a 1 F capacitor, rates of 1e-3/3e-9 /s."""
    lines = []
    for i in range(n):
        lines.append(f"Vw{i} w{i}_in 0 PULSE(0 {1.2 if i % 2 else -1.2} {i*1e-6+1e-7:.3e} 10n 10n 300n 1)")
        lines.append(f"Rd{i} w{i}_in w{i}_0 1")
    for i in range(n):
        for j in range(n):
            name = f"{i}_{j}"
            v, w = f"v(w{name},b{name})", f"v(s{name})"
            off = f"u({v}-0.6)*({v}/0.6-1)^3*u(1-{w})"
            on = f"u(-0.6-{v})*(-{v}/0.6-1)^3*u({w})"
            lines += [f"B{name} w{name} b{name} I={v}/(1k+99k*min(max({w},0),1))", f"Cs{name} s{name} 0 1 ic=0.5", f"Bs{name} 0 s{name} I=333.333k*({off}-{on})"]
            lines += segments(n, i, j, "Rw", "w", "Rb", "b", 1)
    lines += [f"Rs{j} b{n-1}_{j} 0 1" for j in range(n)]
    return lines + [f".tran 10n {stop} uic", f".save v(w0_0) v(b{n-1}_{n-1}) v(s1_1)"]


def random_network(nodes):
    rng = random.Random(4)
    lines = ["V1 n0 0 1"]
    for k in range(1, nodes):
        lines.append(f"R{k} n{k} n{rng.randrange(max(0, k - 50), k)} {rng.uniform(10, 1000):.1f}")
        lines.append(f"Rx{k} n{k} n{rng.randrange(max(0, k - 50), k)} {rng.uniform(10, 1000):.1f}")
    return lines + [f"Rg n{nodes-1} 0 10", ".op"]


CIRCUITS = [
    Circuit("rc_ladder_100k", "RC ladder, 100,000 sections", lambda: ladder(100_000, [".tran 10n 1u", ".save v(n100)"]), "v(n100)", tight=1e-4, slow="common"),
    Circuit("rc_ladder_1k_long", "RC ladder, 1,000 sections, 20,000 points", lambda: ladder(1000, [".tran 1n 10u 0 0.5n", ".save v(n10)"]), "v(n10)", slow="common"),
    Circuit("rc_ladder_10k_ac", "RC ladder, 10,000 sections, ac", lambda: ladder(10_000, [".ac dec 20 1k 1g", ".save v(n100)"]), "v(n100)", slow="common"),
    Circuit("rc_mesh_60", "RC mesh 60×60", lambda: mesh(60, [".tran 1n 2u", ".save v(n30_30)"]), "v(n30_30)", slow="common"),
    Circuit("rc_mesh_60_ac", "RC mesh 60×60, ac", lambda: mesh(60, [".ac dec 10 1k 1g", ".save v(n30_30)"]), "v(n30_30)", slow="common"),
    Circuit("r_grid_100", "resistor grid 100×100, operating point", lambda: mesh(100, [".op", ".save v(n50_50)"], None), "v(n50_50)", slow="common"),
    Circuit("r_grid_450", "resistor grid 450×450, 202,500 unknowns, operating point", lambda: mesh(450, [".op", ".save v(n50_50)"], None), "v(n50_50)", slow="common"),
    Circuit("r_random_20k", "random resistors, 20,000 nodes, operating point", lambda: random_network(20_000), "v(n10000)", slow="common"),
    Circuit("power_grid_50", "power grid 50×50 with pulsed loads", lambda: power_grid(50), "v(n4_4)", tight=1e-5, slow="common"),
    Circuit("crossbar_64", "resistive crossbar 64×64, operating point", lambda: crossbar(64), "v(b63_63)", slow="common"),
    Circuit("crossbar_128", "resistive crossbar 128×128, operating point", lambda: crossbar(128), "v(b127_127)", slow="common"),
    Circuit("selectors_32_op", "crossbar 32×32 of diodes and resistors, operating point", lambda: selectors(32, [".op"]), "v(b31_31)", slow="common"),
    Circuit("selectors_16", "crossbar 16×16 of diodes and resistors, rows pulsed", lambda: selectors(16, [".tran 1n 340n", ".save v(b15_15) v(b15_0)"]), "v(b15_15)", slow="common"),
    Circuit("vteam_8", "VTEAM crossbar 8×8 from SPICE elements", lambda: vteam(8, "9u"), "v(b7_7)"),
    Circuit("vteam_32", "VTEAM crossbar 32×32 from SPICE elements", lambda: vteam(32, "33u"), "v(b31_31)", tight=1e-5, slow="common"),
]
