//! Parameters of model cards that BSIM1 and BSIM2 share, and how cards are read.

use super::technology::Process;
use crate::circuit::Model;
use crate::circuit::element::Parameter;
use crate::devices::mosfet::bsim::binned::Values;
use crate::devices::parameters::{ParameterInfo, Unknowns};
use crate::diagnostic::Diagnostic;
use crate::parameters;

parameters! {
    /// Sizes, overlaps, drain and source, and noise.
    pub struct Shared {
        #[allow(dead_code)]
        level: ["level"], "", f64::NAN, "Model level";
        dl: ["dl"], "µm", 0.0, "Taken from the length";
        dw: ["dw"], "µm", 0.0, "Taken from the width";
        cgso: ["cgso"], "F/m", 0.0, "Gate-source overlap capacitance per width";
        cgdo: ["cgdo"], "F/m", 0.0, "Gate-drain overlap capacitance per width";
        cgbo: ["cgbo"], "F/m", 0.0, "Gate-bulk overlap capacitance per length";
        rsh: ["rsh"], "Ω/□", 0.0, "Drain and source sheet resistance";
        js: ["js"], "A/m²", 0.0, "Bulk junction saturation current density";
        pb: ["pb"], "V", 0.1, "Bottom potential";
        mj: ["mj"], "", 0.0, "Bottom grading coefficient";
        pbsw: ["pbsw"], "V", 0.1, "Sidewall potential";
        mjsw: ["mjsw"], "", 0.0, "Sidewall grading coefficient";
        cj: ["cj"], "F/m²", 0.0, "Zero-bias bottom capacitance of bulk junctions";
        cjsw: ["cjsw"], "F/m", 0.0, "Zero-bias sidewall capacitance of bulk junctions";
        #[allow(dead_code, reason = "without effect, as in ngspice")]
        dell: ["dell"], "m", 0.0, "Taken from their length";
        kf: ["kf"], "", 0.0, "Flicker noise coefficient";
        af: ["af"], "", 1.0, "Flicker noise exponent";
        #[allow(dead_code)]
        lmin: ["lmin"], "m", 0.0, "Least length of this bin";
        #[allow(dead_code)]
        lmax: ["lmax"], "m", f64::INFINITY, "Largest length of this bin";
        #[allow(dead_code)]
        wmin: ["wmin"], "m", 0.0, "Least width of this bin";
        #[allow(dead_code)]
        wmax: ["wmax"], "m", f64::INFINITY, "Largest width of this bin";
    }
}

/// A model card of a level with parameters `G` of its own and `N` that depend on the geometry.
#[derive(Debug, Clone, Copy)]
pub struct Card<G, const N: usize> {
    pub general: G,
    pub shared: Shared,
    pub values: Values<N>,
}

/// How a level's cards are read.
pub struct Reading<G, const N: usize> {
    pub binned: &'static [ParameterInfo; N],
    /// All others.
    pub plain: &'static [ParameterInfo],
    pub general: fn(&[Parameter], Unknowns, &str, &mut Vec<Diagnostic>) -> G,
}

impl<G: Copy + Send + Sync + 'static, const N: usize> Reading<G, N> {
    /// Reads a card: once, unless there is something to say about it.
    pub fn card(&self, card: &Model, diagnostics: &mut Vec<Diagnostic>) -> Card<G, N> {
        card.reading.get(|| {
            let before = diagnostics.len();
            let found = self.read(&card.parameters, &format!("model `{}`", card.name), diagnostics);
            (found, diagnostics.len() == before)
        })
    }

    fn read(&self, parameters: &[Parameter], owner: &str, diagnostics: &mut Vec<Diagnostic>) -> Card<G, N> {
        let told = parameters.iter().cloned();
        let (values, plain) = Values::read(self.binned, self.plain, told, owner, diagnostics);
        let is_shared = |parameter: &Parameter| Shared::TABLE.iter().any(|info| info.names.contains(&&*parameter.name));
        let (shared, own): (Vec<_>, Vec<_>) = plain.into_iter().partition(is_shared);
        Card {
            general: (self.general)(&own, Unknowns::Warn, owner, diagnostics),
            shared: Shared::read(&shared, Unknowns::Warn, owner, diagnostics),
            values,
        }
    }
}

impl<G, const N: usize> Card<G, N> {
    /// Oxide of `thickness` µm and the effective sizes of a transistor, m; `None` where nothing is left of them.
    pub fn process(&self, thickness: f64, [length, width]: [f64; 2]) -> Option<Process> {
        let sizes = [length - 1e-6 * self.shared.dl, width - 1e-6 * self.shared.dw];
        sizes.iter().all(|&size| size > 0.0).then(|| Process::new(thickness, sizes))
    }

    /// The parameters that depend on the geometry, by their number.
    pub fn at(&self, process: &Process) -> impl Fn(usize) -> f64 {
        let (values, dependence) = (&self.values, process.dependence());
        move |k| values.at(k, dependence)
    }
}
