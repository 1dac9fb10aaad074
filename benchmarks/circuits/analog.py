"""Amplifiers, oscillators, filters and converters."""
from . import Circuit, models_of

NPN = ".model npn npn(is=1e-15 bf=200 br=3 rb=200 rc=30 re=1 cje=1p cjc=0.5p cjs=1p vaf=100 ikf=10m tf=0.3n tr=20n ise=1e-14 ne=1.6 kf=1e-15)"
PNP = ".model pnp pnp(is=1e-15 bf=60 br=3 rb=300 rc=50 re=2 cje=0.5p cjc=1p cjs=2p vaf=50 ikf=2m tf=20n tr=100n ise=1e-14 ne=1.6 kf=1e-15)"

UA741 = """.subckt ua741 inp inn out vcc vee
Q1 c8 inp e1 npn
Q2 c8 inn e2 npn
Q3 b5 b3 e1 pnp
Q4 c4 b3 e2 pnp
Q5 b5 b56 e5 npn
Q6 c4 b56 e6 npn
Q7 vcc b5 b56 npn
R1 e5 vee 1k
R2 e6 vee 1k
R3 b56 vee 50k
Q8 c8 c8 vcc pnp
Q9 b3 c8 vcc pnp
Q10 b3 b11 e10 npn
R4 e10 vee 5k
Q11 b11 b11 vee npn
R5 b12 b11 39k
Q12 b12 b12 vcc pnp
Q13 c13 b12 vcc pnp 0.25
Q13b c17 b12 vcc pnp 0.75
Q16 vcc c4 b17 npn
R9 b17 vee 50k
Q17 c17 b17 e17 npn
R8 e17 vee 100
Cc c4 c17 30p
Q23 vee c17 e23 pnp
Q18 c13 b18 e23 npn
Q19 c13 c13 b18 npn
R10 b18 e23 40k
Q14 vcc c13 e14 npn 3
R6 e14 out 27
R7 out e20 22
Q20 vee e23 e20 pnp 3
.ends"""


def opamp(lines, analysis):
    return [NPN, PNP, UA741, "Vcc vcc 0 15", "Vee vee 0 -15"] + lines + analysis


FOLLOWER = ["Vin in 0 DC 0 AC 1 PULSE(-5 5 5u 10n 10n 50u 100u)", "X1 in out out vcc vee ua741", "RL out 0 2k", "CL out 0 100p"]
INVERTER = ["Vin in 0 DC 0 AC 1 SIN(0 0.1 1k)", "R1 in n 1k", "R2 n out 10k", "X1 0 n out vcc vee ua741", "RL out 0 2k"]


def biquads(count, analysis):
    """Sallen–Key low-pass sections, each with an amplifier of transistors."""
    lines = ["Vin o0 0 DC 0 AC 1 SIN(0 1 5k)"]
    for k in range(count):
        lines += [f"Ra{k} o{k} a{k} 10k", f"Rb{k} a{k} b{k} 10k", f"Ca{k} a{k} o{k+1} 2n", f"Cb{k} b{k} 0 1n", f"X{k} b{k} o{k+1} o{k+1} vcc vee ua741"]
    return opamp(lines, analysis)


def vbic_stages():
    lines = models_of("vbic/switch_tran.cir") + ["Vcc cc 0 3", "Vin b1_0 0 PULSE(1 1.6 2n 0.3n 0.3n 4n 10n)", "Vref ref 0 1.3"]
    for k in range(4):
        lines += [f"Q1{k} c{k} b1_{k} t{k} 0 b", f"Q2{k} d{k} ref t{k} 0 b", f"Rt{k} t{k} 0 1k", f"Rc{k} cc c{k} 500", f"Rd{k} cc d{k} 500"]
        lines += [f"Q3{k} 0 d{k} o{k} 0 p", f"Ro{k} cc o{k} 2k", f"Ra{k} o{k} b1_{k+1} 1k", f"Rb{k} b1_{k+1} 0 1k"]
    return lines + [".tran 20p 100n", ".save v(o3)"]


def pair(analysis):
    return [NPN, "Vcc vcc 0 12", "Vee vee 0 -12", "Vin in 0 DC 0 AC 1 SIN(0 0.02 1meg)", "Rs in b1 1k", "Q1 c1 b1 e npn", "Q2 c2 b2 e npn", "Rb b2 0 1k",
            "Rc1 vcc c1 10k", "Rc2 vcc c2 10k", "Q3 e r 0x npn", "Q4 r r 0x npn", "Rr 0 r 20k", "V0 0x vee 0"] + analysis


def multivibrator():
    return [NPN, "Vcc vcc 0 PULSE(0 5 0 1u 1u 1 2)", "R1 vcc c1 1k", "R2 vcc b2 30k", "R3 vcc b1 30k", "R4 vcc c2 1k", "C1 c1 b2 2n", "C2 c2 b1 2.2n", "Q1 c1 b1 0 npn", "Q2 c2 b2 0 npn", ".tran 0.5u 2m", ".save v(c1)"]


def colpitts():
    return [NPN, "Vcc vcc 0 PULSE(0 10 0 10n 10n 1 2)", "L1 vcc c 5u", "C1 c e 500p", "C2 e 0 2n", "Q1 c b e npn", "R1 vcc b 20k", "R2 b 0 10k", "Cb b 0 10n", "Re e 0 1k", ".tran 5n 50u 0 5n", ".save v(e)"]


def gilbert():
    return [NPN, "Vcc vcc 0 12", "Vb1 bb 0 3", "Vb2 bb2 0 6", "Vrf rf bb SIN(0 20m 10meg)", "Vlo lo bb2 SIN(0 100m 9meg)", "Q1 x rf e npn", "Q2 y bb e npn", "Ie e 0 2m",
            "Q3 p lo x npn", "Q4 m bb2 x npn", "Q5 m lo y npn", "Q6 p bb2 y npn", "Rp vcc p 2k", "Rm vcc m 2k", "Cp p m 20p", ".tran 1n 5u", ".save v(p) v(m)"]


def class_ab():
    return [NPN, PNP, ".model dm d(is=1e-15 cjo=2p tt=1n)", "Vcc vcc 0 15", "Vee vee 0 -15", "Vin in 0 SIN(0 5 20k)", "R1 vcc b1 5k", "R2 b2 vee 5k", "D1 b1 in dm", "D2 in b2 dm",
            "Q1 vcc b1 e1 npn 10", "Q2 vee b2 e2 pnp 10", "Re1 e1 out 1", "Re2 e2 out 1", "RL out 0 100", ".tran 0.1u 1m", ".four 20k v(out)", ".save v(out)"]


def jfets(analysis):
    lines = [".model jn njf(vto=-2 beta=1m lambda=0.01 rd=10 rs=10 cgs=3p cgd=2p is=1e-14 kf=1e-17)", "Vdd vdd 0 15", "Vin o0 0 DC 0 AC 1 SIN(0 0.05 100k)"]
    for k in range(4):
        lines += [f"Ci{k} o{k} g{k} 10n", f"Rg{k} g{k} 0 1meg", f"J{k} o{k+1} g{k} s{k} jn", f"Rs{k} s{k} 0 500", f"Cs{k} s{k} 0 1u", f"Rd{k} vdd o{k+1} 2k"]
    return lines + analysis


def buck():
    return [".model sw sw(vt=0.5 vh=0.1 ron=0.05 roff=1meg)", ".model dm d(is=1e-9 rs=0.02 cjo=100p tt=5n)", "Vin in 0 12", "Vg g 0 PULSE(0 1 0 20n 20n 3.3u 10u)", "S1 in x g 0 sw", "D1 0 x dm",
            "L1 x out 47u", "C1 out 0 100u", "Rl out 0 5", ".tran 0.1u 3m", ".save v(out) i(l1)"]


def boost():
    return [".model nm nmos(level=1 vto=2 kp=20u w=1 l=2u cgso=1n cgdo=0.5n rd=0.05 rs=0.01)", ".model dm d(is=1e-9 rs=0.02 cjo=100p tt=5n)", "Vin in 0 5", "Vg g 0 PULSE(0 10 0 50n 50n 4u 10u)", "Rg g gg 10",
            "L1 in x 22u", "M1 x gg 0 0 nm w=0.02 l=2u", "D1 x out dm", "C1 out 0 47u", "Rl out 0 20", ".tran 0.1u 2m", ".save v(out) v(x)"]


def flyback():
    return [".model sw sw(vt=0.5 vh=0.1 ron=0.05 roff=1meg)", ".model dm d(is=1e-9 rs=0.02 cjo=50p)", "Vin in 0 24", "Vg g 0 PULSE(0 1 0 20n 20n 4u 10u)", "L1 in x 100u", "L2 0 s 25u", "K1 L1 L2 0.98",
            "S1 x 0 g 0 sw", "Rsn x sn 100", "Csn sn 0 1n", "D1 s out dm", "C1 out 0 100u", "Rl out 0 10", ".tran 0.1u 2m", ".save v(out) v(x)"]


def bridge_inverter():
    lines = [".model sw sw(vt=0.5 vh=0.05 ron=0.02 roff=1meg)", ".model dm d(is=1e-9 rs=0.02)", "Vdc p 0 300", "Vsin m 0 SIN(0 0.8 50)", "Vtri t 0 PULSE(-1 1 0 50u 50u 1n 100.001u)",
             "B1 c 0 V=v(m)>v(t) ? 1 : 0", "B2 d 0 V=v(m)>v(t) ? 0 : 1", "Rc c cc 100", "Cc cc 0 1n", "Rd d dd 100", "Cd dd 0 1n"]
    for k, (a, b, g) in enumerate([("p", "x", "cc"), ("x", "0", "dd"), ("p", "y", "dd"), ("y", "0", "cc")]):
        lines += [f"S{k} {a} {b} {g} 0 sw", f"D{k} {b} {a} dm"]
    return lines + ["L1 x o 2m", "R1 o y 10", "C1 o y 10u", ".tran 2u 20m", ".save v(o) v(y)"]


def tunnel_diode():
    return ["V1 in 0 PULSE(0 0.3 0 1n 1n 1 2)", "R1 in a 10", "L1 a d 1u", "C1 d 0 20p", "B1 d 0 I=10m*(v(d)/0.1)*exp(1-v(d)/0.1)+1e-9*(exp(v(d)/0.04)-1)", ".tran 1n 5u", ".save v(d)"]


def chua():
    return ["C1 a 0 10n ic=0.1", "C2 b 0 100n", "R1 a b 1.8k", "L1 b 0 18m", "B1 a 0 I=-0.409m*v(a)-0.1735m*(abs(v(a)+1.0)-abs(v(a)-1.0))", ".tran 1u 3m uic", ".save v(a) v(b)"]


def vco_loop():
    return ["Vref r 0 SIN(0 1 100k)", "B1 e 0 V=v(r)*cos(6.28318530718*v(ph))", "R1 e c 10k", "C1 c 0 5n", "G1 0 ph c 0 1", "Bf 0 ph I=100k+20k*v(c)-v(c)", "Cp ph 0 1 ic=0", "Rp ph 0 1e12", ".tran 0.2u 1m uic", ".save v(c)"]


def lc_filter(sections, analysis):
    lines = ["V1 in 0 DC 0 AC 1 PULSE(0 1 0 1n 1n 50n 200n)", "Rs in n0 50"]
    for k in range(sections):
        lines += [f"L{k} n{k} m{k} 250n", f"Rl{k} m{k} n{k+1} 0.1", f"C{k} n{k+1} 0 100p"]
    return lines + [f"Rl n{sections} 0 50"] + analysis


def lines_and_stubs():
    lines = ["V1 in 0 PULSE(0 1 1n 0.1n 0.1n 5n 20n)", "Rs in n0 50"]
    for k in range(8):
        lines += [f"T{k} n{k} 0 n{k+1} 0 Z0={50 + 5 * (k % 3)} TD=0.5n", f"C{k} n{k+1} 0 0.5p"]
    return lines + ["Rl n8 0 75", ".tran 20p 200n", ".save v(n8) v(n4)"]


CIRCUITS = [
    Circuit("ua741_step", "µA741 of 21 transistors, steps of 10 V", lambda: opamp(FOLLOWER, [".tran 0.1u 400u", ".save v(out)"]), "v(out)"),
    Circuit("ua741_sine", "µA741 as amplifier, sine and .four", lambda: opamp(INVERTER, [".tran 2u 10m", ".four 1k v(out)", ".save v(out)"]), "v(out)"),
    Circuit("ua741_ac", "µA741, ac in 8,000 points", lambda: opamp(INVERTER, [".ac dec 1000 1 100meg", ".save v(out)"]), "v(out)"),
    Circuit("ua741_dc", "µA741, transfer curve in 20,000 points", lambda: opamp(INVERTER, [".dc Vin -2 2 0.0002", ".save v(out)"]), "v(out)"),
    Circuit("ua741_op", "µA741, operating point", lambda: opamp(INVERTER, [".op"]), "v(out)"),
    Circuit("ua741_noise", "µA741, noise in 4,000 points", lambda: opamp(INVERTER, [".noise v(out) Vin dec 500 1 100meg"]), "onoise_spectrum"),
    Circuit("ua741_tf", "µA741, transfer function", lambda: opamp(INVERTER, [".tf v(out) Vin"]), None),
    Circuit("biquads_8", "8 Sallen–Key sections with 168 transistors", lambda: biquads(8, [".tran 1u 2m", ".save v(o8) v(o1)"]), "v(o1)"),
    Circuit("biquads_8_ac", "the same, ac", lambda: biquads(8, [".ac dec 100 10 10meg", ".save v(o8) v(o1)"]), "v(o8)"),
    Circuit("pair", "differential pair, sine", lambda: pair([".tran 5n 20u", ".save v(c2)"]), "v(c2)"),
    Circuit("pair_temperature", "differential pair, swept temperature", lambda: pair([".dc temp -40 125 0.05", ".save v(c2)"]), "v(c2)"),
    Circuit("vbic_stages", "4 pairs of VBIC transistors, pulses", vbic_stages, "v(o3)"),
    Circuit("multivibrator", "astable multivibrator", multivibrator, "v(c1)", level=2.5,
            draws=("R2 vcc b2 30k", [f"R2 vcc b2 {30 + 0.74 * k:.2f}k" for k in range(1, 8)])),
    Circuit("colpitts", "Colpitts oscillator", colpitts, "v(e)", level=2.0),
    Circuit("gilbert", "Gilbert mixer", gilbert, "v(p)"),
    Circuit("class_ab", "class AB stage, .four", class_ab, "v(out)"),
    Circuit("jfets", "4 JFET stages", lambda: jfets([".tran 0.1u 300u", ".save v(o4) v(o1)"]), "v(o1)"),
    Circuit("jfets_noise", "4 JFET stages, noise", lambda: jfets([".noise v(o4) Vin dec 500 10 100meg"]), "onoise_spectrum"),
    Circuit("buck", "buck converter with switch", buck, "v(out)", slow="common",
            draws=("Rl out 0 5", [f"Rl out 0 {load}" for load in (4.4, 4.7, 5.3, 5.6, 6)])),
    Circuit("boost", "boost converter with MOS", boost, "v(out)"),
    Circuit("flyback", "flyback converter with coupled inductors", flyback, "v(out)", slow="common"),
    Circuit("bridge_inverter", "pulse-width modulated bridge", bridge_inverter, "v(y)", edges=150.0),
    Circuit("tunnel_diode", "tunnel diode oscillator", tunnel_diode, "v(d)", level=0.2),
    Circuit("chua", "Chua's circuit", chua, None),
    Circuit("phase_locked_loop", "phase-locked loop of B sources", vco_loop, "v(c)"),
    Circuit("lc_filter_50", "LC line of 50 sections, pulses", lambda: lc_filter(50, [".tran 0.5n 2u", ".save v(n50)"]), "v(n50)"),
    Circuit("lc_filter_50_ac", "LC line of 50 sections, ac in 10,000 points", lambda: lc_filter(50, [".ac lin 10000 1k 100meg", ".save v(n50)"]), "v(n50)"),
    Circuit("lc_filter_8_pz", "LC line of 8 sections, poles", lambda: lc_filter(8, [".pz in 0 n8 0 vol pol"]), None),
    Circuit("transmission_lines", "8 lossless lines with loads", lines_and_stubs, "v(n8)"),
]
