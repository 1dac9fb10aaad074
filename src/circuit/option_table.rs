//! The table of options: name, unit, meaning, what values are allowed, and where the value goes.

use super::Options;
use crate::reference::Status;

/// An option of `.options`.
pub struct OptionInfo {
    pub name: &'static str,
    pub unit: &'static str,
    pub meaning: &'static str,
    pub status: Status,
    pub setting: Setting,
}

/// Where the value of an option goes, and which are allowed.
pub enum Setting {
    /// Greater than 0.
    Positive(fn(&mut Options) -> &mut f64),
    /// At least 0.
    NotNegative(fn(&mut Options) -> &mut f64),
    /// °C, above absolute zero.
    Temperature(fn(&mut Options) -> &mut f64),
    /// A whole number from the first to the last one.
    Count(fn(&mut Options) -> &mut usize, usize, usize),
    /// Set by its name alone, by 1 or `yes`; unset by 0 or `no`.
    Flag(fn(&mut Options) -> &mut bool),
    /// Read in its own way; the text is its default.
    Special(&'static str),
}

/// The largest count that any option may have.
const MANY: usize = 1_000_000_000;

const fn option(name: &'static str, unit: &'static str, setting: Setting, meaning: &'static str) -> OptionInfo {
    OptionInfo { name, unit, meaning, status: Status::Same, setting }
}

impl OptionInfo {
    const fn with(mut self, status: Status) -> Self {
        self.status = status;
        self
    }

    /// The option called `name`.
    pub fn named(name: &str) -> Option<&'static OptionInfo> {
        OPTIONS.iter().find(|option| option.name == name)
    }

    /// Puts `value` in its place.
    ///
    /// # Errors
    /// What the value must be; the option is as it was, then.
    pub fn set(&self, options: &mut Options, value: f64) -> Result<(), String> {
        let demand = |holds: bool, text: &str| if holds { Ok(()) } else { Err(format!("`{}` {text}", self.name)) };
        match self.setting {
            Setting::Positive(slot) => {
                demand(value > 0.0, "must be greater than 0")?;
                *slot(options) = value;
            }
            Setting::NotNegative(slot) => {
                demand(value >= 0.0, "must be at least 0")?;
                *slot(options) = value;
            }
            Setting::Temperature(slot) => {
                demand(value > -273.15, "is below absolute zero")?;
                *slot(options) = value;
            }
            Setting::Count(slot, least, most) => {
                let count = value.round().clamp(0.0, MANY as f64) as usize;
                demand(count >= least, &format!("must be at least {least}"))?;
                demand(count <= most, &format!("must be at most {most}"))?;
                *slot(options) = count;
            }
            Setting::Flag(slot) => *slot(options) = value != 0.0,
            Setting::Special(_) => {}
        }
        Ok(())
    }

    /// The default, as text.
    pub fn default(&self) -> String {
        let mut options = Options::default();
        match self.setting {
            Setting::Positive(slot) | Setting::NotNegative(slot) | Setting::Temperature(slot) => {
                format!("{}", Shortest(*slot(&mut options)))
            }
            Setting::Count(slot, ..) => slot(&mut options).to_string(),
            Setting::Flag(slot) => if *slot(&mut options) { "on" } else { "off" }.into(),
            Setting::Special(default) => default.into(),
        }
    }
}

/// A number in as few characters as tell it.
struct Shortest(f64);

impl std::fmt::Display for Shortest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let magnitude = self.0.abs();
        if magnitude != 0.0 && !(1e-3..1e5).contains(&magnitude) {
            write!(f, "{:e}", self.0)
        } else {
            write!(f, "{}", self.0)
        }
    }
}

/// All options that set something.
pub const OPTIONS: &[OptionInfo] = &[
    option(
        "reltol",
        "",
        Setting::Positive(|options| &mut options.reltol),
        "Relative tolerance of voltages, currents, charges and states",
    ),
    option("abstol", "A", Setting::Positive(|options| &mut options.abstol), "Absolute tolerance of currents"),
    option("vntol", "V", Setting::Positive(|options| &mut options.vntol), "Absolute tolerance of voltages"),
    option("chgtol", "C", Setting::Positive(|options| &mut options.chgtol), "Absolute tolerance of charges"),
    option(
        "trtol",
        "",
        Setting::Positive(|options| &mut options.trtol),
        "By how much the truncation error is thought to be overestimated",
    ),
    option("gmin", "S", Setting::NotNegative(|options| &mut options.gmin), "Least conductance across every junction"),
    option(
        "gshunt",
        "S",
        Setting::NotNegative(|options| &mut options.gshunt),
        "Conductance from every node to ground; 0 for none",
    ),
    option("rshunt", "Ω", Setting::Special("none"), "The same as a resistance: gshunt = 1/rshunt"),
    option(
        "pivrel",
        "",
        Setting::Positive(|options| &mut options.pivrel),
        "Least ratio of a pivot to the largest entry of its column",
    ),
    option("pivtol", "", Setting::NotNegative(|options| &mut options.pivtol), "Least pivot"),
    option("method", "", Setting::Special("trap"), "Integration: `trap`, `gear` (BDF up to `maxord`) or `trbdf2`")
        .with(Status::Differs("`trbdf2` is only here; states of memristors are integrated by BDF whatever the method")),
    option("maxord", "", Setting::Count(|options| &mut options.maxord, 1, 6), "Highest order of the integration"),
    option(
        "ringing_guard",
        "",
        Setting::Flag(|options| &mut options.ringing_guard),
        "The trapezoidal rule is damped where it rings",
    )
    .with(Status::OnlyHere),
    option(
        "bypass",
        "",
        Setting::Flag(|options| &mut options.bypass),
        "Devices that have hardly moved are continued from their last evaluation in transient analyses",
    )
    .with(Status::Differs(
        "on unless said otherwise, and continued by their derivatives, so that no current is frozen",
    )),
    option(
        "num_threads",
        "",
        Setting::Count(|options| &mut options.threads, 1, MANY),
        "So many threads evaluate the devices of a large circuit, with the same results; one is faster where most devices are idle",
    )
    .with(Status::Differs("for all devices; `set num_threads` in scripts has no effect")),
    option(
        "minimum_step_ratio",
        "",
        Setting::Positive(|options| &mut options.minimum_step_ratio),
        "Smallest time step relative to the largest",
    )
    .with(Status::OnlyHere),
    option(
        "itl1",
        "",
        Setting::Count(|options| &mut options.itl1, 1, MANY),
        "Newton iterations for the operating point",
    ),
    option(
        "itl2",
        "",
        Setting::Count(|options| &mut options.itl2, 1, MANY),
        "Newton iterations for each point of a DC sweep",
    ),
    option("itl4", "", Setting::Count(|options| &mut options.itl4, 1, MANY), "Newton iterations for each time point"),
    option("gminsteps", "", Setting::Count(|options| &mut options.gminsteps, 0, MANY), "0: no gmin stepping")
        .with(Status::Differs("the number of steps adapts itself")),
    option("srcsteps", "", Setting::Count(|options| &mut options.srcsteps, 0, MANY), "0: no source stepping")
        .with(Status::Differs("the number of steps adapts itself")),
    option("temp", "°C", Setting::Temperature(|options| &mut options.temp), "Temperature of the circuit"),
    option(
        "tnom",
        "°C",
        Setting::Temperature(|options| &mut options.tnom),
        "Temperature at which model parameters were measured",
    ),
    option(
        "scale",
        "",
        Setting::Positive(|options| &mut options.scale),
        "Factor on lengths, widths and perimeters on the cards of M, R, C and diodes of level 3, and twice on areas",
    ),
    option(
        "wnflag",
        "",
        Setting::Flag(|options| &mut options.bins_by_finger),
        "The bin of a transistor is that for the width of one finger, w/nf; else that for w",
    )
    .with(Status::Differs("off there, but for `ngbehavior=hs`")),
    option("defl", "m", Setting::Positive(|options| &mut options.defl), "Default channel length of MOS transistors"),
    option("defw", "m", Setting::Positive(|options| &mut options.defw), "Default channel width of MOS transistors"),
    option("defad", "m²", Setting::NotNegative(|options| &mut options.defad), "Default area of drains"),
    option("defas", "m²", Setting::NotNegative(|options| &mut options.defas), "Default area of sources"),
    option(
        "interp",
        "",
        Setting::Flag(|options| &mut options.interpolate),
        "Transient results at multiples of the output step alone",
    ),
    option(
        "autostop",
        "",
        Setting::Flag(|options| &mut options.stops_when_measured),
        "A transient analysis ends when all of its measures have values that will not change",
    ),
    option(
        "measout",
        "",
        Setting::Flag(|options| &mut options.writes_measures),
        "In HSPICE's decks: measures go to files `deck.mt0`, `deck.ma0`, `deck.ms0`; in Xyce's they always do",
    )
    .with(Status::OnlyHere),
    option("filetype", "", Setting::Special("binary"), "Raw files: `binary` or `ascii`"),
    option("ascii", "", Setting::Flag(|options| &mut options.ascii), "The same as `filetype=ascii`")
        .with(Status::OnlyHere),
    option(
        "numdgt",
        "",
        Setting::Count(|options| &mut options.numdgt, 1, MANY),
        "Significant digits of printed results",
    ),
    option(
        "seed",
        "",
        Setting::Special("0"),
        "Seed of random numbers; `random`: another one in every run, which is printed",
    ),
    option(
        "measfail",
        "",
        Setting::Flag(|options| &mut options.measure_fails),
        "0: a failed measure is shown by its `default_val` (Xyce)",
    )
    .with(Status::OnlyHere),
    option("measdgt", "", Setting::Special("of the value"), "Digits behind the point of measures (LTspice, HSPICE)")
        .with(Status::OnlyHere),
    option(
        "default_val",
        "",
        Setting::Special("none"),
        "What failed measures are worth to other cards (Xyce's `.options measure`)",
    )
    .with(Status::OnlyHere),
    option(
        "nfreqs",
        "",
        Setting::Count(|options| &mut options.fourier.harmonics, 1, MANY),
        "Harmonics of `.four`, the mean included",
    ),
    option(
        "fourgridsize",
        "",
        Setting::Count(|options| &mut options.fourier.grid, 2, MANY),
        "Points of a period of `.four`",
    ),
    option(
        "polydegree",
        "",
        Setting::Count(|options| &mut options.fourier.degree, 0, MANY),
        "Degree of the polynomials between the points of `.four`; 0 takes the points as they are",
    ),
    option(
        "fft_mode",
        "",
        Setting::Flag(|options| &mut options.periodic_windows),
        "1: windows of `.fft` are periodic (Xyce)",
    )
    .with(Status::OnlyHere),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_is_set_and_names_are_its_own() {
        for (index, option) in OPTIONS.iter().enumerate() {
            assert!(OPTIONS[..index].iter().all(|other| other.name != option.name), "{}", option.name);
            assert!(!super::super::ignored_options::is_ignored(option.name), "{}", option.name);
            assert!(!option.meaning.is_empty() && !option.default().is_empty(), "{}", option.name);
        }
    }

    #[test]
    fn values_out_of_range_change_nothing() {
        let mut options = Options::default();
        for (name, value) in [("reltol", 0.0), ("gmin", -1.0), ("temp", -300.0), ("maxord", 7.0), ("itl1", 0.0)] {
            let option = OptionInfo::named(name).unwrap();
            assert!(option.set(&mut options, value).is_err(), "{name}");
        }
        assert_eq!(options, Options::default());
    }
}
