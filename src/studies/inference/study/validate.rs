//! What a study may not say although its types would allow it.

use super::{Cells, CompensationMethod, Method, Study, Sweep, Tile};

/// A value that no study can have.
pub struct Problem {
    /// Dotted path of the field.
    pub path: String,
    pub message: String,
    pub hints: Vec<String>,
}

/// Collects problems.
#[derive(Default)]
struct Problems(Vec<Problem>);

impl Problems {
    fn add(&mut self, path: &str, message: impl Into<String>, hint: &str) {
        let hints = if hint.is_empty() { Vec::new() } else { vec![hint.to_string()] };
        self.0.push(Problem { path: path.into(), message: message.into(), hints });
    }

    fn not_negative(&mut self, path: &str, value: f64) {
        if !(value >= 0.0 && value.is_finite()) {
            self.add(path, format!("`{path}` is {value}"), "a finite value from 0 is expected");
        }
    }

    fn positive(&mut self, path: &str, value: f64) {
        if !(value > 0.0 && value.is_finite()) {
            self.add(path, format!("`{path}` is {value}"), "a finite value above 0 is expected");
        }
    }

    fn share(&mut self, path: &str, value: f64) {
        if !(0.0..=1.0).contains(&value) {
            self.add(path, format!("`{path}` is {value}"), "a share from 0 to 1 is expected");
        }
    }

    fn within(&mut self, path: &str, value: u32, least: u32, most: u32) {
        if !(least..=most).contains(&value) {
            self.add(path, format!("`{path}` is {value}"), &format!("{least} to {most} is expected"));
        }
    }
}

/// All problems of a study.
pub fn problems(study: &Study) -> Vec<Problem> {
    let mut found = Problems::default();
    sources(study, &mut found);
    mapping(study, &mut found);
    programming(study, &mut found);
    circuit(study, &mut found);
    runs(study, &mut found);
    targets(study, &mut found);
    found.0
}

fn sources(study: &Study, found: &mut Problems) {
    if study.network.weights.paths().is_empty() {
        let hint = "name a file: [network] weights = \"weights.safetensors\"; `ferrospice train` makes one";
        found.add("network.weights", "the study names no weights", hint);
    }
    if study.data.images == Some(0) {
        found.add("data.images", "`data.images` is 0", "at least one image is needed");
    }
    let device = &study.device;
    if let Some(value) = device.g_min {
        found.not_negative("device.g_min", value);
    }
    if let Some(value) = device.g_max {
        found.positive("device.g_max", value);
    }
    if let (Some(least), Some(most)) = (device.g_min, device.g_max)
        && least >= most
    {
        found.add("device.g_min", format!("`device.g_min` is {least} S but `device.g_max` {most} S"), "");
    }
    if device.file.is_none() && (device.g_min.is_none() || device.g_max.is_none()) {
        let hint = "give g_min and g_max in S, or a card: [device] file = \"../device_models/feo.lib\"";
        found.add("device", "the study says no range of conductances", hint);
    }
    if device.file.is_none() && device.model.is_some() {
        found.add("device.model", "`device.model` without `device.file`", "name the file that the model is in");
    }
    let needs_card = [
        (study.array.cells == Cells::Device, "array.cells"),
        (study.programming.method != Method::Decreed, "programming.method"),
        (study.validation.transient_images > 0, "validation.transient_images"),
    ];
    for (needs, path) in needs_card {
        if needs && device.file.is_none() {
            found.add(
                path,
                format!("this `{path}` needs a device card"),
                "name it: [device] file = \"…\", model = \"…\"",
            );
        }
    }
}

fn mapping(study: &Study, found: &mut Problems) {
    let mapping = &study.mapping;
    for &weight in mapping.maximum_weight.iter().flatten() {
        found.positive("mapping.maximum_weight", weight);
    }
    if let Some(sigma) = mapping.clip_sigma {
        found.positive("mapping.clip_sigma", sigma);
    }
    if let Some(bits) = mapping.bits {
        found.within("mapping.bits", bits, 1, 24);
    }
    if let Some(levels) = mapping.levels {
        found.within("mapping.levels", levels, 2, 1 << 24);
    }
    if mapping.bits.is_some() && mapping.levels.is_some() {
        found.add("mapping.levels", "both `mapping.bits` and `mapping.levels` are given", "b bits are 2^b levels");
    }
}

fn programming(study: &Study, found: &mut Problems) {
    let programming = &study.programming;
    if let Err(error) = programming.pulses.validate() {
        found.0.push(Problem { path: "programming.pulses".into(), message: error.message, hints: error.hints });
    }
    found.not_negative("programming.delta_g", programming.delta_g);
    found.not_negative("programming.write_noise", programming.write_noise);
    found.share("programming.stuck_low", programming.stuck_low);
    found.share("programming.stuck_high", programming.stuck_high);
    if programming.stuck_low + programming.stuck_high > 1.0 {
        found.add("programming.stuck_high", "more cells are stuck than there are", "the two shares sum to 1 at most");
    }
    if let Some(drift) = &programming.drift {
        found.not_negative("programming.drift.time", drift.time);
        found.not_negative("programming.drift.exponent", drift.exponent);
        found.positive("programming.drift.start", drift.start);
        drift.tau.iter().for_each(|tau| found.positive("programming.drift.tau", *tau));
    }
    let array = &study.array;
    let wires = array.word_segment > 0.0 || array.bit_segment > 0.0 || array.driver > 0.0 || study.readout.sense > 0.0;
    if programming.signed_noise && (wires || array.cells != Cells::Linear) {
        let hint = "a conductance below 0 is a sum on paper, nothing that a circuit can hold: leave signed_noise out, or all \
            resistances 0 and cells \"linear\"";
        found.add("programming.signed_noise", "`signed_noise` needs linear cells without wire resistance", hint);
    }
    if programming.signed_noise && study.compensation.method != CompensationMethod::None {
        found.add("programming.signed_noise", "`signed_noise` and compensation exclude each other", "");
    }
}

fn circuit(study: &Study, found: &mut Problems) {
    let (input, readout, array) = (&study.input, &study.readout, &study.array);
    found.positive("input.read_voltage", input.read_voltage);
    found.within("input.bits", input.bits, 1, 16);
    found.positive("input.read_time", input.read_time);
    found.positive("input.read_edge", input.read_edge);
    for &scale in input.full_scale.iter().flatten() {
        found.positive("input.full_scale", scale);
    }
    if input.calibration == 0 {
        found.add("input.calibration", "`input.calibration` is 0", "at least one image is needed");
    }
    found.not_negative("readout.sense", readout.sense);
    found.not_negative("readout.noise", readout.noise);
    if let Some(bits) = readout.adc_bits {
        found.within("readout.adc_bits", bits, 2, 24);
    }
    if let super::FullScale::Current(current) = readout.adc_full_scale {
        found.positive("readout.adc_full_scale", current);
    }
    found.not_negative("array.word_segment", array.word_segment);
    found.not_negative("array.bit_segment", array.bit_segment);
    found.not_negative("array.driver", array.driver);
    found.positive("compensation.headroom", study.compensation.headroom);
    if let Tile::Size([rows, columns]) = array.tile
        && (rows == 0 || columns == 0)
    {
        found.add("array.tile", format!("a tile of {rows}×{columns} has no cells"), "");
    }
}

/// Variants, points of sweeps times seeds: more would not come to an end.
const MOST_VARIANTS: f64 = 1e6;

fn runs(study: &Study, found: &mut Problems) {
    if study.run.seeds == 0 {
        found.add("run.seeds", "`run.seeds` is 0", "at least one seed is needed");
    }
    let of_sweep = |sweep: &Sweep| {
        let further: f64 = sweep.times.iter().map(|axis| axis.values.len() as f64).product();
        sweep.values.len() as f64 * further * sweep.seeds.unwrap_or(study.run.seeds) as f64
    };
    let variants = study.run.seeds as f64 + study.sweep.iter().map(of_sweep).sum::<f64>();
    if variants > MOST_VARIANTS {
        let hint = format!("at most {MOST_VARIANTS:.0} are possible; points of sweeps and seeds multiply");
        found.add(
            if study.sweep.is_empty() { "run.seeds" } else { "sweep" },
            format!("the study has {variants:.0} variants"),
            &hint,
        );
    }
    for (number, sweep) in study.sweep.iter().enumerate() {
        let axes = std::iter::once((&sweep.parameter, &sweep.values));
        for (parameter, values) in axes.chain(sweep.times.iter().map(|axis| (&axis.parameter, &axis.values))) {
            if values.is_empty() {
                found.add("sweep", format!("sweep {} has no values of `{parameter}`", number + 1), "");
            }
            if ["sweep", "run", "title"].contains(&parameter.split('.').next().unwrap_or_default()) {
                found.add("sweep", format!("`{parameter}` cannot be swept"), "seeds are: [run] seeds = 20");
            }
        }
        if sweep.seeds == Some(0) {
            found.add("sweep", format!("sweep {} has no seeds", number + 1), "");
        }
    }
}

fn targets(study: &Study, found: &mut Problems) {
    for target in &study.target {
        let id = &target.id;
        if target.check.is_empty() {
            found.add("target", format!("target `{id}` has no check"), "[[target.check]] quantity = \"accuracy_mean\"");
        }
        for check in &target.check {
            if check.at_least.is_none() && check.at_most.is_none() {
                found.add("target", format!("a check of target `{id}` allows any value"), "give at_least or at_most");
            }
            if let Some(sweep) = check.every_of
                && (sweep >= study.sweep.len() || !check.at.is_empty())
            {
                let error = format!("target `{id}` has a check of every point of sweep {sweep}");
                found.add("target", error, "`every_of` is the number of a sweep, from 0, and excludes `at`");
            }
        }
        if let Some(training) = &target.training {
            let of_weights = study.sweep.iter().find(|sweep| sweep.parameter == "network.weights");
            let (epochs, values) = (training.epochs.len(), of_weights.map_or(0, |sweep| sweep.values.len()));
            if epochs != values {
                let error = format!("target `{id}` names {epochs} epochs for {values} weights");
                found.add("target", error, "one for each value of the sweep of `network.weights`");
            }
        }
    }
}
