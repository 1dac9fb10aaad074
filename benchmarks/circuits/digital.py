"""Logic and memories of single transistors."""
from . import Circuit, models_of

MODELS = {
    1: """.model nm nmos(level=1 vto=0.7 kp=120u gamma=0.5 phi=0.7 lambda=0.04 tox=20n cgso=0.3n cgdo=0.3n cj=0.3m cjsw=0.3n mj=0.5 mjsw=0.33 pb=0.8)
.model pm pmos(level=1 vto=-0.8 kp=40u gamma=0.4 phi=0.7 lambda=0.05 tox=20n cgso=0.3n cgdo=0.3n cj=0.4m cjsw=0.3n mj=0.5 mjsw=0.33 pb=0.8)""",
    2: """.model nm nmos(level=2 vto=0.7 uo=600 tox=20n nsub=1e16 gamma=0.5 lambda=0.02 ucrit=1e4 uexp=0.1 xj=0.2u ld=0.1u cgso=0.3n cgdo=0.3n cj=0.3m mj=0.5 pb=0.8)
.model pm pmos(level=2 vto=-0.8 uo=220 tox=20n nsub=1e16 gamma=0.4 lambda=0.03 ucrit=1e4 uexp=0.1 xj=0.2u ld=0.1u cgso=0.3n cgdo=0.3n cj=0.4m mj=0.5 pb=0.8)""",
    3: """.model nm nmos(level=3 vto=0.7 uo=600 tox=20n nsub=1e16 theta=0.1 eta=0.02 kappa=0.5 vmax=1.5e5 xj=0.2u ld=0.1u cgso=0.3n cgdo=0.3n cj=0.3m mj=0.5 pb=0.8)
.model pm pmos(level=3 vto=-0.8 uo=220 tox=20n nsub=1e16 theta=0.1 eta=0.02 kappa=0.5 vmax=1.5e5 xj=0.2u ld=0.1u cgso=0.3n cgdo=0.3n cj=0.4m mj=0.5 pb=0.8)""",
    6: """.model nm nmos(level=6 vto=0.7 kc=3e-5 nc=1.1 kv=0.9 nv=0.6 lambda=0.02 tox=20n gamma=0.5 phi=0.7 cgso=0.3n cgdo=0.3n cj=0.3m mj=0.5 pb=0.8)
.model pm pmos(level=6 vto=-0.8 kc=1.5e-5 nc=1.1 kv=0.9 nv=0.6 lambda=0.03 tox=20n gamma=0.4 phi=0.7 cgso=0.3n cgdo=0.3n cj=0.4m mj=0.5 pb=0.8)""",
    8: """.model nm nmos(level=8 tox=10n xj=0.15u nch=1.7e17 vth0=0.7 k1=0.6 k2=-0.01 k3=10 nlx=0.1u u0=450 ua=1n ub=1.5e-18 vsat=1e5 a0=0.8 ags=0.15
+keta=-0.01 rdsw=1000 wint=0.1u lint=0.05u nfactor=1.2 eta0=0.05 etab=-0.05 pclm=1 cgso=0.3n cgdo=0.3n cj=0.3m mj=0.5 pb=0.8 cjsw=0.3n)
.model pm pmos(level=8 tox=10n xj=0.15u nch=1.7e17 vth0=-0.9 k1=0.5 k2=-0.01 k3=10 nlx=0.1u u0=150 ua=2n ub=1e-18 vsat=1.5e5 a0=0.8 ags=0.1
+keta=-0.01 rdsw=2500 wint=0.1u lint=0.05u nfactor=1.2 eta0=0.05 etab=-0.05 pclm=2 cgso=0.3n cgdo=0.3n cj=0.4m mj=0.5 pb=0.8 cjsw=0.3n)""",
}
CELLS = """.subckt inv in out vdd
M1 out in 0 0 nm w=10u l=1u ad=20p as=20p pd=24u ps=24u
M2 out in vdd vdd pm w=20u l=1u ad=40p as=40p pd=44u ps=44u
.ends
.subckt nand a b out vdd
M1 out a m 0 nm w=10u l=1u ad=20p as=20p pd=24u ps=24u
M2 m b 0 0 nm w=10u l=1u ad=20p as=20p pd=24u ps=24u
M3 out a vdd vdd pm w=20u l=1u ad=40p as=40p pd=44u ps=44u
M4 out b vdd vdd pm w=20u l=1u ad=40p as=40p pd=44u ps=44u
.ends
.subckt xor a b out vdd
X1 a b n1 vdd nand
X2 a n1 n2 vdd nand
X3 b n1 n3 vdd nand
X4 n2 n3 out vdd nand
.ends
.subckt and a b out vdd
X1 a b n vdd nand
X2 n out vdd inv
.ends
.subckt fulladder a b c sum carry vdd
X1 a b n1 vdd nand
X2 a n1 n2 vdd nand
X3 b n1 n3 vdd nand
X4 n2 n3 x vdd nand
X5 x c n4 vdd nand
X6 x n4 n5 vdd nand
X7 c n4 n6 vdd nand
X8 n5 n6 sum vdd nand
X9 n1 n4 carry vdd nand
.ends
.subckt sram bl blb wl vdd
M1 q qb 0 0 nm w=4u l=1u ad=8p as=8p pd=12u ps=12u
M2 q qb vdd vdd pm w=2u l=1u ad=4p as=4p pd=8u ps=8u
M3 qb q 0 0 nm w=4u l=1u ad=8p as=8p pd=12u ps=12u
M4 qb q vdd vdd pm w=2u l=1u ad=4p as=4p pd=8u ps=8u
M5 bl wl q 0 nm w=3u l=1u ad=6p as=6p pd=10u ps=10u
M6 blb wl qb 0 nm w=3u l=1u ad=6p as=6p pd=10u ps=10u
.ends"""


def cmos(level=1):
    return [MODELS[level], CELLS]


def ring(stages, stop, level=1):
    lines = cmos(level) + ["Vdd vdd 0 PULSE(0 5 0 0.1n 0.1n 1 2)"]
    lines += [f"X{k} n{k} n{k % stages + 1} vdd inv" for k in range(1, stages + 1)]
    return lines + [".ic v(n1)=0", f".tran 0.1n {stop}", ".save v(n1)"]


def ring_of_45nm(stages, stop):
    lines = models_of("bsim4/ring_tran.cir") + ["Vdd vdd 0 PULSE(0 1 0 10p 10p 1 2)"]
    for k in range(1, stages + 1):
        lines.append(f"M1{k} n{k % stages + 1} n{k} 0 0 n l=45n w=0.2u ad=20f as=20f pd=0.4u ps=0.4u")
        lines.append(f"M2{k} n{k % stages + 1} n{k} vdd vdd p l=45n w=0.4u ad=40f as=40f pd=0.6u ps=0.6u")
    return lines + [".ic v(n1)=0", f".tran 1p {stop}", ".save v(n1)"]


def chain(stages):
    lines = cmos() + ["Vdd vdd 0 5", "Vin n0 0 PULSE(0 5 5n 1n 1n 40n 80n)"]
    lines += [f"X{k} n{k} n{k+1} vdd inv" for k in range(stages)]
    return lines + [".tran 0.2n 160n", f".save v(n{stages}) v(n10)"]


def adder(bits):
    lines = cmos() + ["Vdd vdd 0 5", "Vc c0 0 0"]
    for k in range(bits):
        lines.append(f"Va{k} a{k} 0 PULSE(0 5 {5 + k}n 1n 1n {20 * (k % 3 + 1)}n {40 * (k % 3 + 1)}n)")
        lines.append(f"Vb{k} b{k} 0 {5 * (k % 2)}")
        lines.append(f"X{k} a{k} b{k} c{k} s{k} c{k+1} vdd fulladder")
    return lines + [".tran 0.2n 200n", f".save v(s{bits-1}) v(c{bits})"]


def multiplier(bits):
    """Array multiplier: rows of full adders over the partial products."""
    lines = cmos() + ["Vdd vdd 0 5", "Vzero zero 0 0"]
    for k in range(bits):
        lines.append(f"Va{k} a{k} 0 PULSE(0 5 {2 + k}n 1n 1n {20 + 7 * k}n {40 + 14 * k}n)")
        lines.append(f"Vb{k} b{k} 0 PULSE(0 5 {4 + k}n 1n 1n {31 + 5 * k}n {62 + 10 * k}n)")
        for j in range(bits):
            lines.append(f"Xp{k}_{j} a{k} b{j} p{k}_{j} vdd and")
    above = [f"p{k}_0" for k in range(bits)] + ["zero"]
    for j in range(1, bits):
        carry, sums = "zero", []
        for k in range(bits):
            lines.append(f"Xf{k}_{j} p{k}_{j} {above[k+1]} {carry} s{k}_{j} c{k}_{j} vdd fulladder")
            carry = f"c{k}_{j}"
            sums.append(f"s{k}_{j}")
        above = sums + [carry]
    return lines + [".tran 0.5n 100n", f".save v(s0_1) v(s0_{bits-1}) v({above[bits-1]})"]


def sram(rows, columns):
    lines = cmos() + ["Vdd vdd 0 5"]
    for i in range(rows):
        lines.append(f"Vw{i} wl{i} 0 PULSE(0 5 {5 + 20 * i}n 0.5n 0.5n 8n 1)")
    for j in range(columns):
        value = "PULSE(0 5 {}n 0.5n 0.5n 14n {}n)".format(2 + j % 3, 40)
        lines += [f"Vb{j} d{j} 0 {value}", f"X{j} d{j} db{j} vdd inv"]
        lines += [f"Rb{j} d{j} bl{j} 200", f"Rc{j} db{j} blb{j} 200", f"Cb{j} bl{j} 0 0.2p", f"Cc{j} blb{j} 0 0.2p"]
        lines += [f"Xc{i}_{j} bl{j} blb{j} wl{i} vdd sram" for i in range(rows)]
    lines += [f".ic v(xc{i}_{j}.q)={5 * ((i + j) % 2)} v(xc{i}_{j}.qb)={5 * ((i + j + 1) % 2)}" for i in range(rows) for j in range(columns)]
    return lines + [f".tran 0.2n {10 + 20 * min(rows, 6)}n", ".save v(xc0_0.q) v(xc1_1.q) v(bl0)"]


def butterfly():
    lines = cmos() + ["Vdd vdd 0 5", "Vin in 0 0", "X1 in out vdd inv", "X2 out back vdd inv"]
    return lines + [".dc Vin 0 5 0.0005", ".save v(out) v(back)"]


def latch():
    lines = cmos() + ["Vdd vdd 0 5", "Vs s 0 PULSE(5 0 5n 0.5n 0.5n 5n 40n)", "Vr r 0 PULSE(5 0 25n 0.5n 0.5n 5n 40n)"]
    lines += ["X1 s qb q vdd nand", "X2 r q qb vdd nand", "Cq q 0 50f"]
    return lines + [".tran 0.1n 2u", ".save v(q) v(qb)"]


def flip_flops(count):
    """A ripple counter of master–slave flip-flops from NANDs."""
    lines = cmos() + [
        ".subckt latch d en q qb vdd", "X0 d db vdd inv", "X1 d en n1 vdd nand", "X2 db en n2 vdd nand", "X3 n1 qb q vdd nand", "X4 n2 q qb vdd nand", ".ends",
        ".subckt toggle clk q qb vdd", "X1 clk nclk vdd inv", "X2 qb nclk m mb vdd latch", "X3 m clk q qb vdd latch", ".ends",
        "Vdd vdd 0 5", "Vclk c0 0 PULSE(0 5 5n 0.5n 0.5n 9.5n 20n)",
    ]
    lines += [f"X{k} c{k} q{k} c{k+1} vdd toggle" for k in range(count)]
    lines += [f".ic v(q{k})=0 v(c{k+1})=5 v(x{k}.m)=5 v(x{k}.mb)=0" for k in range(count)]
    return lines + [".tran 0.5n 700n", f".save v(q0) v(q{count-1})"]


def ttl():
    return [
        ".model npn npn(is=1e-16 bf=50 rb=70 rc=40 re=1 cje=0.9p cjc=1.5p cjs=1p tf=0.1n tr=10n vaf=50 ccs=1p)", ".model dm d(is=1e-15 rs=40 cjo=1p tt=0.1n)",
        "Vcc vcc 0 5", "Vin in 0 PULSE(0 3.5 10n 3n 3n 60n 130n)",
        *[line for k in range(8) for line in (
            f"Rb{k} vcc b{k} 4k", f"Q1{k} c{k} b{k} {'in' if k == 0 else f'o{k-1}'} npn", f"Rc{k} vcc s{k} 1.6k", f"Q2{k} s{k} c{k} e{k} npn", f"Re{k} e{k} 0 1k",
            f"Rt{k} vcc t{k} 130", f"Q3{k} t{k} s{k} d{k} npn", f"D{k} d{k} o{k} dm", f"Q4{k} o{k} e{k} 0 npn")],
        ".tran 0.5n 1u", ".save v(o7) v(o0)",
    ]


def ecl():
    lines = [".model npn npn(is=1e-16 bf=80 rb=50 rc=20 re=1 cje=0.2p cjc=0.2p cjs=0.3p tf=20p vaf=40)", "Vee vee 0 -5.2", "Vref ref 0 -1.32"]
    lines.append("Vin o0 0 PULSE(-1.75 -0.9 1n 0.3n 0.3n 4n 10n)")
    for k in range(16):
        lines += [f"Q1{k} c{k} o{k} e{k} npn", f"Q2{k} d{k} ref e{k} npn", f"Re{k} e{k} vee 780", f"Rc{k} 0 c{k} 220", f"Rd{k} 0 d{k} 245", f"Q3{k} 0 d{k} o{k+1} npn", f"Ro{k} o{k+1} vee 2k"]
    return lines + [".tran 20p 40n", ".save v(o16) v(o1)"]


def charge_pump():
    lines = cmos() + ["Vdd vdd 0 5", "Vp p 0 PULSE(0 5 0 1n 1n 24n 50n)", "Vn n 0 PULSE(5 0 0 1n 1n 24n 50n)", "M0 vdd vdd s0 0 nm w=20u l=1u"]
    for k in range(8):
        lines += [f"C{k} s{k} {'pn'[k % 2]} 2p", f"M{k+1} s{k} s{k} s{k+1} 0 nm w=20u l=1u"]
    return lines + ["CL s8 0 10p", "RL s8 0 1meg", ".tran 0.5n 5u", ".save v(s8) v(s0)"]


CIRCUITS = [
    Circuit("ring_11_mos1", "ring oscillator, 11 stages, MOS1", lambda: ring(11, "500n"), "v(n1)", level=2.5),
    Circuit("ring_101_mos1", "ring oscillator, 101 stages, MOS1", lambda: ring(101, "200n"), None),
    Circuit("ring_11_mos2", "ring oscillator, 11 stages, MOS2", lambda: ring(11, "200n", 2), "v(n1)", level=2.5),
    Circuit("ring_11_mos3", "ring oscillator, 11 stages, MOS3", lambda: ring(11, "200n", 3), "v(n1)", level=2.5),
    Circuit("ring_11_bsim3", "ring oscillator, 11 stages, BSIM3", lambda: ring(11, "200n", 8), "v(n1)", level=2.5),
    Circuit("ring_11_mos6", "ring oscillator, 11 stages, MOS6", lambda: ring(11, "200n", 6), "v(n1)", level=2.5),
    Circuit("ring_11_bsim4", "ring oscillator, 11 stages, BSIM4", lambda: ring_of_45nm(11, "8n"), "v(n1)", level=0.5),
    Circuit("inverters_200", "chain of 200 inverters", lambda: chain(200), "v(n10)", slow="common"),
    Circuit("adder_8", "ripple adder, 8 bits, 288 MOS", lambda: adder(8), "v(s7)", slow="common"),
    Circuit("multiplier_8", "array multiplier 8×8, 2,400 MOS", lambda: multiplier(8), "v(s0_1)", tight=1e-5, slow="common"),
    Circuit("sram_16", "SRAM of 16×16 cells, 1,568 MOS", lambda: sram(16, 16), "v(xc0_0.q)", tight=1e-5, slow="common"),
    Circuit("sram_32", "SRAM of 32×32 cells, 6,208 MOS", lambda: sram(32, 32), "v(xc0_0.q)", tight=1e-4, slow="common",
            draws=(" 0 0.2p", [" 0 0.19p", " 0 0.21p"])),
    Circuit("inverters_dc", "two inverters, transfer curve in 10,000 points", butterfly, "v(out)"),
    Circuit("latch", "set–reset latch", latch, "v(q)", slow="common"),
    Circuit("counter_4", "ripple counter of 4 flip-flops", lambda: flip_flops(4), "v(q0)", slow="common"),
    Circuit("ttl_8", "8 TTL inverters, 40 transistors", ttl, "v(o0)"),
    Circuit("ecl_16", "16 ECL gates, 48 transistors", ecl, "v(o1)"),
    Circuit("charge_pump", "Dickson charge pump, 8 stages", charge_pump, "v(s8)"),
]
