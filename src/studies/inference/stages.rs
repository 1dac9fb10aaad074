//! From the network in software to the full circuit, one kind of imperfection after the other.

use std::sync::Arc;

use faer::{Mat, Scale};

use super::arrival::arrival;
use super::card::{Card, ReadCells};
use super::coding::Coder;
use super::compensation::{self, Corrected, View};
use super::layer_circuit::{Converter, LayerCircuit};
use super::mapping::{MappedLayer, Range};
use super::neuron::NeuronDeck;
use super::plant::{MatrixPlant, Plant};
use super::reference::Reference;
use super::report::StageName;
use super::solved::SolvedPlant;
use super::study::{Calibrated, Cells, Coding, CompensationMethod, FullScale, Method, Study};
use super::wires::{Transfer, Transfers, Wiring};
use super::writing::{Order, Programmer, Written, write};
use crate::diagnostic::Diagnostic;
use crate::network::{Examples, Network};

/// What variants share.
pub struct Setup<'a> {
    pub network: &'a Network,
    pub examples: &'a Examples,
    pub reference: &'a Reference,
    pub range: Range,
    /// The cells' own I–V, if the study has a card.
    pub device: Option<Arc<ReadCells>>,
    /// What they are made of.
    pub card: Option<&'a Card>,
    /// What stands between two layers, if it is not ideal.
    pub neuron: Option<&'a NeuronDeck>,
    pub programmer: Option<&'a dyn Programmer>,
    pub transfers: &'a Transfers,
}

/// A layer on its way into an array.
pub struct LayerState {
    pub mapped: MappedLayer,
    pub full_scale: f64,
    pub wiring: Wiring,
    /// What was wanted, on its levels.
    pub targets: MappedLayer,
    pub written: Written,
    /// What compensation changed.
    pub compensated: Option<CompensatedLayer>,
    /// Arrays solved.
    pub solutions: usize,
}

impl LayerState {
    /// What is in the cells of the full circuit.
    pub fn final_written(&self) -> &Written {
        self.compensated.as_ref().map_or(&self.written, |compensated| &compensated.written)
    }

    /// What was wanted there.
    pub fn final_targets(&self) -> &MappedLayer {
        self.compensated.as_ref().map_or(&self.targets, |compensated| &compensated.targets)
    }
}

/// A layer with compensation.
pub struct CompensatedLayer {
    pub targets: MappedLayer,
    pub written: Written,
    pub gains: Vec<f64>,
    pub residuals: Vec<f64>,
    pub at_limit: f64,
}

/// All layers of a variant, and how to make circuits of them.
pub struct Stages<'a> {
    pub study: &'a Study,
    pub seed: u64,
    pub setup: &'a Setup<'a>,
    pub layers: Vec<LayerState>,
}

impl<'a> Stages<'a> {
    /// Maps, writes and compensates all layers.
    ///
    /// # Errors
    /// The study does not fit the network, or arrays cannot be solved.
    pub fn new(study: &'a Study, seed: u64, setup: &'a Setup<'a>) -> Result<Self, Diagnostic> {
        let mut stages = Stages { study, seed, setup, layers: Vec::new() };
        for number in 0..setup.network.layers().len() {
            stages.layers.push(stages.layer(number)?);
        }
        if stages.is_active(StageName::Compensated) {
            for number in 0..stages.layers.len() {
                let (compensated, solutions) = stages.compensate(number)?;
                stages.layers[number].compensated = Some(compensated);
                stages.layers[number].solutions += solutions;
            }
        }
        Ok(stages)
    }

    /// Whether the study asks for anything at this stage.
    pub fn is_active(&self, stage: StageName) -> bool {
        let study = self.study;
        match stage {
            StageName::Software | StageName::Mapped => true,
            StageName::Quantised => study.mapping.level_count().is_some(),
            StageName::Written => study.programming.is_active(),
            StageName::Read => {
                let coding = study.input.coding == Coding::BitSerial;
                let readout = study.readout.adc_bits.is_some() || study.readout.noise > 0.0;
                study.array.cells == Cells::Device || coding || readout || self.setup.neuron.is_some()
            }
            StageName::Wires => self.layers.iter().any(|layer| !layer.wiring.is_ideal()),
            StageName::Compensated => {
                study.compensation.method != CompensationMethod::None && self.is_active(StageName::Wires)
            }
        }
    }

    fn layer(&self, number: usize) -> Result<LayerState, Diagnostic> {
        let (study, setup) = (self.study, self.setup);
        let weights = setup.network.layers()[number].as_ref();
        let mapped = MappedLayer::new(weights, number, &study.mapping, setup.range)?;
        let targets = mapped.quantised(&study.mapping);
        let wiring = Wiring::new(&study.array, &study.readout, mapped.inputs, 2 * mapped.outputs);
        let written = self.write(number, &targets)?;
        let full_scale = full_scale(study, setup.reference, number)?;
        Ok(LayerState { mapped, full_scale, wiring, targets, written, compensated: None, solutions: 0 })
    }

    fn write(&self, number: usize, targets: &MappedLayer) -> Result<Written, Diagnostic> {
        let programming = &self.study.programming;
        let programmer = self.setup.programmer.filter(|_| programming.method != Method::Decreed);
        if programming.method != Method::Decreed && programmer.is_none() {
            return Err(Diagnostic::error("programming by pulses is not available for this device"));
        }
        let conductances = targets.conductances();
        let order = Order {
            layer: number,
            rows: targets.inputs,
            columns: 2 * targets.outputs,
            targets: &conductances,
            range: targets.range,
            seed: self.seed,
        };
        write(programming, programmer, &order)
    }

    /// The compensated layer, and how many arrays were solved for it.
    fn compensate(&self, number: usize) -> Result<(CompensatedLayer, usize), Diagnostic> {
        let (study, layer) = (self.study, &self.layers[number]);
        let wanted: Mat<f64> = &self.setup.reference.weights[number] * Scale(layer.mapped.unit());
        let mut solutions = 0;
        let mut view = |conductances: &[f64]| self.view(&layer.wiring, conductances, &mut solutions);
        let corrected = match study.compensation.method {
            CompensationMethod::Iterative => {
                compensation::correct(&layer.mapped, wanted.as_ref(), &study.compensation, &mut view)?
            }
            _ => Corrected { layer: layer.mapped.clone(), residuals: Vec::new(), at_limit: 0.0 },
        };
        let targets = corrected.layer.quantised(&study.mapping);
        let written = self.write(number, &targets)?;
        // Gains are set with what was written, as a read-out is calibrated on the array that is there.
        let found = view(&written.conductances)?.differences;
        let gains = compensation::gains(found.as_ref(), wanted.as_ref());
        let Corrected { residuals, at_limit, .. } = corrected;
        Ok((CompensatedLayer { targets, written, gains, residuals, at_limit }, solutions))
    }

    /// The array as compensation sees it: cells of a device as linear ones with the same current at the read voltage.
    fn view(&self, wiring: &Wiring, conductances: &[f64], solutions: &mut usize) -> Result<View, Diagnostic> {
        let Some(device) = self.device() else {
            let differences = self.transfer(wiring, conductances, solutions)?.differences();
            return Ok(View { differences, arriving: arrival(wiring, conductances) });
        };
        let voltage = self.study.input.read_voltage;
        let equivalent: Vec<f64> = conductances.iter().map(|g| device.equivalent(*g, voltage)).collect();
        let factor = voltage / device.response(voltage);
        let differences = self.transfer(wiring, &equivalent, solutions)?.differences() * Scale(factor);
        Ok(View { differences, arriving: arrival(wiring, &equivalent) })
    }

    /// The cells' own I–V, if the study asks for it.
    pub fn device(&self) -> Option<&Arc<ReadCells>> {
        self.setup.device.as_ref().filter(|_| self.study.array.cells == Cells::Device)
    }

    fn transfer(
        &self,
        wiring: &Wiring,
        conductances: &[f64],
        solutions: &mut usize,
    ) -> Result<Arc<Transfer>, Diagnostic> {
        *solutions += wiring.parts().len();
        self.setup.transfers.get(wiring, conductances)
    }

    /// The layers as circuits with everything up to `stage`.
    ///
    /// # Errors
    /// Arrays cannot be solved.
    pub fn circuits(&mut self, stage: StageName) -> Result<Vec<LayerCircuit>, Diagnostic> {
        (0..self.layers.len()).map(|number| self.circuit(number, stage)).collect()
    }

    fn circuit(&mut self, number: usize, stage: StageName) -> Result<LayerCircuit, Diagnostic> {
        let layer = &self.layers[number];
        let is_read = stage >= StageName::Read;
        let coder = Coder::new(&self.study.input, layer.full_scale);
        let coder = if is_read { coder } else { Coder::plain(&self.study.input, layer.full_scale) };
        let (unit, outputs) = (layer.mapped.unit(), layer.mapped.outputs);
        let mut solutions = 0;
        let plant = self.plant(layer, stage, coder.clone(), &mut solutions)?;
        let gains = (stage == StageName::Compensated)
            .then_some(layer.compensated.as_ref())
            .flatten()
            .map(|compensated| compensated.gains.clone());
        let mut circuit = LayerCircuit::new(coder, plant, unit, outputs);
        if let Some(gains) = gains {
            circuit.gains = gains;
        }
        self.layers[number].solutions += solutions;
        if is_read {
            circuit.converter = self.converter(number, &circuit)?;
        }
        if let Some(next) = self.layers.get(number + 1) {
            let deck = self.setup.neuron.filter(|_| is_read);
            let (full_current, voltage) = (next.full_scale / circuit.scale, self.study.input.read_voltage);
            circuit.neuron = deck.map(|deck| deck.curve(full_current, voltage, next.full_scale)).transpose()?;
        }
        Ok(circuit)
    }

    fn plant(
        &self,
        layer: &LayerState,
        stage: StageName,
        coder: Coder,
        solutions: &mut usize,
    ) -> Result<Box<dyn Plant>, Diagnostic> {
        let outputs = layer.mapped.outputs;
        let written = match (&layer.compensated, stage) {
            (Some(compensated), StageName::Compensated) => &compensated.written,
            _ => &layer.written,
        };
        let conductances = match stage {
            StageName::Software | StageName::Mapped => layer.mapped.conductances(),
            StageName::Quantised => layer.targets.conductances(),
            _ => written.conductances.clone(),
        };
        let has_wires = stage >= StageName::Wires && !layer.wiring.is_ideal();
        let device = self.device().filter(|_| stage >= StageName::Read);
        Ok(match (device, has_wires) {
            (None, false) => Box::new(MatrixPlant::ideal(coder, conductances, outputs)),
            (None, true) => {
                let transfer = self.transfer(&layer.wiring, &conductances, solutions)?;
                Box::new(MatrixPlant::wired(coder, transfer))
            }
            (Some(device), false) if device.is_affine => {
                Box::new(MatrixPlant::device(coder, conductances, outputs, device.clone()))
            }
            (Some(device), _) => {
                let wiring = if has_wires { layer.wiring } else { layer.wiring.without_resistance() };
                Box::new(SolvedPlant::new(coder, wiring, conductances, device.clone()))
            }
        })
    }

    /// What lies between currents and numbers; its full scales come from the ideal activations of the calibration images.
    fn converter(&self, number: usize, circuit: &LayerCircuit) -> Result<Converter, Diagnostic> {
        let readout = &self.study.readout;
        let mut converter = Converter { seed: self.seed, layer: number, ..Converter::default() };
        if readout.adc_bits.is_none() && readout.noise == 0.0 {
            return Ok(converter);
        }
        let inputs = &self.setup.reference.inputs[number];
        let images = self.study.input.calibration.min(inputs.ncols());
        let (shares, _) = circuit.coder.shares(inputs.subcols(0, images));
        let differences = circuit.plant.differences(shares.as_ref())?;
        let columns = differences.col_iter().flat_map(|column| column.iter());
        let largest = columns.fold(0.0_f64, |largest, current| largest.max(current.abs()));
        let full = match readout.adc_full_scale {
            FullScale::Word(Calibrated::Calibrated) => largest,
            FullScale::Current(current) => current,
        };
        // Nothing to round where nothing flows.
        converter.rounding = readout.adc_bits.filter(|_| full > 0.0).map(|bits| (full, bits));
        converter.noise = readout.noise * largest;
        Ok(converter)
    }
}

fn full_scale(study: &Study, reference: &Reference, number: usize) -> Result<f64, Diagnostic> {
    if let Some(given) = &study.input.full_scale {
        return given.get(number).copied().ok_or_else(|| {
            let count = given.len();
            Diagnostic::error(format!("`input.full_scale` has {count} values, too few for layer {}", number + 1))
                .hint("give one for each layer")
        });
    }
    Ok(if number == 0 { 1.0 } else { reference.full_scale(number, study.input.calibration) })
}
