//! Crossbar elements: against the same circuits of single elements, and what their cards say.

mod common;

use common::{deck, failure, last, plot, run, system, vector};
use ferrospice::analysis::operating_point;
use ferrospice::analysis::output::Unwatched;
use ferrospice::arrays::{Crossbar, Driving, PortReduction};
use ferrospice::circuit::Overrides;
use ferrospice::devices::assembly::UnknownKind;
use ferrospice::numerics::npy;
use ferrospice::results::plot::{Data, Plot};
use ferrospice::studies::deck_run::{Keep, run_deck};

/// An array, as an element and as elements for every wire and cell.
#[derive(Debug, Clone)]
struct Array {
    rows: usize,
    columns: usize,
    rw: f64,
    rb: f64,
    driver: f64,
    sense: f64,
    cw: f64,
    cb: f64,
    both: bool,
    cell: Cell,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Cell {
    Linear,
    /// A memristor of this model.
    Memristor(&'static str),
    Parallel,
    Selected,
    /// Linear, with a transistor.
    Gated,
}

const MODELS: &str = "
.model hp linear_ion_drift(ron=1k roff=100k d=10n uv=1e-14 window=joglekar p=2)
.model yak yakopcic
.model sel threshold_selector(ron=1k goff=1u vnl=0.1 vth=0.3 vhold=0.1 delta=20m tau_on=1u tau_off=1u)
.model nm nmos(vto=0.3 kp=200u lambda=0.02 cgso=1n cgdo=1n)
.include \"device_models/feo.lib\"
";

impl Array {
    fn new(rows: usize, columns: usize, cell: Cell) -> Array {
        Array { rows, columns, rw: 20.0, rb: 30.0, driver: 0.0, sense: 0.0, cw: 0.0, cb: 0.0, both: false, cell }
    }

    /// Something different in every cell: conductance in S, or state.
    fn value(&self, row: usize, column: usize) -> f64 {
        let share = ((row * 37 + column * 17 + 5) % 23) as f64 / 23.0;
        match self.cell {
            Cell::Linear | Cell::Gated => 1e-5 + 1e-3 * share,
            _ => 0.1 + 0.8 * share,
        }
    }

    fn cells(&self) -> impl Iterator<Item = (usize, usize)> {
        let columns = self.columns;
        (0..self.rows * columns).map(move |cell| (cell / columns, cell % columns))
    }

    fn element(&self) -> String {
        let Array { rows, columns, rw, rb, driver, sense, cw, cb, both, cell } = self;
        let values: Vec<String> = self.cells().map(|(i, j)| format!("{:e}", self.value(i, j))).collect();
        let values = values.join(" ");
        let cell = match cell {
            Cell::Linear => format!("g=[{values}]"),
            Cell::Memristor(model) => format!("cell={model} x0=[{values}]"),
            Cell::Parallel => format!("cell=[hp yak] x0=[{values}]"),
            Cell::Selected => format!("cell=hp selector=sel cell_rs=50 x0=[{values}]"),
            Cell::Gated => format!("g=[{values}] transistor=nm w=2u l=1u"),
        };
        let gates = if self.cell == Cell::Gated { format!("[gl[0:{}]]", rows - 1) } else { String::new() };
        format!(
            "Ax [wl[0:{}]] [bl[0:{}]] {gates} xbar\n.model xbar crossbar({cell} rw={rw} rb={rb} rdriver={driver} \
             rsense={sense} cw={cw} cb={cb} both_ends={} solver=flattened)\n.save all @ax[wl_all] @ax[bl_all] @ax[i_all]\n",
            rows - 1,
            columns - 1,
            u8::from(*both)
        )
    }

    fn word(&self, i: usize, j: usize) -> String {
        match (self.rw > 0.0, self.driver > 0.0) {
            (true, _) => format!("u{i}_{j}"),
            (false, true) => format!("u{i}"),
            _ => format!("wl{i}"),
        }
    }

    fn bit(&self, i: usize, j: usize) -> String {
        match (self.rb > 0.0, self.sense > 0.0) {
            (true, _) => format!("b{i}_{j}"),
            (false, true) => format!("b{j}"),
            _ => format!("bl{j}"),
        }
    }

    fn explicit(&self) -> String {
        let mut text = String::new();
        let mut wire = |from: String, to: String, resistance: f64| {
            if from != to {
                let number = text.lines().count();
                text += &format!("Rwire{number} {from} {to} {resistance}\n");
            }
        };
        for i in 0..self.rows {
            wire(format!("wl{i}"), self.word(i, 0), self.rw + self.driver);
            (1..self.columns).for_each(|j| wire(self.word(i, j - 1), self.word(i, j), self.rw));
            if self.both {
                wire(self.word(i, self.columns - 1), format!("wl{i}"), self.rw + self.driver);
            }
        }
        for j in 0..self.columns {
            (1..self.rows).for_each(|i| wire(self.bit(i - 1, j), self.bit(i, j), self.rb));
            wire(self.bit(self.rows - 1, j), format!("bl{j}"), self.rb + self.sense);
        }
        for (i, j) in self.cells() {
            text += &self.explicit_cell(i, j);
            if self.cw > 0.0 {
                text += &format!("Cw{i}_{j} {} 0 {}\n", self.word(i, j), self.cw);
            }
            if self.cb > 0.0 {
                text += &format!("Cb{i}_{j} {} 0 {}\n", self.bit(i, j), self.cb);
            }
        }
        text
    }

    fn explicit_cell(&self, i: usize, j: usize) -> String {
        let (u, b, value) = (self.word(i, j), self.bit(i, j), self.value(i, j));
        match self.cell {
            Cell::Linear => format!("Rcell{i}_{j} {u} {b} {:e}\n", 1.0 / value),
            Cell::Memristor(model) => format!("Ncell{i}_{j} {u} {b} {model} x0={value}\n"),
            Cell::Parallel => {
                format!("Ncell{i}_{j} {u} {b} hp x0={value}\nNtwo{i}_{j} {u} {b} yak x0={value}\n")
            }
            Cell::Selected => format!(
                "Ncell{i}_{j} {u} m{i}_{j} hp x0={value}\nRs{i}_{j} m{i}_{j} k{i}_{j} 50\nNsel{i}_{j} k{i}_{j} {b} sel\n"
            ),
            Cell::Gated => {
                format!("Rcell{i}_{j} {u} m{i}_{j} {:e}\nM{i}_{j} m{i}_{j} gl{i} {b} 0 nm w=2u l=1u\n", 1.0 / value)
            }
        }
    }

    /// Runs both forms between `ports` and compares all node voltages and the currents of linear cells.
    fn compare(&self, ports: &str, analysis: &str, tolerance: f64) {
        let options = ".options reltol=1e-9 abstol=1e-16 vntol=1e-11";
        let text = |array: &str| format!("{ports}\n{array}\n{MODELS}\n{options}\n{analysis}\n");
        let (ours, theirs) = (plot(&text(&self.element())), plot(&text(&self.explicit())));
        let pairs = self.cells().flat_map(|(i, j)| {
            [(format!("v(ax.wl[{i}][{j}])"), self.word(i, j)), (format!("v(ax.bl[{i}][{j}])"), self.bit(i, j))]
        });
        for (name, node) in pairs {
            self.compare_vectors(&ours, &name, &theirs, &format!("v({node})"), tolerance);
        }
    }

    fn compare_vectors(&self, ours: &Plot, name: &str, theirs: &Plot, other: &str, tolerance: f64) {
        if ours.header.complex {
            // Kirchhoff's laws are tested in real numbers; magnitudes do for the rest.
            let magnitude = |plot: &Plot, name: &str| -> Vec<f64> {
                let index = plot.column(name).unwrap_or_else(|| panic!("no vector {name}"));
                let Data::Complex(columns) = &plot.data else { panic!("not complex") };
                columns[index].iter().map(|value| value.re.hypot(value.im)).collect()
            };
            return self.close(&magnitude(ours, name), &magnitude(theirs, other), name, tolerance);
        }
        let theirs_vector = vector(theirs, other);
        if !ours.header.has_axis || ours.header.columns[0].name != "time" {
            return self.close(&vector(ours, name), &theirs_vector, name, tolerance);
        }
        // Rounding may move a time step a little.
        let axis = theirs.axis();
        let at_ours: Vec<f64> = ours.axis().iter().map(|&time| interpolate(&axis, &theirs_vector, time)).collect();
        self.close(&vector(ours, name), &at_ours, name, tolerance);
    }

    fn close(&self, ours: &[f64], theirs: &[f64], name: &str, tolerance: f64) {
        assert_eq!(ours.len(), theirs.len(), "{name} {self:?}");
        for (a, b) in ours.iter().zip(theirs) {
            assert!((a - b).abs() <= tolerance, "{name}: {a} is not {b} in {self:?}");
        }
    }
}

fn interpolate(axis: &[f64], values: &[f64], time: f64) -> f64 {
    let after = axis.partition_point(|&other| other < time).clamp(1, axis.len() - 1);
    let share = (time - axis[after - 1]) / (axis[after] - axis[after - 1]);
    values[after - 1] + share * (values[after] - values[after - 1])
}

/// Sources on word lines and, on bit lines, nothing but small resistors.
fn driven(array: &Array) -> String {
    let words = (0..array.rows).map(|i| format!("V{i} wl{i} 0 {}\n", 0.5 - 0.17 * i as f64));
    words.chain((0..array.columns).map(|j| format!("Rload{j} bl{j} 0 {}\n", 1 + j))).collect()
}

/// Circuits of several kinds: resistors before and capacitors at word lines, amplifiers, loads and open ends at bit lines.
fn surrounded(array: &Array, source: &str) -> String {
    let mut text = format!("Vin in 0 {source}\n");
    for i in 0..array.rows {
        text += &match i % 3 {
            0 => format!("Rin{i} in wl{i} 100\nCin{i} wl{i} 0 1p\n"),
            1 => format!("Ein{i} wl{i} 0 in 0 0.5\n"),
            _ => format!("Cin{i} wl{i} 0 2p\n"),
        };
    }
    for j in 0..array.columns {
        text += &match j % 3 {
            0 => format!("Eop{j} out{j} 0 0 bl{j} 1e4\nRf{j} out{j} bl{j} 1k\n"),
            1 => format!("Rload{j} bl{j} 0 50\n"),
            _ => format!("Cload{j} bl{j} 0 1p\n"),
        };
    }
    text
}

/// Shapes and wires of many kinds.
fn arrays(cell: Cell) -> Vec<Array> {
    let base = |rows, columns| Array::new(rows, columns, cell);
    vec![
        base(1, 1),
        Array { both: true, driver: 5.0, ..base(1, 4) },
        Array { sense: 7.0, ..base(5, 1) },
        Array { rw: 0.0, ..base(3, 4) },
        Array { rw: 0.0, driver: 10.0, both: true, ..base(3, 4) },
        Array { rb: 0.0, ..base(4, 3) },
        Array { rb: 0.0, sense: 10.0, ..base(4, 3) },
        Array { rw: 0.0, rb: 0.0, ..base(2, 3) },
        Array { driver: 3.0, sense: 4.0, both: true, ..base(5, 6) },
    ]
}

#[test]
fn linear_arrays_are_their_resistors() {
    for array in arrays(Cell::Linear) {
        array.compare(&driven(&array), ".op", 1e-9);
        array.compare(&surrounded(&array, "1"), ".op", 1e-9);
        array.compare(&surrounded(&array, "1"), ".dc Vin -1 1 0.5", 1e-9);
    }
}

#[test]
fn gated_arrays_are_their_transistors() {
    for array in arrays(Cell::Gated) {
        let gates: String = (0..array.rows).map(|i| format!("Vg{i} gl{i} 0 {}\n", 0.2 + i as f64)).collect();
        array.compare(&(driven(&array) + &gates), ".op", 1e-9);
        array.compare(&(surrounded(&array, "1") + &gates), ".dc Vin -1 1 0.5", 1e-9);
    }
}

#[test]
fn arrays_of_memristors_are_their_memristors() {
    for cell in [Cell::Memristor("hp"), Cell::Memristor("feo"), Cell::Parallel, Cell::Selected] {
        for array in arrays(cell) {
            array.compare(&driven(&array), ".op", 1e-9);
            array.compare(&surrounded(&array, "1"), ".dc Vin -1 1 0.5", 1e-9);
        }
    }
}

#[test]
fn capacitances_and_states_move_as_single_ones_do() {
    let pulse = "PULSE(0 1 0 10n 10n 0.3u 1u) AC 1";
    for cell in [Cell::Linear, Cell::Gated, Cell::Memristor("hp"), Cell::Selected] {
        for (rows, columns, rw) in [(2, 3, 200.0), (3, 2, 0.0)] {
            let array = Array { cw: 1e-12, cb: 2e-12, rw, ..Array::new(rows, columns, cell) };
            let gates: String = (0..rows).map(|i| format!("Vg{i} gl{i} 0 {}\n", 1 + i)).collect();
            let gates = if cell == Cell::Gated { gates } else { String::new() };
            let ports = surrounded(&array, pulse) + &gates;
            array.compare(&ports, ".tran 10n 1u", 1e-6);
            array.compare(&ports, ".ac dec 3 1k 100meg", 1e-9);
        }
    }
}

#[test]
fn a_programming_pulse_on_16_cells_is_that_on_16_elements() {
    let array = Array { rw: 0.0, rb: 0.0, ..Array::new(4, 4, Cell::Memristor("feo")) };
    let words: String =
        (0..4).map(|i| format!("V{i} wl{i} 0 PULSE(0 {} 0 1u 1u 100u 1)\n", 2.4 - 0.8 * i as f64)).collect();
    let bits: String = (0..4).map(|j| format!("Vb{j} bl{j} 0 {}\n", 0.2 * j as f64)).collect();
    let states: String = array.cells().map(|(i, j)| format!("@ax[x_{i}_{j}] ")).collect();
    let text = |array: &str| format!("{words}{bits}{array}{MODELS}.options reltol=1e-6\n.tran 1u 150u\n");
    let ours = plot(&(text(&array.element()) + &format!(".save {states}")));
    let theirs = plot(&text(&array.explicit()));
    let mut moved: f64 = 0.0;
    for (i, j) in array.cells() {
        let (ours, theirs) = (last(&ours, &format!("x(ax[{i}][{j}])")), last(&theirs, &format!("x(ncell{i}_{j})")));
        assert!((ours - theirs).abs() <= 1e-9, "{i} {j}: {ours} is not {theirs}");
        moved = moved.max((ours - array.value(i, j)).abs());
    }
    assert!(moved > 0.05, "the pulse did nothing: {moved}");
}

#[test]
fn port_reduction_gives_the_same_currents() {
    let array = Array { driver: 2.0, sense: 3.0, both: true, ..Array::new(6, 5, Cell::Linear) };
    let conductances: Vec<f64> = array.cells().map(|(i, j)| array.value(i, j)).collect();
    let inputs: Vec<f64> = (0..6).map(|i| 0.5 - 0.17 * i as f64).collect();
    let crossbar = Crossbar {
        rows: 6,
        columns: 5,
        word_segment: array.rw,
        bit_segment: array.rb,
        driver: 2.0,
        sense: 3.0,
        driving: Driving::BothEnds,
    };
    let expected = PortReduction::new(&crossbar, &conductances).unwrap().currents(&inputs).unwrap();
    let words: String = inputs.iter().enumerate().map(|(i, v)| format!("V{i} wl{i} 0 {v}\n")).collect();
    let bits: String = (0..5).map(|j| format!("Vb{j} bl{j} 0 0\n")).collect();
    let plot = plot(&format!("{words}{bits}{}.op", array.element()));
    for (j, expected) in expected.iter().enumerate() {
        let current = last(&plot, &format!("i(vb{j})"));
        assert!((current - expected).abs() <= 1e-9 * expected.abs(), "column {j}: {current} is not {expected}");
    }
}

#[test]
fn contributions_of_all_devices_balance() {
    for cell in [Cell::Linear, Cell::Gated, Cell::Memristor("feo"), Cell::Selected] {
        let array = Array { driver: 2.0, sense: 3.0, both: true, ..Array::new(4, 5, cell) };
        let gates: String = (0..4).map(|i| format!("Vg{i} gl{i} 0 {i}\n")).collect();
        let options = ".options reltol=1e-9 abstol=1e-16 vntol=1e-11\n";
        let mut system = system(&format!("{}{gates}{}{MODELS}{options}.op", driven(&array), array.element()));
        let mut x = system.initial_unknowns();
        operating_point::find(&mut system, &mut x, &[], &mut Unwatched).unwrap();
        let balance = system.balance(&x);
        let is_node = |row: &usize| system.unknowns[*row].kind == UnknownKind::Voltage;
        let rows = (0..system.len()).filter(is_node);
        let largest = balance.iter().map(|row| row.magnitude).fold(0.0, f64::max);
        for row in rows {
            assert!(balance[row].sum.abs() <= 1e-9 * largest, "{}: {:?}", system.describe_unknown(row), balance[row]);
        }
    }
}

#[test]
fn kirchhoffs_law_holds_at_every_node() {
    let array = Array { driver: 2.0, sense: 3.0, ..Array::new(6, 5, Cell::Memristor("feo")) };
    let text = format!("{}{}{MODELS}.op", driven(&array), array.element());
    let plot = plot(&text);
    let at = |name: String| last(&plot, &name);
    let word = |i: usize, j: usize| at(format!("v(ax.wl[{i}][{j}])"));
    let bit = |i: usize, j: usize| at(format!("v(ax.bl[{i}][{j}])"));
    let cell = |i: usize, j: usize| at(format!("i(ax[{i}][{j}])"));
    let largest = array.cells().map(|(i, j)| cell(i, j).abs()).fold(0.0, f64::max);
    for (i, j) in array.cells() {
        let before =
            if j == 0 { (at(format!("v(wl{i})")) - word(i, 0)) / 22.0 } else { (word(i, j - 1) - word(i, j)) / 20.0 };
        let after = if j < 4 { (word(i, j) - word(i, j + 1)) / 20.0 } else { 0.0 };
        assert!((before - after - cell(i, j)).abs() <= 1e-9 * largest, "word line at {i}, {j}");
        let above = if i > 0 { (bit(i - 1, j) - bit(i, j)) / 30.0 } else { 0.0 };
        let below =
            if i < 5 { (bit(i, j) - bit(i + 1, j)) / 30.0 } else { (bit(i, j) - at(format!("v(bl{j})"))) / 33.0 };
        assert!((above + cell(i, j) - below).abs() <= 1e-9 * largest, "bit line at {i}, {j}");
    }
}

/// Conductances of a 2 × 3 array with these parameters on its model.
fn conductances(parameters: &str) -> Vec<f64> {
    let plot = plot(&format!(
        "V1 wl0 0 1\nV2 wl1 0 1\nVa bl0 0 0\nVb bl1 0 0\nVc bl2 0 0\nAx [wl[0:1]] [bl[0:2]] m\n.model m crossbar({parameters})\n\
         {MODELS}.save @ax[g_all]\n.op"
    ));
    (0..6).map(|cell| last(&plot, &format!("g(ax[{}][{}])", cell / 3, cell % 3))).collect()
}

fn written(name: &str, contents: &[u8]) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, contents).unwrap();
    let path = path.display().to_string();
    (folder, path)
}

#[test]
fn values_come_from_numbers_lists_and_files() {
    let wanted: Vec<f64> = (1..=6).map(|value| f64::from(value) * 1e-6).collect();
    let close = |found: &[f64]| found.iter().zip(&wanted).all(|(a, b)| (a - b).abs() <= 1e-15 * b);
    assert_eq!(conductances("g=3u"), [3e-6; 6]);
    assert!(close(&conductances("g=[1u 2u 3u 4u 5u 6u]")));
    assert!(close(&conductances("g=[[1u 2u 3u] [4u 5u 6u]]")));
    let (_folder, path) = written("g.csv", b"# by rows\n1e-6, 2u, 3e-6\n4u,5u,6u\n");
    assert!(close(&conductances(&format!("g=\"{path}\""))));
    let mut npy = b"\x93NUMPY\x01\x00\x3b\x00{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }".to_vec();
    npy.resize(10 + 0x3b, b' ');
    wanted.iter().for_each(|value| npy.extend(value.to_le_bytes()));
    let (_folder, path) = written("g.npy", &npy);
    assert!(close(&conductances(&format!("g=\"{path}\""))));
    let set = conductances("cell=feo g0=[10u 20u 30u 40u 50u 60u]");
    assert!(set.iter().zip(1..).all(|(g, k)| (g - f64::from(k) * 1e-5).abs() <= 1e-13), "{set:?}");
}

/// Difference of the currents of two bit lines over ΣW·V, with ideal wires.
#[test]
fn weights_are_pairs_of_conductances() {
    let weights = [[0.5, -0.25], [-1.0, 0.0], [0.125, 2.0]];
    let (_folder, path) = written("w.csv", b"0.5,-0.25\n-1,0\n0.125,2\n");
    let voltages = [0.05, 0.02, 0.08];
    for (cell, range, tolerance) in [
        ("g_max=80u", 80e-6, 1e-12),
        ("g_min=20u g_max=80u", 60e-6, 1e-12),
        // Its current is not proportional to the voltage, but all cells' is the same function of it.
        ("cell=feo", f64::NAN, 1e-9),
    ] {
        let run = plot(&format!(
            "V1 a 0 {}\nV2 b 0 {}\nV3 c 0 {}\nVp p 0 0\nVn n 0 0\nVq q 0 0\nVm m 0 0\nAx [a b c] [p n q m] x\n\
             .model x crossbar({cell} weights=\"{path}\")\n{MODELS}.save @ax[g_all] i(vp) i(vn) i(vq) i(vm)\n.op",
            voltages[0], voltages[1], voltages[2]
        ));
        let g = |row: usize, column: usize| last(&run, &format!("g(ax[{row}][{column}])"));
        let range = if range.is_nan() { g(2, 2) - g(2, 3) } else { range };
        for (row, weights) in weights.iter().enumerate() {
            for (output, weight) in weights.iter().enumerate() {
                let difference = g(row, 2 * output) - g(row, 2 * output + 1);
                let wanted = range * weight / 2.0;
                assert!(
                    (difference - wanted).abs() <= tolerance * range,
                    "{cell} {row} {output}: {difference} {wanted}"
                );
            }
        }
        if cell != "cell=feo" {
            let sum: f64 = (0..3).map(|row| weights[row][1] * voltages[row]).sum();
            let current = last(&run, "i(vq)") - last(&run, "i(vm)");
            assert!((current - range / 2.0 * sum).abs() <= 1e-12 * range, "{current}");
        }
    }
    let clipped = conductances_of_pair("g_min=1u g_max=3u w_max=0.5 weights=[1 -0.25]");
    assert!(clipped.iter().zip([3e-6, 1e-6, 1e-6, 2e-6]).all(|(a, b)| (a - b).abs() < 1e-18), "{clipped:?}");
}

/// Conductances of a 2 × 2 array whose bit lines are a pair.
fn conductances_of_pair(parameters: &str) -> Vec<f64> {
    let plot = plot(&format!(
        "V1 a 0 1\nV2 b 0 1\nVp p 0 0\nVn n 0 0\nAx [a b] [p n] m\n.model m crossbar({parameters})\n.save @ax[g_all]\n.op"
    ));
    (0..4).map(|cell| last(&plot, &format!("g(ax[{}][{}])", cell / 2, cell % 2))).collect()
}

#[test]
fn random_values_depend_on_the_seed_alone() {
    let first = conductances("g=\"uniform(10u 20u)\" seed=3");
    assert_eq!(first, conductances("g=\"uniform(10u 20u)\" seed=3 rw=5 rb=2"));
    assert_ne!(first, conductances("g=\"uniform(10u 20u)\" seed=4"));
    assert!(first.iter().all(|g| (10e-6..20e-6).contains(g)) && first[0] != first[1]);
    let spread = conductances("g=10u sigma_g=0.1");
    assert!(spread.iter().all(|g| (g / 10e-6 - 1.0).abs() < 0.5) && spread[0] != spread[1]);
    let plot = plot(
        "V1 a 0 1\nVb b 0 0\nAx [a a a a a a a a a a a a a a a a a a a a] [b b b b b b b b b b b b b b b b b b b b] m\n\
         .model m crossbar(g=\"lognormal(20u 0.5)\")\n.save @ax[g_all]\n.op",
    );
    let logs: Vec<f64> =
        (0..400).map(|k| (last(&plot, &format!("g(ax[{}][{}])", k / 20, k % 20)) / 20e-6).ln()).collect();
    let mean = logs.iter().sum::<f64>() / 400.0;
    let deviation = (logs.iter().map(|log| (log - mean).powi(2)).sum::<f64>() / 399.0).sqrt();
    // Four standard errors.
    assert!(mean.abs() < 0.1 && (deviation - 0.5).abs() < 0.07, "{mean} {deviation}");
}

#[test]
fn cells_differ_as_their_model_says() {
    let text = |sigma: f64| {
        format!(
            "cell=own x0=0.5\n.model own log_exponential(gon=95u goff=5u sigma_g={sigma} seed=2)\n.model rest yakopcic("
        )
    };
    let same = conductances(&text(0.0));
    assert!(same.iter().all(|g| *g == same[0]));
    let different = conductances(&text(0.2));
    assert!(different.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn stuck_cells() {
    let (_folder, path) = written("faults.csv", b"row,column,fault\n0,0,low\n0,1,high\n0,2,open\n1,0,7u\n");
    let found = conductances(&format!("g=3u g_low=1u g_high=9u faults=\"{path}\""));
    assert_eq!(found, [1e-6, 9e-6, 0.0, 7e-6, 3e-6, 3e-6]);
    assert_eq!(conductances("g=3u g_high=9u stuck_high=1"), [9e-6; 6]);
    let rates = plot(
        "V1 a 0 1\nVb b 0 0\nAx [a a a a a a a a a a a a a a a a a a a a] [b b b b b b b b b b b b b b b b b b b b] m\n\
         .model m crossbar(g=1u g_low=0 g_high=9u stuck_low=0.2 stuck_high=0.1)\n.save @ax[g_all]\n.op",
    );
    let found: Vec<f64> = (0..400).map(|k| last(&rates, &format!("g(ax[{}][{}])", k / 20, k % 20))).collect();
    let count = |value: f64| found.iter().filter(|&&g| g == value).count() as f64;
    // Four standard deviations of a binomial distribution.
    assert!((count(0.0) - 80.0).abs() < 32.0 && (count(9e-6) - 40.0).abs() < 24.0);
    // Stuck memristors keep their states, the others do not; one is a resistor.
    let (_folder, path) = written("faults.csv", b"0,0,low\n0,1,high\n0,2,20u\n");
    let plot = plot(&format!(
        "V1 wl0 0 PULSE(0 1.4 0 1u 1u 100u 1)\nVa bl0 0 0\nVb bl1 0 0\nVc bl2 0 0\nVd bl3 0 0\nAx [wl0] [bl[0:3]] m\n\
         .model m crossbar(cell=feo x0=0.1 faults=\"{path}\")\n{MODELS}.save @ax[x_all] @ax[g_all] @ax[i_all]\n.tran 1u 50u"
    ));
    for (column, state) in [(0, 0.0), (1, 1.0)] {
        let states = vector(&plot, &format!("x(ax[0][{column}])"));
        assert!(states.iter().all(|x| (x - state).abs() < 1e-9));
    }
    assert!(last(&plot, "x(ax[0][3])") > 0.15, "{}", last(&plot, "x(ax[0][3])"));
    assert!((last(&plot, "i(ax[0][2])") - 1.4 * 20e-6).abs() < 1e-15);
}

#[test]
fn parameters_are_overridden_and_swept() {
    let deck_text =
        "V1 a 0 1\nVb b 0 0\nAx [a] [b] m rw=1k\n.model m crossbar(g=1m rw=1 rb=0)\n.op\n.step ax(rb) list 0 1k 2k";
    let deck = deck(deck_text);
    let run = run_deck(&deck, &Overrides::default(), &mut [], Keep::Plots, &|_| true).unwrap();
    for (step, resistance) in run.runs.iter().zip([2e3, 3e3, 4e3]) {
        let current = last(&step.plots[0], "i(vb)");
        assert!((current - 1.0 / resistance).abs() < 1e-12, "{current}");
    }
    let two = plot("V1 a 0 1\nVb b 0 0\nAx [a] [b] m m=2\n.model m crossbar(g=1m rw=1k)\n.op");
    assert!((last(&two, "i(vb)") - 1e-3).abs() < 1e-12);
}

#[test]
fn cells_have_names_of_their_own() {
    let text = "V1 a 0 1\nVb b 0 0\nVc c 0 0\nXsub a b c sub\n.subckt sub p q r\nAx [p] [q r] m\n.model m crossbar(cell=own x0=0.5 rw=1)\n\
                .model own yakopcic\n.ends\n.op\n.print op i(a.xsub.ax[0][1]) v(a.xsub.ax.wl[0][1]) @a.xsub.ax[v_0_1]\n\
                .measure op twice param='2*x(a.xsub.ax[0][1])'\n.check op half @a.xsub.ax[x_0_1] ~ 0.5 abs=1e-12";
    let run = run(text);
    let names: Vec<&str> = run.runs[0].plots[0].header.columns.iter().map(|column| column.name.as_str()).collect();
    // Nothing of the inside is shown unasked.
    assert!(!names.contains(&"x(a.xsub.ax[0][0])") && !names.contains(&"v(a.xsub.ax.wl[0][0])"), "{names:?}");
    let plot = &run.runs[0].plots[0];
    let drop = last(plot, "v(a.xsub.ax[0][1])");
    assert!((drop - last(plot, "v(a.xsub.ax.wl[0][1])")).abs() < 1e-15 && drop > 0.9);
    assert!((run.runs[0].measures[0].value().unwrap() - 1.0).abs() < 1e-12);
    assert!(run.runs[0].checks.iter().all(|check| check.passed));
}

/// The error of an array with these parameters.
fn error(card: &str, parameters: &str) -> String {
    failure(&format!("V1 a 0 1\nVb b 0 0\nVg g 0 1\n{card}\n.model m crossbar({parameters})\n{MODELS}.op"))
}

#[test]
fn what_is_wrong_with_a_card_is_said() {
    let array = "Ax [a a] [b b b] m";
    let (_first, short) = written("g.csv", b"1u,2u\n3u,4u\n");
    let (_second, ragged) = written("g.csv", b"1u,2u,3u\n3u,4u\n");
    let (_third, word) = written("g.csv", b"1u,2u,x\n3u,4u,5u\n");
    let (_fourth, broken) = written("g.npy", b"\x93NUMPY\x01\x00");
    let (_fifth, faults) = written("f.csv", b"0,7,low\n");
    let (_sixth, odd) = written("f.csv", b"0,0,broken\n");
    let file = |name: &str, path: &str| format!("g=1u {name}=\"{path}\"");
    let cases = [
        (array, "weights=[1 2 3] g_max=1u".into(), "needs pairs of bit lines, the array has 3"),
        ("Ax [a a] [b b] m", "weights=[1 2]".into(), "`g_max` of crossbar `ax` is missing"),
        ("Ax [a a] [b b] m", "weights=[1 2 3 4] g_max=1u".into(), "has 4 values for an array of 2 × 1"),
        ("Ax [a a] [b b] m", "weights=[1 2] g_max=1u g=2u".into(), "is given beside `weights`"),
        ("Ax [a a] [b b] m", "weights=[1 2] g_max=1u g_min=2u".into(), "would have conductances from"),
        ("Ax [a a] [b b] m", "weights=[1 2] g_max=1u w_max=0".into(), "`w_max` of crossbar `ax` must be positive"),
        ("Ax [a a] [b b] m", "cell=feo weights=[1 2] g_max=1".into(), "which the cell cannot have"),
        (array, "rw=1".into(), "linear cells need conductances"),
        (array, "g=-1u".into(), "is -0.000001 S in row 0, column 0"),
        (array, "g=[1u 2u]".into(), "has 2 values for an array of 2 × 3"),
        (array, "g=uniform".into(), "is no value for the cells"),
        (array, "g=\"uniform(2u 1u)\"".into(), "lower bound above"),
        (array, format!("g=\"{short}\""), "is 2 × 2, the array is 2 × 3"),
        (array, format!("g=\"{ragged}\""), "row 1 of"),
        (array, format!("g=\"{word}\""), "`x` in row 0, column 2"),
        (array, format!("g=\"{broken}\""), "is no .npy file"),
        (array, "g=\"missing.csv\"".into(), "cannot read `missing.csv`"),
        (array, file("faults", &faults), "names row 0, column 7 of an array of 2 × 3"),
        (array, file("faults", &odd), "is no fault"),
        (array, "g=1u rw=-1".into(), "`rw` of crossbar `ax` must be finite and not negative"),
        (array, "g=1u both_ends=2".into(), "must be 0 or 1"),
        (array, "g=1u stuck_low=0.6 stuck_high=0.6".into(), "add up to more than 1"),
        (array, "g=1u stuck_low=1".into(), "`g_low` of crossbar `ax` is missing"),
        (array, "g=1u rwx=1".into(), "unknown parameter `rwx`"),
        (array, "g=1u solver=magic".into(), "solvers: auto, flattened"),
        (array, "g=1u x0=0.5".into(), "is for cells that are memristors"),
        (array, "g=1u selector=sel".into(), "is for cells that are memristors"),
        (array, "g=1u w=1u".into(), "is for cells with a transistor"),
        (array, "cell=feo g=1u".into(), "is for linear cells"),
        (array, "cell=own)\n.model own log_exponential(sigma_c2c=0.1".into(), "differs from pulse to pulse"),
        (array, "cell=none".into(), "there is no model `none`"),
        (array, "cell=nm".into(), "no kind of memristor"),
        (array, "cell=feo selector=hp".into(), "must be a model of kind `threshold_selector`"),
        (array, "cell=feo g0=1".into(), "is 1 in row 0, column 0, which the cell cannot have"),
        (array, "cell=feo x0=2".into(), "is 2 in row 0, column 0, which the cell cannot have"),
        (array, "g=1u transistor=hp".into(), "must be a model of kind `nmos` or `pmos`"),
        (array, "g=1u transistor=nm".into(), "gate lines"),
        ("Ax [a a] [b] [g] m", "g=1u transistor=nm".into(), "has 1 gate lines for 2 word lines"),
        ("Ax [a] [b] [g] m", "g=1u".into(), "has 3 ports"),
        ("Ax [%vd(a b)] [b] m", "g=1u".into(), "must be plain nodes"),
        ("Ax [a[1:4096]] [b[1:4096]] m", "g=1u".into(), "is too large for a circuit"),
        ("Ax [a] [] m", "g=1u".into(), "the bit lines of `ax`"),
    ];
    for (card, parameters, wanted) in cases {
        let report = error(card, &parameters);
        assert!(report.contains(wanted), "{parameters}: {wanted} is not in\n{report}");
        assert!(report.contains("-->"), "{parameters} without a place:\n{report}");
    }
}

#[test]
fn whole_arrays_are_kept_at_a_time() {
    let array =
        "V1 a 0 PWL(0 0 1m 1)\nVb b 0 0\nVc c 0 0\nAx [a] [b c] m\n.model m crossbar(g=[1u 3u])\n.tran 0.1m 1m\n";
    let cards = ".array tran i(ax) at=0.25m file=\"i.csv\"\n*.array v(ax.wl) file=\"v.npy\"\n.array tran g(ax) file=\"g.svg\" title=\"Map\"";
    let run = run(&format!("{array}{cards}"));
    let arrays = &run.runs[0].arrays;
    assert_eq!(arrays.len(), 3);
    let currents = &arrays[0].values;
    assert_eq!((currents.rows, currents.columns), (1, 2));
    assert!((currents.values[0] - 0.25e-6).abs() < 1e-18 && (currents.values[1] - 0.75e-6).abs() < 1e-18);
    assert_eq!(String::from_utf8(arrays[0].contents().unwrap()).unwrap().split(',').count(), 2);
    assert_eq!(arrays[1].values.values, [1.0, 1.0]);
    assert_eq!(npy::read(&arrays[1].contents().unwrap(), "v").unwrap(), arrays[1].values);
    assert!(String::from_utf8(arrays[2].contents().unwrap()).unwrap().contains(">\nMap\n"));
    // What was written can be read again.
    let folder = tempfile::tempdir().unwrap();
    let deck = folder.path().join("deck.cir");
    let cards = ".op\n.array op g(ax) file=\"g.csv\"\n.array op g(ax) file=\"g.npy\"\n.step ax(m) list 1 2\n.end\n";
    std::fs::write(&deck, format!("title\n{}{cards}", array.replace(".tran 0.1m 1m\n", ""))).unwrap();
    let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_ferrospice"))
        .current_dir(&folder)
        .args(["run", "deck.cir", "-o", "out"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for (file, factor) in [("g.csv", 1e-6), ("g.npy", 1e-6), ("g.2.csv", 2e-6), ("g.2.npy", 2e-6)] {
        let path = folder.path().join("out").join(file);
        let text = format!(
            "V1 a 0 1\nVb b 0 0\nAx [a] [b b] m\n.model m crossbar(g=\"{}\")\n.save @ax[g_all]\n.op",
            path.display()
        );
        let plot = plot(&text);
        let found = ["g(ax[0][0])", "g(ax[0][1])"].map(|name| last(&plot, name));
        assert_eq!(found, [factor, 3.0 * factor], "{file}");
    }
}

#[test]
fn wrong_array_cards() {
    let deck = "V1 a 0 1\nR1 a 0 1\nVb b 0 0\nAx [a] [b] m\n.model m crossbar(g=1u)\n.op\n";
    let cases = [
        (".array g(ay) file=\"g.csv\"", "there is no array `ay`"),
        (".array g(r1) file=\"g.csv\"", "`r1` is no array"),
        (".array q(ax) file=\"g.csv\"", "the cells of `ax` have no `q`"),
        (".array x(ax) file=\"g.csv\"", "the cells of `ax` have no `x`"),
        (".array g(ax) file=\"g.txt\"", "is no name for the values of an array"),
        (".array g(ax)", "expected `file="),
        (".array ac g(ax) file=\"g.csv\"", "expected `op`, `dc` or `tran`"),
        (".array g(ax) colour=1 file=\"g.csv\"", "expected `at=`"),
    ];
    for (card, wanted) in cases {
        let report = failure(&format!("{deck}{card}"));
        assert!(report.contains(wanted) && report.contains("-->"), "{card}: {wanted} is not in\n{report}");
    }
    let missed = run(&format!("{deck}.array tran g(ax) file=\"g.csv\""));
    assert!(missed.runs[0].warnings.iter().any(|warning| warning.message.contains("no analysis has a point")));
}
