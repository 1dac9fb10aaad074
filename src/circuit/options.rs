//! `.options`: ngspice's names, meanings and defaults.

/// How the transient analysis replaces d/dt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Trapezoidal rule.
    Trapezoidal,
    /// Backward differentiation of order up to `maxord`.
    Gear,
    /// Trapezoidal stage followed by a BDF2 stage (Bank et al. 1985).
    TrBdf2,
}

/// Options of a circuit. Defaults are ngspice's.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Relative tolerance of voltages, currents, charges and states.
    pub reltol: f64,
    /// Absolute current tolerance, A.
    pub abstol: f64,
    /// Absolute voltage tolerance, V.
    pub vntol: f64,
    /// Absolute charge tolerance, C.
    pub chgtol: f64,
    /// By how much the truncation error is thought to be overestimated.
    pub trtol: f64,
    /// Least conductance across every junction, S.
    pub gmin: f64,
    /// Conductance from every node to ground, S; 0 for none.
    pub gshunt: f64,
    /// Least acceptable ratio of a pivot to the largest entry of its column.
    pub pivrel: f64,
    pub pivtol: f64,
    pub method: Method,
    /// Highest order of `method`.
    pub maxord: usize,
    /// Newton iterations for the operating point.
    pub itl1: usize,
    /// Newton iterations for each point of a DC sweep.
    pub itl2: usize,
    /// Newton iterations for each time point.
    pub itl4: usize,
    /// Circuit temperature, °C.
    pub temp: f64,
    /// Temperature at which model parameters were measured, °C.
    pub tnom: f64,
    pub gminsteps: usize,
    pub srcsteps: usize,
    /// Trapezoidal damping is switched on when ringing is seen.
    pub ringing_guard: bool,
    /// Devices that have hardly moved are continued from their last evaluation in transient analyses.
    pub bypass: bool,
    /// So many threads evaluate the devices of a large circuit (`num_threads`).
    pub threads: usize,
    /// Smallest time step relative to the largest.
    pub minimum_step_ratio: f64,
    /// Default MOS sizes, m and m².
    pub defl: f64,
    pub defw: f64,
    pub defad: f64,
    pub defas: f64,
    /// Keep only steps at multiples of the output step (`interp`).
    pub interpolate: bool,
    /// A transient analysis ends when its measures have their values (`autostop`).
    pub stops_when_measured: bool,
    /// Factor on sizes on cards (`scale`).
    pub scale: f64,
    /// Bins of transistors are for the width of one finger (`wnflag`).
    pub bins_by_finger: bool,
    /// Measures are written to files as HSPICE does (`measout`).
    pub writes_measures: bool,
    /// Write ASCII raw files.
    pub ascii: bool,
    /// Significant digits of printed results.
    pub numdgt: usize,
    /// `ic=` of capacitors and inductors counts without `uic` too, as in Xyce.
    pub initial_conditions_hold: bool,
    /// Seed of random numbers.
    pub seed: u64,
    /// What failed measures are worth to other cards (Xyce's `.options measure default_val=`).
    pub measure_default: Option<f64>,
    /// Failed measures are shown as failed, not as what they are worth (`measfail`).
    pub measure_fails: bool,
    /// Digits behind the point of measures (`measdgt`).
    pub measure_digits: Option<usize>,
    pub fourier: FourierSettings,
    pub restart: Restart,
    /// When tables of `.print` have rows (Xyce's `.options output`).
    pub print_times: PrintTimes,
    /// Windows of `.fft` cards repeat after the last point plus one (`fft_mode=1`).
    pub periodic_windows: bool,
}

/// Checkpoints of transient analyses (`.options restart`).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Restart {
    /// Checkpoints are called by this and their time.
    pub job: Option<String>,
    /// The one file that every checkpoint goes to, and the end of the analysis.
    pub file: Option<String>,
    /// From each of these times on, how often there is one, in seconds.
    pub intervals: Vec<(f64, f64)>,
    /// The checkpoint to begin with.
    pub from: Option<String>,
}

/// How `.four` cards compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FourierSettings {
    /// Harmonics, the mean (number 0) included (`nfreqs`).
    pub harmonics: usize,
    /// Points of the period, equally spaced (`fourgridsize`).
    pub grid: usize,
    /// Degree of the polynomials between the points of the analysis (`polydegree`); 0 takes these points as they are.
    pub degree: usize,
}

impl Default for FourierSettings {
    fn default() -> Self {
        FourierSettings { harmonics: 10, grid: 200, degree: 1 }
    }
}

impl Default for Options {
    fn default() -> Self {
        Options {
            reltol: 1e-3,
            abstol: 1e-12,
            vntol: 1e-6,
            chgtol: 1e-14,
            trtol: 7.0,
            gmin: 1e-12,
            gshunt: 0.0,
            pivrel: 1e-3,
            pivtol: 1e-13,
            method: Method::Trapezoidal,
            maxord: 2,
            itl1: 100,
            itl2: 50,
            itl4: 10,
            temp: 27.0,
            tnom: 27.0,
            gminsteps: 1,
            srcsteps: 1,
            ringing_guard: true,
            bypass: true,
            threads: 1,
            minimum_step_ratio: 1e-11,
            defl: 100e-6,
            defw: 100e-6,
            defad: 0.0,
            defas: 0.0,
            interpolate: false,
            stops_when_measured: false,
            scale: 1.0,
            bins_by_finger: true,
            writes_measures: false,
            ascii: false,
            numdgt: 6,
            initial_conditions_hold: false,
            seed: 0,
            measure_default: None,
            measure_fails: true,
            measure_digits: None,
            fourier: FourierSettings::default(),
            restart: Restart::default(),
            print_times: PrintTimes::default(),
            periodic_windows: false,
        }
    }
}

/// The times at which a table of a transient analysis has rows; none of its own without intervals and points.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PrintTimes {
    /// From which time on rows are how far apart, s; times ascending.
    pub intervals: Vec<(f64, f64)>,
    /// Single times, s.
    pub points: Vec<f64>,
}

impl PrintTimes {
    /// The wanted times within an ascending axis, with its end; None if every point is wanted.
    pub fn between(&self, axis: &[f64]) -> Option<Vec<f64>> {
        let (Some(&first), Some(&last)) = (axis.first(), axis.last()) else { return None };
        let intervals: Vec<(f64, f64)> = self.intervals.iter().copied().filter(|pair| pair.1 > 0.0).collect();
        if intervals.is_empty() && self.points.is_empty() {
            return None;
        }
        // No more rows than a million: shorter intervals than the steps show nothing more.
        const MOST: f64 = 1e6;
        let mut times = self.points.clone();
        for (index, &(start, interval)) in intervals.iter().enumerate() {
            let end = intervals.get(index + 1).map_or(last, |next| next.0.min(last));
            let interval = interval.max((last - first) / MOST);
            let count = ((end - start) / interval * (1.0 + 1e-12)).floor().max(-1.0);
            times.extend((0..=count as i64).map(|step| start + step as f64 * interval));
        }
        if !intervals.is_empty() {
            times.push(last);
        }
        times.retain(|&time| time >= first && time <= last * (1.0 + 1e-12));
        times.sort_by(f64::total_cmp);
        times.dedup_by(|a, b| (*a - *b).abs() <= 1e-12 * last.abs());
        times.iter_mut().for_each(|time| *time = time.min(last));
        Some(times)
    }
}
