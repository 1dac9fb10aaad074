//! `ferrospice program`: a crossbar whose cells are programmed by pulses.

use std::path::{Path, PathBuf};

use clap::Args;

use super::files::{make_folder, write};
use super::progress::Progress;
use super::{Stop, use_threads};
use crate::diagnostic::Diagnostic;
use crate::studies::programming::{ProgrammingResult, ProgrammingStudy};

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ferrospice program studies/write_verify_128.toml -o programmed\n\n\
    Every pulse and every read is a transient of the whole array with the states of all cells live, half-selected ones \
    included. The result is the same for any number of threads.\n\n\
    Exit code: 0; 1 if the study cannot be run; 2 if the command line is wrong.")]
pub struct ProgramArguments {
    /// The study, a TOML file
    #[arg(value_name = "STUDY.toml")]
    study: PathBuf,
    /// Folder for `programming.json`: conductances, errors and all figures. Example: -o programmed
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Show no progress. Example: -q
    #[arg(short, long)]
    quiet: bool,
    /// Number of threads; 0 for all cores. Example: --threads 1
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
}

pub fn run(arguments: &ProgramArguments) -> Result<(), Stop> {
    use_threads(arguments.threads);
    let study = ProgrammingStudy::read(&arguments.study)?;
    if let Some(folder) = &arguments.output {
        make_folder(folder)?;
    }
    let folder = arguments.study.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let progress = Progress::new(arguments.quiet);
    let result = study.run(folder, &mut |part| progress.part(part, "programming"))?;
    drop(progress);
    if let Some(folder) = &arguments.output {
        let json = serde_json::to_vec_pretty(&result)
            .map_err(|error| Diagnostic::error(format!("the result cannot be written as JSON: {error}")))?;
        write(&folder.join("programming.json"), &json)?;
    }
    lines(&result).iter().for_each(|line| super::print::line(line));
    Ok(())
}

fn lines(result: &ProgrammingResult) -> Vec<String> {
    let array = &result.array;
    let cells = array.rows * array.columns;
    let percent = |value: f64| format!("{:.3} %", 100.0 * value);
    let [least, most] = array.range.map(|g| 1e6 * g);
    vec![
        format!("array {} × {}, range {least:.2} to {most:.2} µS from the staircase", array.rows, array.columns),
        format!(
            "levels {}, {} apart; tolerance {}",
            result.study.targets.levels,
            percent(result.spacing),
            percent(array.tolerance)
        ),
        format!(
            "error of the devices: mean {}, sigma {}, worst {}",
            percent(array.errors.mean),
            percent(array.errors.sigma),
            percent(array.errors.worst)
        ),
        format!(
            "error as read: mean {}, sigma {}, worst {}",
            percent(array.read_errors.mean),
            percent(array.read_errors.sigma),
            percent(array.read_errors.worst)
        ),
        format!("disturb by other rows: rms {}, worst {}", percent(array.disturb.rms), percent(array.disturb.worst)),
        format!(
            "pulses {:.2} per cell, at most {}; {} pulses on rows, {} reads of rows",
            array.pulses as f64 / cells as f64,
            array.most_pulses,
            array.row_pulses,
            array.reads
        ),
        format!("energy {:.4e} J, {:.3} s of array time", array.energy, array.time),
        format!(
            "time points {}, rejected {}, sweeps {}; Kirchhoff's law to {:.1e} of the largest current",
            array.statistics.steps, array.statistics.rejected, array.statistics.sweeps, array.imbalance
        ),
        format!("within tolerance {} of {cells}, {} at a wrong level", cells - array.failed, result.wrong_level),
    ]
}
