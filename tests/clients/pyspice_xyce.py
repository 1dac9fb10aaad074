#!/usr/bin/env python3
"""PySpice drives Ferrospice as its Xyce: operating point, transient, ac and dc against closed forms.

    pip install 'numpy<2' PySpice
    tests/clients/pyspice_xyce.py target/release/ferrospice
"""
import math, sys

from PySpice.Spice.Netlist import Circuit
from PySpice.Spice.Xyce.Simulation import XyceCircuitSimulator
from PySpice.Unit import u_Hz, u_kOhm, u_MHz, u_ms, u_uF, u_us, u_V


def simulator(circuit):
    return XyceCircuitSimulator(circuit, temperature=25, nominal_temperature=25, xyce_command=sys.argv[1])


def check(what, value, expected, tolerance):
    assert abs(value - expected) <= tolerance, f"{what}: {value} instead of {expected}"
    print(f"{what}: {value:.6g}")


def filter_of(source):
    circuit = Circuit("RC")
    source(circuit)
    circuit.R(1, "in", "out", 1 @ u_kOhm)
    circuit.C(1, "out", circuit.gnd, 1 @ u_uF)
    return circuit


pulsed = filter_of(lambda c: c.PulseVoltageSource("input", "in", c.gnd, 0 @ u_V, 1 @ u_V, pulse_width=5 @ u_ms, period=10 @ u_ms))
check("operating point", float(simulator(pulsed).operating_point()["out"][0]), 0.0, 1e-12)
analysis = simulator(pulsed).transient(step_time=10 @ u_us, end_time=10 @ u_ms)
at = min(range(len(analysis.time)), key=lambda k: abs(float(analysis.time[k]) - 3e-3))
check("transient at 3 ms", float(analysis["out"][at]), 1 - math.exp(-float(analysis.time[at]) / 1e-3), 1e-3)

sine = filter_of(lambda c: c.SinusoidalVoltageSource("input", "in", c.gnd, amplitude=1 @ u_V))
analysis = simulator(sine).ac(start_frequency=1 @ u_Hz, stop_frequency=1 @ u_MHz, number_of_points=10, variation="dec")
for k in (0, 30, 60):
    frequency = float(analysis.frequency[k])
    check(f"ac at {frequency:g} Hz", abs(analysis["out"].as_ndarray()[k]), 1 / math.hypot(1, 2 * math.pi * frequency * 1e-3), 1e-9)

divider = Circuit("divider")
divider.V("input", "in", divider.gnd, "0")
divider.R(1, "in", "out", 1 @ u_kOhm)
divider.R(2, "out", divider.gnd, 1 @ u_kOhm)
analysis = simulator(divider).dc(Vinput=slice(0, 5, 0.1))
check("dc at 5 V", float(analysis["out"][-1]), 2.5, 1e-9)
# PySpice 1.5 files the currents of Xyce under the nodes.
check("current at 5 V", float(analysis.nodes["Vinput"][-1]), -2.5e-3, 1e-9)
