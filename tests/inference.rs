//! Networks on crossbars: every step from weights to classes against closed forms, other solvers, and itself.

mod common;

use std::path::Path;
use std::sync::Arc;

use common::studies::{DEVICE, outcome};
use faer::{Mat, Scale};
use ferrospice::studies::inference::arrival::arrival;
use ferrospice::studies::inference::card::{Card, ReadCells};
use ferrospice::studies::inference::coding::Coder;
use ferrospice::studies::inference::compensation::{self, View, gains, residual};
use ferrospice::studies::inference::layer_circuit::{Converter, LayerCircuit};
use ferrospice::studies::inference::mapping::{MappedLayer, Range, pair_differences};
use ferrospice::studies::inference::plant::{MatrixPlant, Plant};
use ferrospice::studies::inference::report::Accuracy;
use ferrospice::studies::inference::solved::SolvedPlant;
use ferrospice::studies::inference::study::{Array, Coding, Compensation, Device, Drift, Input, Mapping, Programming};
use ferrospice::studies::inference::study::{Law, Reading, Readout, Tile};
use ferrospice::studies::inference::wires::Wiring;
use ferrospice::studies::inference::writing::{Order, write};

const RANGE: Range = Range { least: 5e-6, most: 95e-6 };

/// Numbers without a pattern, −1 to 1.
fn number(index: usize) -> f64 {
    ((index as f64 * 12.9898).sin() * 43758.5453).fract()
}

fn weights(outputs: usize, inputs: usize) -> Mat<f32> {
    Mat::from_fn(outputs, inputs, |output, input| number(output * 977 + input * 31 + 5) as f32)
}

fn mapped(outputs: usize, inputs: usize, mapping: &Mapping, range: Range) -> MappedLayer {
    MappedLayer::new(weights(outputs, inputs).as_ref(), 0, mapping, range).unwrap()
}

fn activations(inputs: usize, images: usize) -> Mat<f64> {
    Mat::from_fn(inputs, images, |input, image| number(input * 17 + image * 113).abs())
}

/// An array with resistance everywhere, all different.
fn resistive(tile: Tile) -> (Array, Readout) {
    let array = Array { tile, word_segment: 90.0, bit_segment: 140.0, driver: 310.0, ..Array::default() };
    (array, Readout { sense: 170.0, ..Readout::default() })
}

#[test]
fn an_ideal_array_is_the_network() {
    for range in ["[device]\ng_min = 0.0\ng_max = 1e-3\n", DEVICE] {
        let found = outcome(range);
        assert_eq!(found.accuracy, found.software);
        assert!(found.accuracy.accuracy > 0.9, "{}", found.accuracy);
        for layer in &found.layers {
            let comparison = &layer.comparison;
            assert!(comparison.worst_error < 1e-12 * comparison.rms_ideal, "{comparison:?}");
            assert!(layer.transfer.unwrap().worst < 1e-13);
        }
        assert_eq!(found.confusion.iter().flatten().sum::<usize>(), 60);
    }
}

/// A layer as resistors of a netlist: sensed currents and the power of the inputs, at these voltages.
fn flattened(
    wiring: &Wiring,
    cell: &dyn Fn(usize, &str, &str) -> String,
    voltages: &[f64],
    head: &str,
) -> (Vec<f64>, f64) {
    let (mut deck, mut currents) = (String::from(head), vec![0.0; wiring.columns]);
    let parts = wiring.parts();
    for (number, part) in parts.iter().enumerate() {
        let (array, columns) = (wiring.crossbar(part), part.columns.len());
        for row in 0..part.rows.len() {
            let volts = voltages[part.rows.start + row];
            deck += &format!("v{number}_{row} in{number}_{row} 0 {volts:e}\n");
            for column in 0..columns {
                let (word, bit) = (format!("w{number}_{row}_{column}"), format!("b{number}_{row}_{column}"));
                let left =
                    if column == 0 { format!("in{number}_{row}") } else { format!("w{number}_{row}_{}", column - 1) };
                let wire = array.word_segment + if column == 0 { array.driver } else { 0.0 };
                deck += &format!("rw{number}_{row}_{column} {left} {word} {wire:e}\n");
                deck += &cell((part.rows.start + row) * wiring.columns + part.columns.start + column, &word, &bit);
                let is_last = row + 1 == part.rows.len();
                let below =
                    if is_last { format!("s{number}_{column}") } else { format!("b{number}_{}_{column}", row + 1) };
                let wire = array.bit_segment + if is_last { array.sense } else { 0.0 };
                deck += &format!("rb{number}_{row}_{column} {bit} {below} {wire:e}\n");
            }
        }
        (0..columns).for_each(|column| deck += &format!("vs{number}_{column} s{number}_{column} 0 0\n"));
    }
    let plot = common::plot(&format!("{deck}.options reltol=1e-9 abstol=1e-15 vntol=1e-12\n.op"));
    let mut power = 0.0;
    for (number, part) in parts.iter().enumerate() {
        for (column, place) in part.columns.clone().enumerate() {
            currents[place] += common::vector(&plot, &format!("i(vs{number}_{column})"))[0];
        }
        for (row, place) in part.rows.clone().enumerate() {
            power -= voltages[place] * common::vector(&plot, &format!("i(v{number}_{row})"))[0];
        }
    }
    (currents, power)
}

#[test]
fn wired_tiles_carry_the_currents_of_the_same_resistors_in_a_netlist() {
    let layer = mapped(3, 7, &Mapping::default(), RANGE);
    let conductances = layer.conductances();
    for tile in [Tile::default(), Tile::Size([4, 5])] {
        let (array, readout) = resistive(tile);
        let wiring = Wiring::new(&array, &readout, 7, 6);
        let transfer = wiring.transfer(&conductances).unwrap();
        let voltages: Vec<f64> = (0..7).map(|row| 0.1 * number(row + 3).abs()).collect();
        let cell =
            |cell: usize, word: &str, bit: &str| format!("rc{cell} {word} {bit} {:e}\n", 1.0 / conductances[cell]);
        let (expected, power) = flattened(&wiring, &cell, &voltages, "");
        let largest = expected.iter().fold(0.0_f64, |most, current| most.max(*current));
        for (column, expected) in expected.iter().enumerate() {
            let current: f64 = (0..7).map(|row| transfer.currents[(column, row)] * voltages[row]).sum();
            assert!((current - expected).abs() < 1e-9 * largest, "{tile:?}, column {column}: {current} and {expected}");
        }
        assert!((transfer.power(&voltages) - power).abs() < 1e-9 * power, "{} and {power}", transfer.power(&voltages));
    }
}

#[test]
fn tiles_without_wires_sum_to_the_whole() {
    let conductances = mapped(4, 9, &Mapping::default(), RANGE).conductances();
    let array = Array { tile: Tile::Size([4, 3]), ..Array::default() };
    let wiring = Wiring::new(&array, &Readout::default(), 9, 8);
    assert!(wiring.is_ideal());
    let parts = wiring.parts();
    assert_eq!((parts.len(), parts[8].rows.clone(), parts[8].columns.clone()), (9, 8..9, 6..8));
    let found = wiring.transfer(&conductances).unwrap();
    let expected = pair_differences(&conductances, 9, 4);
    let differences = found.differences();
    for input in 0..9 {
        for output in 0..4 {
            assert!((differences[(output, input)] - expected[(output, input)]).abs() < 1e-18);
        }
    }
    let ones = vec![1.0; 9];
    assert!((found.power(&ones) - conductances.iter().sum::<f64>()).abs() < 1e-16);
}

#[test]
fn quantisation_is_what_its_readings_say() {
    let weights = Mat::from_fn(1, 6, |_, input| [-1.0, -0.5, -0.1, 0.2, 0.34, 1.0_f32][input]);
    let of = |mapping: Mapping, range: Range| {
        let layer = MappedLayer::new(weights.as_ref(), 0, &mapping, range).unwrap();
        let differences = layer.quantised(&mapping).differences;
        differences.iter().map(|d| d / range.width()).collect::<Vec<f64>>()
    };
    let near = |found: &[f64], expected: [f64; 6]| {
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-7), "{found:?}, {expected:?}");
    };
    let unit = Range { least: 0.0, most: 1.0 };
    let third = 1.0 / 3.0;
    let two_bits = Mapping { bits: Some(2), ..Mapping::default() };
    for range in [unit, RANGE] {
        // ±1 and ±1/3: no level at 0.
        near(&of(two_bits.clone(), range), [-1.0, -third, -third, third, third, 1.0]);
        // 0, 1/3, 2/3 and 1 in each cell: seven weights.
        let each = Mapping { quantisation: Reading::ConductanceLevels, ..two_bits.clone() };
        near(&of(each, range), [-1.0, -2.0 * third, 0.0, third, third, 1.0]);
        let five = Mapping { levels: Some(5), ..Mapping::default() };
        near(&of(five, range), [-1.0, -0.5, 0.0, 0.0, 0.5, 1.0]);
    }
    // σ of these weights is 0.6171, so W_m = 0.9·σ = 0.5554 and the outermost are clipped to it.
    let clipped = Mapping { clip_sigma: Some(0.9), ..Mapping::default() };
    let layer = MappedLayer::new(weights.as_ref(), 0, &clipped, unit).unwrap();
    let mean: f64 = (0..6).map(|k| f64::from(weights[(0, k)])).sum::<f64>() / 6.0;
    let sigma = ((0..6).map(|k| (f64::from(weights[(0, k)]) - mean).powi(2)).sum::<f64>() / 6.0).sqrt();
    assert!((layer.maximum_weight - 0.9 * sigma).abs() < 1e-12 && (layer.clipped - third).abs() < 1e-12);
    near(
        &of(clipped, unit),
        [-1.0, -0.5 / (0.9 * sigma), -0.1 / (0.9 * sigma), 0.2 / (0.9 * sigma), 0.34 / (0.9 * sigma), 1.0],
    );
    // Equation 3 as it stands loses what lies below G_min.
    let proportional = Mapping { law: Law::Proportional, ..Mapping::default() };
    let layer = MappedLayer::new(weights.as_ref(), 0, &proportional, Range { least: 0.2, most: 1.0 }).unwrap();
    let expected = [-0.8, -0.3, 0.0, 0.0, 0.14, 0.8];
    assert!(layer.differences.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-7), "{:?}", layer.differences);
}

fn order<'a>(targets: &'a [f64], range: Range, seed: u64) -> Order<'a> {
    Order { layer: 0, rows: 1, columns: targets.len(), targets, range, seed }
}

#[test]
fn as_much_is_clipped_as_a_gaussian_error_takes_out_of_the_range() {
    let count = 40_000;
    let range = Range { least: 0.0, most: 1.0 };
    // Half of the cells at 0, as the lesser ones of all pairs, the others one standard deviation below the top.
    let targets: Vec<f64> = (0..count).map(|cell| if cell % 2 == 0 { 0.0 } else { 0.9 }).collect();
    let programming = Programming { delta_g: 0.1, ..Programming::default() };
    let written = write(&programming, None, &order(&targets, range, 3)).unwrap();
    // Φ(0)/2 and Φ(−1)/2, within four standard errors of a share.
    let beyond = 0.158_655_253_931_457 / 2.0;
    assert!(
        (written.clipped_low - 0.25).abs() < 4.0 * (0.25_f64 * 0.5 / count as f64).sqrt(),
        "{}",
        written.clipped_low
    );
    assert!((written.clipped_high - beyond).abs() < 4.0 * (beyond / count as f64).sqrt(), "{}", written.clipped_high);
    assert!(written.conductances.iter().all(|g| (0.0..=1.0).contains(g)));
    let signed = write(&Programming { signed_noise: true, ..programming }, None, &order(&targets, range, 3)).unwrap();
    assert_eq!((signed.clipped_low, signed.clipped_high), (0.0, 0.0));
    let errors: Vec<f64> = signed.conductances.iter().zip(&targets).map(|(g, target)| g - target).collect();
    let rms = (errors.iter().map(|error| error * error).sum::<f64>() / count as f64).sqrt();
    assert!((rms - 0.1).abs() < 0.1 * 4.0 / (2.0 * count as f64).sqrt(), "{rms}");
}

#[test]
fn write_noise_drift_and_stuck_cells_are_as_stated() {
    let count = 20_000;
    let targets = vec![50e-6; count];
    let with = |programming: Programming, seed: u64| write(&programming, None, &order(&targets, RANGE, seed)).unwrap();
    let relative = with(Programming { write_noise: 0.05, ..Programming::default() }, 1);
    let rms = (relative.conductances.iter().map(|g| (g / 50e-6 - 1.0).powi(2)).sum::<f64>() / count as f64).sqrt();
    assert!((rms - 0.05).abs() < 0.05 * 4.0 / (2.0 * count as f64).sqrt(), "{rms}");
    let drift = Drift { time: 100.0, exponent: 0.5, start: 1.0, tau: Some(200.0) };
    let drifted = with(Programming { drift: Some(drift), ..Programming::default() }, 1);
    let expected = 5e-6 + 45e-6 * 0.1 * (-0.5_f64).exp();
    assert!(drifted.conductances.iter().all(|g| (g - expected).abs() < 1e-18));
    let stuck = with(Programming { stuck_low: 0.1, stuck_high: 0.02, ..Programming::default() }, 1);
    let at = |value: f64| stuck.conductances.iter().filter(|g| **g == value).count() as f64 / count as f64;
    assert!((at(5e-6) - 0.1).abs() < 4.0 * (0.1_f64 * 0.9 / count as f64).sqrt());
    assert!((at(95e-6) - 0.02).abs() < 4.0 * (0.02_f64 * 0.98 / count as f64).sqrt());
    assert_eq!(stuck.stuck, at(5e-6) + at(95e-6));
    // More of them leave those that were stuck before where they are.
    let more = with(Programming { stuck_low: 0.2, stuck_high: 0.02, ..Programming::default() }, 1);
    let kept = stuck.conductances.iter().zip(&more.conductances).all(|(few, many)| *few == 50e-6 || few == many);
    assert!(kept && more.stuck > stuck.stuck);
    assert_ne!(
        with(Programming { write_noise: 0.05, ..Programming::default() }, 2).conductances,
        relative.conductances
    );
}

#[test]
fn no_other_gain_fits_better() {
    let layer = mapped(5, 12, &Mapping::default(), RANGE);
    let (array, readout) = resistive(Tile::default());
    let wiring = Wiring::new(&array, &readout, 12, 10);
    let found = wiring.transfer(&layer.conductances()).unwrap().differences();
    let wanted = pair_differences(&layer.conductances(), 12, 5);
    let best = gains(found.as_ref(), wanted.as_ref());
    let least = residual(found.as_ref(), wanted.as_ref(), &best);
    for pair in 0..5 {
        let slope: f64 = (0..12)
            .map(|input| found[(pair, input)] * (best[pair] * found[(pair, input)] - wanted[(pair, input)]))
            .sum();
        let scale: f64 = (0..12).map(|input| wanted[(pair, input)].powi(2)).sum();
        assert!(slope.abs() < 1e-12 * scale && best[pair] > 1.0, "{slope}, {best:?}");
        for change in [-1e-3, 1e-3] {
            let mut other = best.clone();
            other[pair] += change;
            assert!(residual(found.as_ref(), wanted.as_ref(), &other) > least);
        }
    }
}

#[test]
fn corrected_conductances_bring_the_transfer_matrix_to_the_weights() {
    let layer = mapped(8, 20, &Mapping::default(), RANGE);
    let wanted: Mat<f64> = pair_differences(&layer.conductances(), 20, 8);
    for (tile, both_ends) in [(Tile::default(), false), (Tile::default(), true), (Tile::Size([8, 6]), false)] {
        let (array, readout) = resistive(tile);
        let wiring = Wiring::new(&Array { both_ends, ..array }, &readout, 20, 16);
        let mut seen = Vec::new();
        let mut view = |conductances: &[f64]| {
            seen.push(conductances.to_vec());
            let differences = wiring.transfer(conductances)?.differences();
            Ok(View { differences, arriving: arrival(&wiring, conductances) })
        };
        let settings = Compensation { iterations: 10, ..Compensation::default() };
        let corrected = compensation::correct(&layer, wanted.as_ref(), &settings, &mut view).unwrap();
        let residuals = &corrected.residuals;
        let last = residuals.last().unwrap();
        assert!(residuals[0] > 0.02 && *last < 1e-3 * residuals[0], "{tile:?} {both_ends}: {residuals:?}");
        let of_result = {
            let differences = wiring.transfer(&corrected.layer.conductances()).unwrap().differences();
            let gains = gains(differences.as_ref(), wanted.as_ref());
            residual(differences.as_ref(), wanted.as_ref(), &gains) / RANGE.width()
        };
        let best = residuals.iter().copied().fold(f64::INFINITY, f64::min);
        assert!((of_result - best).abs() < 1e-12);
        let all = seen.iter().flatten();
        assert!(all.into_iter().all(|g| (RANGE.least..=RANGE.most).contains(g)));
    }
}

#[test]
fn corrections_stay_in_the_range_where_the_weights_do_not_fit() {
    let layer = mapped(8, 20, &Mapping::default(), RANGE);
    let wanted: Mat<f64> = pair_differences(&layer.conductances(), 20, 8);
    let (array, readout) = resistive(Tile::default());
    let wiring = Wiring::new(&array, &readout, 20, 16);
    let mut view = |conductances: &[f64]| {
        assert!(conductances.iter().all(|g| (RANGE.least..=RANGE.most).contains(g)));
        let differences = wiring.transfer(conductances)?.differences();
        Ok(View { differences, arriving: arrival(&wiring, conductances) })
    };
    let settings = Compensation { headroom: 3.0, iterations: 5, ..Compensation::default() };
    let corrected = compensation::correct(&layer, wanted.as_ref(), &settings, &mut view).unwrap();
    let best = corrected.residuals.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(corrected.at_limit > 0.0 || best == corrected.residuals[0], "{corrected:?}");
}

fn input(coding: Coding) -> Input {
    Input { coding, ..Input::default() }
}

#[test]
fn bits_one_after_the_other_add_up_to_amplitudes() {
    let layer = mapped(3, 7, &Mapping::default(), RANGE);
    let (array, readout) = resistive(Tile::default());
    let transfer = Arc::new(Wiring::new(&array, &readout, 7, 6).transfer(&layer.conductances()).unwrap());
    // Codes of eight bits.
    let inputs = Mat::from_fn(7, 5, |row, image| f64::from(((row * 37 + image * 91) % 256) as u32) / 255.0);
    let circuit = |coding: Coding| {
        let coder = Coder::new(&input(coding), 1.0);
        LayerCircuit::new(coder.clone(), Box::new(MatrixPlant::wired(coder, transfer.clone())), layer.unit(), 3)
    };
    let (serial, amplitude) = (circuit(Coding::BitSerial), circuit(Coding::Amplitude));
    let values = [&serial, &amplitude].map(|circuit| circuit.read(inputs.as_ref(), 0).unwrap().values);
    // The reads of single bits, as they are driven.
    let (shares, _) = serial.coder.shares(inputs.as_ref());
    let reads = serial.plant.probe(shares.as_ref(), 1.0).unwrap().currents;
    for image in 0..5 {
        for output in 0..3 {
            let expected = values[1][(output, image)];
            assert!((values[0][(output, image)] - expected).abs() < 1e-13);
            let read = (reads[(2 * output, image)] - reads[(2 * output + 1, image)]) * serial.scale;
            assert!((read - expected).abs() < 1e-12, "{read} and {expected}");
        }
    }
}

fn card() -> Card {
    let device = Device { file: Some("device_models/feo.lib".into()), ..Device::default() };
    Card::read(&device, Path::new(".")).unwrap().unwrap()
}

#[test]
fn the_range_of_a_card_is_what_its_cell_conducts() {
    let card = card();
    assert!((card.range.least - 5e-6).abs() < 1e-14 && (card.range.most - 95e-6).abs() < 1e-13, "{:?}", card.range);
    let cells = ReadCells::new(&card, card.range, 0.1).unwrap();
    assert!(cells.is_affine);
    // I ∝ V² far above the corner: half of the voltage, a quarter of the current.
    let [full, half] = [0.1, 0.05].map(|voltage| cells.end_currents(voltage)[1]);
    assert!((full / half - 4.0).abs() < 1e-3 && (full - 9.5e-6).abs() < 1e-15);
}

/// FeO's cells square the voltage; its inverse makes a layer of them as good as a linear one, whichever way currents are found.
#[test]
fn the_inverse_of_the_cells_makes_them_linear() {
    let card = card();
    let cells = Arc::new(ReadCells::new(&card, RANGE, 0.1).unwrap());
    let layer = mapped(3, 7, &Mapping::default(), RANGE);
    let (weights, inputs) = (weights(3, 7), activations(7, 4));
    let ideal = Mat::from_fn(3, 4, |output, image| {
        (0..7).map(|row| f64::from(weights[(output, row)]) * inputs[(row, image)]).sum::<f64>()
    });
    let error = |coding: Coding, is_solved: bool| {
        let coder = Coder::new(&input(coding), 1.0);
        let wiring = Wiring::new(&Array::default(), &Readout::default(), 7, 6);
        let plant: Box<dyn Plant> = if is_solved {
            Box::new(SolvedPlant::new(coder.clone(), wiring, layer.conductances(), cells.clone()))
        } else {
            Box::new(MatrixPlant::device(coder.clone(), layer.conductances(), 3, cells.clone()))
        };
        let circuit = LayerCircuit::new(coder, plant, layer.unit(), 3);
        let found = circuit.read(inputs.as_ref(), 0).unwrap().values;
        (found - &ideal).norm_max() / ideal.norm_max()
    };
    for is_solved in [false, true] {
        let [inverse, amplitude] = [Coding::InverseAmplitude, Coding::Amplitude].map(|coding| error(coding, is_solved));
        assert!(inverse < 1e-9 && amplitude > 0.05, "{inverse}, {amplitude}");
        // Eight bits round by half of 1/255 at most.
        let serial = error(Coding::BitSerial, is_solved);
        assert!(serial < 7.0 * 0.5 / 255.0 / ideal.norm_max() && serial > 1e-6, "{serial}");
    }
}

#[test]
fn cells_of_a_card_between_wires_carry_the_currents_of_a_netlist() {
    let card = card();
    let cells = Arc::new(ReadCells::new(&card, RANGE, 0.3).unwrap());
    let layer = mapped(2, 5, &Mapping::default(), RANGE);
    let conductances = layer.conductances();
    let (array, readout) = resistive(Tile::Size([3, 4]));
    let wiring = Wiring::new(&array, &readout, 5, 4);
    let coder = Coder::new(&Input { read_voltage: 0.3, ..Input::default() }, 1.0);
    let plant = SolvedPlant::new(coder, wiring, conductances.clone(), cells);
    let inputs = activations(5, 1);
    let probe = plant.probe(inputs.as_ref(), 1.0).unwrap();
    let cell = |cell: usize, word: &str, bit: &str| {
        let x = (conductances[cell] - RANGE.least) / RANGE.width();
        format!("nc{cell} {word} {bit} feo x0={x:e}\n")
    };
    let voltages: Vec<f64> = (0..5).map(|row| 0.3 * inputs[(row, 0)]).collect();
    let (expected, power) = flattened(&wiring, &cell, &voltages, ".include device_models/feo.lib\n");
    let largest = expected.iter().fold(0.0_f64, |most, current| most.max(*current));
    for (column, expected) in expected.iter().enumerate() {
        let current = probe.currents[(column, 0)];
        assert!((current - expected).abs() < 1e-7 * largest, "column {column}: {current} and {expected}");
    }
    assert!((probe.energy - power).abs() < 1e-7 * power, "{} and {power}", probe.energy);
    let solver = plant.solver().unwrap();
    assert_eq!(solver.solutions, wiring.parts().len());
    assert!(solver.largest_imbalance.unwrap() <= 1e-9);
}

#[test]
fn a_converter_rounds_to_its_codes_and_clips_at_its_ends() {
    let layer = mapped(1, 1, &Mapping::default(), RANGE);
    let coder = Coder::new(&Input::default(), 1.0);
    let plant = MatrixPlant::ideal(coder.clone(), layer.conductances(), 1);
    let mut circuit = LayerCircuit::new(coder, Box::new(plant), layer.unit(), 1);
    let inputs = Mat::from_fn(1, 3, |_, image| [0.2, 0.5, 1.0][image]);
    let exact = circuit.read(inputs.as_ref(), 0).unwrap().differences;
    // Three bits: −3 to 3 steps of a third of the end, which is half of the largest current.
    let full = exact[(0, 2)].abs() / 2.0;
    circuit.converter = Converter { rounding: Some((full, 3)), ..Converter::default() };
    let found = circuit.read(inputs.as_ref(), 0).unwrap().differences;
    for (image, code) in [1.0, 3.0, 3.0].into_iter().enumerate() {
        assert!((found[(0, image)].abs() - code / 3.0 * full).abs() < 1e-12 * full, "{image}");
    }
    // Noise belongs to the number of an image, wherever its block begins.
    circuit.converter = Converter { noise: full, seed: 5, ..Converter::default() };
    let all = circuit.read(inputs.as_ref(), 7).unwrap().differences;
    let last = circuit.read(inputs.as_ref().subcols(2, 1), 9).unwrap().differences;
    assert_eq!(all[(0, 2)], last[(0, 0)]);
    assert!((&all - &exact).norm_max() > 0.0);
}

#[test]
fn intervals_are_wilsons() {
    // E. B. Wilson's formula by hand: 0 of 10 gives z²/(10 + z²) as upper end; 50 of 100 is symmetric.
    let none = Accuracy::new(0, 10);
    assert!(none.low == 0.0 && (none.high - 3.841458820694124 / 13.841458820694124).abs() < 1e-12, "{none:?}");
    let half = Accuracy::new(50, 100);
    assert!((half.low - 0.403_831_5).abs() < 1e-6 && (half.low + half.high - 1.0).abs() < 1e-12, "{half:?}");
    assert_eq!(Accuracy::new(8806, 10000).to_string(), "88.06 % (8806 of 10000)");
}

#[test]
fn scales_of_unit_weights_are_differences_of_conductances() {
    let layer = mapped(2, 3, &Mapping::default(), RANGE);
    let wanted: Mat<f64> = pair_differences(&layer.conductances(), 3, 2);
    let weights = weights(2, 3);
    let scaled = Mat::from_fn(2, 3, |i, j| f64::from(weights[(i, j)])) * Scale(layer.unit());
    assert!((wanted - scaled).norm_max() < 1e-18);
}
