//! `ferrospice train`: the weights of a neural network, learnt in software.

use std::path::{Path, PathBuf};

use clap::Args;

use super::files::write;
use super::progress::Progress;
use super::{Stop, use_threads};
use crate::diagnostic::Diagnostic;
use crate::network::weights::Precision;
use crate::network::{DataSet, Epoch, Network, Score, Settings, Training, weights};
use crate::results::figure::{Figure, Panel, Series};

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  ferrospice train -o weights.safetensors\n  \
    ferrospice train --data mnist --epochs 20 --curve curve.svg -o mnist.safetensors\n  \
    ferrospice train --layers 784,10 --seed 1 --rate 0.1 -o one_layer.safetensors\n\n\
    Layers have no bias; ReLU stands between them; the loss is the cross-entropy. Equal seeds give equal weights, whatever \
    the number of threads.\n\n\
    Exit code: 0; 1 if the images cannot be read or training fails; 2 if the command line is wrong.")]
pub struct TrainArguments {
    /// Folder with the four IDX files, plain or .gz; Fashion-MNIST as Debian installs it without. Example: --data mnist
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Numbers of inputs, hidden units and classes. Example: --layers 784,256,128,10
    #[arg(long, value_name = "N,N,…", value_delimiter = ',', default_value = "784,512,10")]
    layers: Vec<usize>,
    /// How often every image is learnt from. Example: --epochs 20
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    epochs: u32,
    /// Seed of the initial weights and of the order of the images. Example: --seed 1
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Learning rate: step along the gradient of the mean loss of a batch. Example: --rate 0.1
    #[arg(long, value_name = "RATE", default_value_t = 0.01, allow_negative_numbers = true)]
    rate: f32,
    /// Images per step. Example: --batch 64
    #[arg(long, value_name = "N", default_value_t = 32)]
    batch: usize,
    /// File for the weights. Example: -o weights.safetensors
    #[arg(short, long, value_name = "FILE.safetensors")]
    output: PathBuf,
    /// File for loss and accuracy of every epoch, a table or a figure. Example: --curve curve.svg
    #[arg(long, value_name = "FILE.csv|FILE.svg|FILE.png")]
    curve: Option<PathBuf>,
    /// Write the weights after these epochs too, as float16, beside the others: FILE.epoch5.safetensors. Example: --also-after 1,2,5,10
    #[arg(long, value_name = "N,N,…", value_delimiter = ',')]
    also_after: Vec<u32>,
    /// Show no progress and no epochs, only the result. Example: -q
    #[arg(short, long)]
    quiet: bool,
    /// Number of threads; 0 for all cores. The weights do not depend on it. Example: --threads 4
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
}

pub fn run(arguments: &TrainArguments) -> Result<(), Stop> {
    use_threads(arguments.threads);
    check_names(arguments)?;
    check_epochs(arguments)?;
    let network = Network::new(&arguments.layers, arguments.seed).map_err(|error| misuse("--layers", &error))?;
    let settings = Settings { rate: arguments.rate, batch: arguments.batch, seed: arguments.seed };
    let mut training = Training::new(network, settings).map_err(|error| misuse("--rate, --batch", &error))?;
    let classes = arguments.layers.last().copied().unwrap_or_default();
    let data = DataSet::read(arguments.data.as_deref(), classes)?;
    let curve = learn(arguments, &mut training, &data)?;
    let score = training.network().score(&data.test);
    let about = description(arguments, arguments.epochs, score);
    let bytes = weights::to_safetensors(training.network(), Precision::Single, &about)?;
    write(&arguments.output, &bytes)?;
    if let Some(file) = &arguments.curve {
        write_curve(file, &curve)?;
    }
    super::print::line(&format!("accuracy {}", text(score)));
    Ok(())
}

/// Names that cannot be written to are better refused before the training than after it.
fn check_names(arguments: &TrainArguments) -> Result<(), Stop> {
    let extension =
        |file: &Path| file.extension().map(|text| text.to_string_lossy().to_lowercase()).unwrap_or_default();
    if let Some(file) = &arguments.curve
        && !["csv", "svg", "png"].contains(&extension(file).as_str())
    {
        return Err(Stop::Misuse(format!("--curve {}: .csv, .svg or .png is expected", file.display())));
    }
    for file in std::iter::once(&arguments.output).chain(&arguments.curve) {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            let error = format!("cannot write `{}`: there is no folder `{}`", file.display(), folder.display());
            return Err(Diagnostic::error(error).into());
        }
    }
    Ok(())
}

/// Epochs that never come are better told than left out.
fn check_epochs(arguments: &TrainArguments) -> Result<(), Stop> {
    let epochs = arguments.epochs;
    match arguments.also_after.iter().find(|epoch| !(1..=epochs).contains(epoch)) {
        Some(epoch) => Err(Stop::Misuse(format!("--also-after {epoch}: epochs are 1 to {epochs}"))),
        None => Ok(()),
    }
}

fn misuse(option: &str, error: &Diagnostic) -> Stop {
    let hint = error.hints.first().map(|hint| format!(" ({hint})")).unwrap_or_default();
    Stop::Misuse(format!("{option}: {error}{hint}"))
}

fn learn(arguments: &TrainArguments, training: &mut Training, data: &DataSet) -> Result<Vec<Epoch>, Diagnostic> {
    let progress = Progress::new(arguments.quiet);
    let epochs = arguments.epochs;
    let mut curve = Vec::new();
    for before in 0..epochs {
        let doing = format!("epoch {} of {epochs}", before + 1);
        let watch = |share: f64| progress.part((f64::from(before) + share) / f64::from(epochs), &doing);
        let epoch = training.epoch(data, &watch)?;
        if !arguments.quiet {
            let (number, loss) = (epoch.number, epoch.loss);
            let [learnt, tested] = [epoch.training, epoch.test].map(|score| 100.0 * score.accuracy());
            progress.line(&format!("epoch {number:>3}  loss {loss:.4}  training {learnt:.2} %  test {tested:.2} %"));
        }
        if arguments.also_after.contains(&(before + 1)) {
            let about = description(arguments, before + 1, epoch.test);
            let bytes = weights::to_safetensors(training.network(), Precision::Half, &about)?;
            write(&arguments.output.with_extension(format!("epoch{}.safetensors", before + 1)), &bytes)?;
        }
        curve.push(epoch);
    }
    Ok(curve)
}

/// `88.06 % (8806 of 10000)`
fn text(score: Score) -> String {
    format!("{:.2} % ({} of {})", 100.0 * score.accuracy(), score.correct, score.of)
}

/// What the file of weights says about itself.
fn description(arguments: &TrainArguments, epochs: u32, score: Score) -> String {
    let layers: Vec<String> = arguments.layers.iter().map(usize::to_string).collect();
    let TrainArguments { seed, rate, batch, .. } = arguments;
    format!(
        "ferrospice {}: layers {}, {epochs} epochs, seed {seed}, rate {rate}, batch {batch}; test accuracy {}",
        env!("CARGO_PKG_VERSION"),
        layers.join(","),
        text(score)
    )
}

fn write_curve(file: &Path, curve: &[Epoch]) -> Result<(), Diagnostic> {
    if file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv")) {
        return write(file, &csv(curve)?);
    }
    let x: Vec<f64> = curve.iter().map(|epoch| epoch.number as f64).collect();
    let series = |label: &str, value: &dyn Fn(&Epoch) -> f64| Series {
        label: label.into(),
        x: x.clone(),
        y: curve.iter().map(value).collect(),
        ..Series::default()
    };
    let panel = |y_label: &str, series: Vec<Series>| Panel {
        x_label: "epoch".into(),
        y_label: y_label.into(),
        series,
        ..Panel::default()
    };
    let accuracy = vec![
        series("training, while learning", &|epoch| 100.0 * epoch.training.accuracy()),
        series("test", &|epoch| 100.0 * epoch.test.accuracy()),
    ];
    let panels = vec![panel("accuracy (%)", accuracy), panel("loss", vec![series("", &|epoch| epoch.loss)])];
    Figure { title: "Learning curve".into(), panels }.write(file)
}

fn csv(curve: &[Epoch]) -> Result<Vec<u8>, Diagnostic> {
    let failed = |error: csv::Error| Diagnostic::error(format!("cannot make the table: {error}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["epoch", "loss", "training accuracy", "test accuracy"]).map_err(failed)?;
    for epoch in curve {
        let (training, test) = (epoch.training.accuracy(), epoch.test.accuracy());
        let row = [epoch.number.to_string(), epoch.loss.to_string(), training.to_string(), test.to_string()];
        writer.write_record(row).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| Diagnostic::error(format!("cannot make the table: {error}")))
}
