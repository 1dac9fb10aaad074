#!/usr/bin/env python3
"""Makes the CSV references of netlists/memristors that have no closed form: each model's published equations, integrated by
scipy's DOP853 or Radau at rtol 1e-11, independently of the simulator. Run it in any folder; needs numpy and scipy."""
import pathlib

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "netlists" / "memristors"
K_OVER_Q = 8.617333262145179e-5


def solve(rate, start, times, method="DOP853", atol=1e-14, step=np.inf):
    """State at `times`; `step` bounds the step so that no threshold is stepped over."""
    result = solve_ivp(rate, (times[0], times[-1]), np.atleast_1d(start), method, times, rtol=1e-11, atol=atol, max_step=step)
    assert result.success, result.message
    return result.y


def write(name, columns):
    names, values = list(columns), np.array(list(columns.values())).T
    lines = [",".join(names)] + [",".join(f"{value:.8g}" for value in row) for row in values]
    (FOLDER / f"{name}.csv").write_text("\n".join(lines) + "\n")


def stanford():
    least, most, thickness, hop = 0.1e-9, 1.7e-9, 5e-9, 0.25e-9
    times = np.linspace(0, 40e-9, 801)
    # The bounds are outside of what this drive reaches.
    source = lambda t: 2.0 * np.sin(2 * np.pi * 25e6 * t)
    current = lambda v, g: 6.14e-5 * np.exp(-g / 0.27505e-9) * np.sinh(v / 0.43)

    def volt(t, g):
        """Voltage of the filament behind 5 kΩ."""
        e = source(t)
        return brentq(lambda v: v + 5e3 * current(v, g) - e, min(e, 0), max(e, 0), xtol=1e-16, rtol=1e-14) if e else 0.0

    def run(ambient, static=False):
        def rate(t, y):
            g, temperature = y[0] * 1e-9, y[1]
            v = volt(t, g)
            if static:
                temperature = ambient + 0.23e-9 / 3.1825e-16 * v * current(v, g)
            scale = K_OVER_Q * temperature
            field = (16.5 - 1.25 * (g / 1e-9) ** 3) * hop / thickness * v
            speed = -150 * (np.exp((field - 1.501) / scale) - np.exp((-field - 1.5) / scale))
            return [speed * 1e9, v * current(v, g) / 3.1825e-16 - (temperature - ambient) / 0.23e-9]

        return solve(rate, [0.9, ambient], times, "Radau", 1e-13, 1e-10)

    columns = {"time": times}
    for name, celsius in (("n1", 25.0), ("n2", 85.0), ("n3", 25.0)):
        g, temperature = run(celsius + 273.15, name == "n3")
        assert least < g.min() * 1e-9 and g.max() * 1e-9 < most, (g.min(), g.max())
        columns[f"x({name})"] = g * 1e-9
        if name == "n3":
            break
        columns[f"t({name})"] = temperature
        columns[f"i({name})"] = [current(volt(t, x * 1e-9), x * 1e-9) for t, x in zip(times, g)]
        print("stanford", name, g.min(), g.max(), g[-1], temperature.max())
    write("stanford_rram_sine", columns)


def barrier_current(v, w):
    """Abdalla & Pickett's current at junction voltage v, widths in nm."""
    u, w1 = abs(v), 0.1261
    lam = 0.0998 / w
    w2 = w1 + w - 9.183 * 0.0998 / (2.85 + 4 * lam - 2 * u)
    d = w2 - w1
    phi = 0.95 - u * (w1 + w2) / (2 * w) - 1.15 * lam * w * np.log(w2 * (w - w1) / (w1 * (w - w2))) / d
    part = lambda p: p * np.exp(-10.246 * d * np.sqrt(p))
    return np.sign(v) * 0.0617 / d**2 * (part(phi) - part(phi + u))


def simmons():
    times = np.linspace(0, 2, 801)
    drive = lambda t: 0.5e-3 * np.sin(2 * np.pi * t) - 0.05e-3

    def rate(t, y):
        w, i = y[0], drive(t)
        if i >= 0:
            speed = 3500 * np.sinh(i / 115e-6) * np.exp(-np.exp((w - 1.2) / 0.107 - i / 500e-6) - w / 0.107)
        else:
            speed = 40000 * np.sinh(i / 8.9e-6) * np.exp(-np.exp((1.8 - w) / 0.107 + i / 500e-6) - w / 0.107)
        return [speed / (1 + abs(speed) / 1e9)]

    w = solve(rate, [1.2], times, "Radau", 1e-13, 2e-3)[0]
    inner = [brentq(lambda u: barrier_current(u, x) - drive(t), -0.75, 0.75, xtol=1e-16) for t, x in zip(times, w)]
    print("simmons", w.min(), w.max(), np.abs(inner).max())
    write("simmons_sine", {"time": times, "x(n1)": w * 1e-9, "v(in)": inner + 215 * drive(times)})


def team():
    times = np.linspace(0, 2, 1601)
    ron, roff, length = 50.0, 1000.0, 3e-9
    volt = lambda t: 1.0 * np.sin(2 * np.pi * t)
    resistance = lambda w: ron * np.exp(np.log(roff / ron) * w)

    def rate(t, y):
        w = y[0]
        i = volt(t) / resistance(w)
        if i > 115e-6:
            return [0.24e-9 * (i / 115e-6 - 1) ** 3 / length * np.exp(-np.exp((w - 0.8) * length / 107e-12))]
        if i < -8.9e-6:
            return [-20e-12 * (i / -8.9e-6 - 1) / length * np.exp(-np.exp((0.2 - w) * length / 107e-12))]
        return [0.0]

    w = solve(rate, [0.3], times, "Radau", 1e-13, 1e-3)[0]
    print("team", w.min(), w.max())
    write("team_sine", {"time": times, "x(n1)": w * length, "i(n1)": volt(times) / resistance(w)})


def metastable():
    times = np.linspace(0, 10e-3, 801)
    volt = lambda t: 0.5 * np.sin(2 * np.pi * 100 * t)
    columns = {"time": times}
    for name, celsius in (("n1", 27.0), ("n2", 125.0)):
        scale = K_OVER_Q * (celsius + 273.15)
        step = lambda y: 1 / (1 + np.exp(-y / scale))
        rate = lambda t, x: (step(volt(t) - 0.27) * (1 - x) - step(-volt(t) - 0.27) * x) / 1e-3
        x = solve(rate, [0.2], times, step=1e-4)[0]
        v = volt(times)
        schottky = 1e-5 * np.expm1(4 * v) - 2e-6 * np.expm1(-3 * v)
        columns[f"x({name})"] = x
        columns[f"i({name})"] = 0.8 * v * (x / 500 + (1 - x) / 1500) + 0.2 * schottky
        print("metastable", name, x.min(), x.max())
    write("mean_metastable_switch_sine", columns)


def selector():
    # Dense where it switches.
    dense = [np.arange(start, start + 0.65e-6, 1e-9) for start in (1.05e-6, 3.45e-6, 5e-6, 7.4e-6)]
    times = np.unique(np.concatenate([np.linspace(0, 8e-6, 401), *dense]).clip(0, 8e-6))
    # A triangle up to 0.5 V and back to −0.5 V.
    volt = lambda t: np.interp(t, [0, 2e-6, 6e-6, 8e-6], [0, 0.5, -0.5, 0])
    step = lambda y: 1 / (1 + np.exp(-y / 5e-3))

    def rate(t, x):
        u = abs(volt(t))
        return step(u - 0.3 + 0.2 * x) * (1 - x) / 75e-9 - step(0.1 - u) * x / 250e-9

    x = solve(rate, [0.0], times, step=5e-9)[0]
    v = volt(times)
    print("selector", x.min(), x.max())
    write("threshold_selector_triangle", {"time": times, "x(n1)": x, "i(n1)": 1e-12 ** (1 - x) * 1e-3**x * (x * v + (1 - x) * 0.1 * np.sinh(v / 0.1))})


import sys
for make in [globals()[name] for name in sys.argv[1:]] or (stanford, simmons, team, metastable, selector):
    make()
