//! One layer as a circuit: coding, arrays, read-out.

use std::sync::Arc;

use faer::{Mat, MatRef};

use super::coding::Coder;
use super::neuron::Curve;
use super::plant::Plant;
use super::random::{Draws, Purpose};
use super::reference::rectified;
use crate::diagnostic::Diagnostic;

/// A layer whose outputs come from currents.
pub struct LayerCircuit {
    pub coder: Coder,
    pub plant: Box<dyn Plant>,
    /// Of each pair's current difference.
    pub gains: Vec<f64>,
    /// Activation per A, before the gain.
    pub scale: f64,
    pub converter: Converter,
    /// What stands between it and the next layer, if that is not ideal.
    pub neuron: Option<Arc<Curve>>,
}

/// What lies between a current difference and its number.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Converter {
    /// Current difference at the ends of the range, A, and bits, if numbers are rounded.
    pub rounding: Option<(f64, u32)>,
    /// Standard deviation of a read, A.
    pub noise: f64,
    pub seed: u64,
    pub layer: usize,
}

/// What a layer gives for some images.
#[derive(Debug, Clone)]
pub struct Outputs {
    /// W·x as the circuit has it, a column per image.
    pub values: Mat<f64>,
    /// Current differences behind them, A.
    pub differences: Mat<f64>,
    /// Inputs beyond the full scale.
    pub saturated: usize,
}

impl LayerCircuit {
    /// A layer of weights with `unit` S per unit of weight.
    pub fn new(coder: Coder, plant: Box<dyn Plant>, unit: f64, outputs: usize) -> LayerCircuit {
        let scale = coder.full_scale / (unit * plant.response());
        LayerCircuit { coder, plant, gains: vec![1.0; outputs], scale, converter: Converter::default(), neuron: None }
    }

    /// Outputs for activations, a column per image, the first of which has number `first_image`.
    ///
    /// # Errors
    /// A solver does not come to an end.
    pub fn read(&self, activations: MatRef<'_, f64>, first_image: usize) -> Result<Outputs, Diagnostic> {
        let (shares, saturated) = self.coder.shares(activations);
        let mut differences = self.plant.differences(shares.as_ref())?;
        let values = self.values(&mut differences, first_image);
        Ok(Outputs { values, differences, saturated })
    }

    /// Activations of the next layer from what this one gave.
    pub fn activations(&self, values: MatRef<'_, f64>) -> Mat<f64> {
        match &self.neuron {
            Some(neuron) => neuron.activations(values),
            None => rectified(values),
        }
    }

    /// What the read-out makes of current differences, A, a column per image; they are converted in place.
    pub fn values(&self, differences: &mut Mat<f64>, first_image: usize) -> Mat<f64> {
        self.converter.convert(differences, first_image);
        Mat::from_fn(differences.nrows(), differences.ncols(), |output, image| {
            differences[(output, image)] * self.scale * self.gains[output]
        })
    }
}

impl Converter {
    fn convert(&self, differences: &mut Mat<f64>, first_image: usize) {
        for (image, column) in differences.col_iter_mut().enumerate() {
            let mut draws =
                (self.noise > 0.0).then(|| Draws::new(self.seed, self.layer, Purpose::ReadNoise, first_image + image));
            for current in column.iter_mut() {
                if let Some(draws) = &mut draws {
                    *current += self.noise * draws.normal();
                }
                if let Some((full, bits)) = self.rounding {
                    // As many codes above 0 as below.
                    let most = f64::from((1_u32 << (bits - 1)) - 1);
                    *current = (*current / full * most).round().clamp(-most, most) / most * full;
                }
            }
        }
    }
}
