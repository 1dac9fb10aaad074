"""A few elements each: what a run costs beside the circuit, and long waveforms."""
import math

from . import Circuit, deck

DIODE = ".model dm d(is=1e-14 rs=0.1 cjo=10p tt=5n)"


def long_source():
    points = " ".join(f"{k * 1e-6:.6e} {math.sin(k * 0.37) + 0.3 * math.sin(k * 1.7):.6f}" for k in range(20_000))
    lines, row = [], "V1 in 0 PWL("
    for word in points.split():
        if len(row) > 2000:
            lines.append(row)
            row = "+"
        row += " " + word
    return lines + [row + ")", "R1 in out 1k", "C1 out 0 1n", ".tran 0.5u 20m", ".save v(out)"]


def mos_curves(level, extra):
    from .digital import MODELS
    return [MODELS[level], "Vd d 0 0", "Vg g 0 0", "M1 d g 0 0 nm w=10u l=2u", ".dc Vd 0 5 0.002 Vg 0 5 0.25", ".save i(vd)"] + extra


def ladder_converter(bits):
    lines = []
    for k in range(bits):
        lines += [f"V{k} b{k} 0 PULSE(0 5 {2**k * 0.5}u 5n 5n {2**k * 0.5}u {2**k}u)", f"R{k} b{k} n{k} 20k"]
        lines.append(f"Rl{k} n{k} {'0' if k == 0 else f'n{k-1}'} {20 if k == 0 else 10}k")
    return lines + [f"C1 n{bits-1} 0 5p", f".tran 0.1u {2**bits}u", f".save v(n{bits-1})"]


def log_amplifier():
    return ["V1 in 0 SIN(2 1.9 1k)", "R1 in m 1k", "D1 m out dm", "E1 out 0 0 m 1e5", "C1 m out 10p", DIODE, ".tran 1u 20m", ".save v(out)"]


def hp_memristor():
    """Strukov's device with Joglekar's window, as a subcircuit of SPICE elements."""
    return [".subckt memristor p n s params: ron=100 roff=16k uv=10e-15 d=10n", "B1 p n I=v(p,n)/(ron*v(s)+roff*(1-v(s)))", "Bs 0 s I=uv*ron/(d*d)*v(p,n)/(ron*v(s)+roff*(1-v(s)))*(1-(2*v(s)-1)^2)", "Cs s 0 1 ic=0.1", "Rs s 0 1e12", ".ends",
            "V1 in 0 SIN(0 1 1)", "X1 in 0 s memristor", ".tran 1m 10 uic", ".save v(s) i(v1)"]


CIRCUITS = [
    Circuit("divider_op", "two resistors, operating point", lambda: ["V1 in 0 1", "R1 in out 1k", "R2 out 0 1k", ".op"], "v(out)"),
    Circuit("rc_pulse", "RC circuit, a forced million points", lambda: deck("rc_pulse"), "v(out)"),
    Circuit("rc_free", "RC circuit, 1,000 periods", lambda: ["V1 in 0 PULSE(0 1 0 1u 1u 0.5m 1m)", "R1 in out 1k", "C1 out 0 100n", ".tran 10u 1 0 0.1m", ".save v(out)"], "v(out)"),
    Circuit("rlc_ringing", "RLC circuit, 500 periods of ringing", lambda: ["V1 in 0 PULSE(0 1 0 1n 1n 1 2)", "R1 in a 0.1", "L1 a out 1u", "C1 out 0 1n", ".tran 20n 100u 0 5n", ".save v(out)"], "v(out)"),
    Circuit("diode_bridge", "diode bridge, a forced million points", lambda: deck("diode_bridge"), "v(p)"),
    Circuit("voltage_multiplier", "voltage multiplier, forced half million points", lambda: deck("voltage_multiplier"), "v(b3)"),
    Circuit("diode_dc", "diode, 100,000 points", lambda: ["V1 a 0 0", "R1 a d 10", "D1 d 0 dm", DIODE, ".dc V1 0 1 0.00001", ".save i(v1)"], "i(v1)"),
    Circuit("long_pwl", "source of 20,000 corners", long_source, "v(out)"),
    Circuit("mos1_curves", "MOS1 output curves, 52,500 points", lambda: mos_curves(1, []), "i(vd)"),
    Circuit("mos3_curves", "MOS3 output curves, 52,500 points", lambda: mos_curves(3, []), "i(vd)"),
    Circuit("bjt_curves", "transistor output curves, 55,000 points", lambda: [".model npn npn(is=1e-15 bf=200 rb=200 rc=30 re=1 vaf=100 ikf=10m ise=1e-14 ne=1.6)", "Vc c 0 0", "Ib 0 b 0", "Q1 c b 0 npn", ".dc Vc 0 5 0.001 Ib 0 100u 10u", ".save i(vc)"], "i(vc)"),
    Circuit("r2r_10", "R–2R converter of 10 bits", lambda: ladder_converter(10), "v(n9)"),
    Circuit("log_amplifier", "logarithmic amplifier", log_amplifier, "v(out)"),
    Circuit("hp_memristor", "HP memristor as a subcircuit", hp_memristor, "v(s)"),
    Circuit("rc_ac", "RC circuit, ac in 100,000 points", lambda: ["V1 in 0 AC 1", "R1 in out 1k", "C1 out 0 100n", ".ac lin 100000 1 100k", ".save v(out)"], "v(out)"),
    Circuit("rc_noise", "RC circuit, noise in 20,000 points", lambda: ["V1 in 0 AC 1", "R1 in out 1k", "C1 out 0 100n", ".noise v(out) V1 lin 20000 1 100k"], "onoise_spectrum"),
    Circuit("rc_sens", "resistor network, sensitivities", lambda: ["V1 n0 0 1"] + [line for k in range(50) for line in (f"R{k} n{k} n{k+1} 1k", f"Rg{k} n{k+1} 0 10k")] + [".sens v(n50)"], None),
]
