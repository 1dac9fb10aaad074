//! Charges that the channels of BSIM3 and BSIM4 have in common, and those of the gate's overlaps.
//!
//! The equations are in the files of the models. Sources: BSIM3v3.3 manual, chapter 4 and appendix B; BSIM4.6 manual, chapter 7; Ward,
//! Stanford G201-11 (1981).

use super::limits::{EXPONENT, LEAST, MOST};
use crate::numerics::scalar::Scalar;

/// Smoothness of the joins, V.
const JOIN: f64 = 0.02;

/// How drain and source share the channel's charge in saturation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Partition {
    /// Drain 40 %, source 60 %.
    Ward,
    Equal,
    /// All of the source.
    Source,
}

impl Partition {
    /// By `xpart`.
    pub fn new(share: f64) -> Self {
        match share {
            share if share < 0.5 => Partition::Ward,
            0.5 => Partition::Equal,
            _ => Partition::Source,
        }
    }

    /// Charge of the source over −C where the channel is inverted, at an overdrive `on`, with d = a·vdse and u = on − d/2.
    #[inline(always)]
    pub fn of_source<S: Scalar>(self, on: S, d: S, u: S) -> S {
        match self {
            Partition::Source => on * 0.5 + d * 0.25 - d * d / (u * 24.0),
            _ => {
                let cubic = on * (d * d * (2.0 / 3.0) + on * (on - d * (4.0 / 3.0))) - d * d * d * (2.0 / 15.0);
                cubic / (u * u * 2.0)
            }
        }
    }
}

/// How an overlap with a lightly doped end depletes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Depletes {
    Never,
    /// Below 0 V.
    AtZero,
    Smoothly,
}

/// Overlap of the gate and one end.
#[derive(Debug, Clone, Copy)]
pub struct Overlap {
    pub depletes: Depletes,
    /// F
    pub constant: f64,
    /// F
    pub lightly_doped: f64,
    pub kappa: f64,
}

/// Charges of the channel alone, C.
#[derive(Debug, Clone, Copy)]
pub struct ChannelCharges<S> {
    pub gate: S,
    pub bulk: S,
    pub source: S,
    /// Of the inversion layer, as noise has it.
    pub inversion: S,
}

impl<S: Scalar> ChannelCharges<S> {
    pub fn drain(&self) -> S {
        -(self.gate + self.bulk + self.source)
    }
}

/// What the channel's charges depend on, voltages as of an n-channel.
#[derive(Debug, Clone, Copy)]
pub struct Layers {
    pub partition: Partition,
    /// Capacitance of the oxide, F.
    pub oxide: f64,
    /// m²
    pub area: f64,
    /// Capacitance of the oxide that is in series with layers of a thickness, F/m².
    pub oxide_density: f64,
    /// Permittivity of the substrate, F/m.
    pub silicon: f64,
    /// k1 times the ratio of the oxides.
    pub k1: f64,
    pub potential: f64,
    pub thermal: f64,
    pub flat_band: f64,
    pub debye: f64,
    /// Thickness over which the depletion layer's is joined to the Debye length, m.
    pub least_thickness: f64,
    /// acde/tox in 10⁸/m, 1/V.
    pub exponent: f64,
    pub moin: f64,
}

impl Overlap {
    #[inline(always)]
    pub fn charge<S: Scalar>(&self, v: S) -> S {
        let charge = v * self.constant;
        if self.lightly_doped == 0.0 || self.depletes == Depletes::Never {
            return charge;
        }
        let depleting = if self.depletes == Depletes::AtZero {
            v.min(S::zero())
        } else {
            let past = v + JOIN;
            (past - (past * past + 4.0 * JOIN).sqrt()) * 0.5
        };
        let root = (depleting * (-4.0 / self.kappa) + 1.0).sqrt();
        charge + (v - depleting - (root - 1.0) * (0.5 * self.kappa)) * self.lightly_doped
    }
}

/// vgc less the rise of the surface potential, kept above 0.
#[inline(always)]
pub fn kept_on<S: Scalar>(on: S, gate_on: S) -> S {
    let risen = on - 0.001;
    (risen + (risen * risen + gate_on * 0.004).sqrt()) * 0.5
}

/// vdse of the charges.
#[inline(always)]
pub fn effective_drain<S: Scalar>(saturation: S, vds: S) -> S {
    let rest = saturation - vds - JOIN;
    let root = (rest * rest + saturation * (4.0 * JOIN)).sqrt();
    let effective = saturation - (rest + root) * 0.5;
    if vds.value() == 0.0 { effective - effective.value() } else { effective }
}

impl Layers {
    /// vfbe for the gate's voltage against the bulk.
    #[inline(always)]
    pub fn accumulation<S: Scalar>(&self, vgb: S, flat_band: S) -> S {
        let past = flat_band - vgb - JOIN;
        let root = (past * past + flat_band.abs() * (4.0 * JOIN)).sqrt();
        flat_band - (past + root) * 0.5
    }

    /// √(k1²/4 + bending) − k1/2 times k1: the depletion charge over C.
    #[inline(always)]
    pub fn depletion<S: Scalar>(&self, bending: S) -> S {
        let half = 0.5 * self.k1;
        if self.k1 == 0.0 {
            S::zero()
        } else if bending.value() < 0.0 {
            bending
        } else {
            ((bending + half * half).sqrt() - half) * self.k1
        }
    }

    /// vdse
    #[inline(always)]
    pub fn effective<S: Scalar>(&self, saturation: S, vds: S) -> S {
        effective_drain(saturation, vds)
    }

    /// capmod 2
    #[inline(always)]
    pub fn smooth<S: Scalar>(&self, a: S, [vgb, flat_band]: [S; 2], on: S, vds: S) -> ChannelCharges<S> {
        let accumulated = self.accumulation(vgb, flat_band);
        let mirrored = accumulated - flat_band + self.depletion(vgb - accumulated - on);
        let effective = self.effective(on / a, vds);
        let d = a * effective;
        let u = on - d * 0.5 + 1e-20;
        let further = d * effective / (u * 12.0);
        let gate = on - effective * 0.5 + further;
        let bulk = (a * -1.0 + 1.0) * (effective * 0.5 - further);
        let source =
            if self.partition == Partition::Equal { (gate + bulk) * 0.5 } else { self.partition.of_source(on, d, u) };
        self.scaled(gate + mirrored, bulk - mirrored, source, gate + bulk)
    }

    #[inline(always)]
    pub fn scaled<S: Scalar>(&self, gate: S, bulk: S, source: S, inversion: S) -> ChannelCharges<S> {
        let oxide = self.oxide;
        ChannelCharges { gate: gate * oxide, bulk: bulk * oxide, source: source * -oxide, inversion: inversion * oxide }
    }

    /// Oxide capacitance in series with a layer of this thickness, F.
    #[inline(always)]
    fn in_series<S: Scalar>(&self, thickness: S) -> S {
        let layer = thickness.recip() * self.silicon;
        layer / (layer + self.oxide_density) * (self.oxide_density * self.area)
    }

    /// Thickness of the charge in accumulation and depletion, m.
    #[inline(always)]
    fn thickness<S: Scalar>(&self, vgb: S) -> S {
        let argument = (vgb - self.flat_band) * self.exponent;
        let thickness = if argument.value() <= -EXPONENT {
            S::constant(self.debye * LEAST)
        } else if argument.value() >= EXPONENT {
            S::constant(self.debye * MOST)
        } else {
            argument.exp() * self.debye
        };
        let rest = thickness * -1.0 + (self.debye - self.least_thickness);
        (rest + (rest * rest + 4.0 * self.least_thickness * self.debye).sqrt()) * -0.5 + self.debye
    }

    /// Rise of the surface potential with the gate, V; `root` is the surface potential's.
    #[inline(always)]
    pub fn rise<S: Scalar>(&self, on: S, root: f64) -> S {
        let (scale, offset) = if self.k1 <= 0.0 {
            (0.25 * self.moin * self.thermal, 0.5 * root)
        } else {
            (self.moin * self.thermal * self.k1 * self.k1, self.k1 * root)
        };
        ((on + 2.0 * offset) * on * (1.0 / scale)).ln_1p() * self.thermal
    }

    /// Charges with a thickness: of the gate's voltage against the bulk and the flat-band voltage there, of vgc and that less the
    /// surface potential's rise, and of the thickness of the inverted layer, m.
    #[inline(always)]
    pub fn thick<S: Scalar>(
        &self,
        a: S,
        [vgb, flat_band]: [S; 2],
        [gate_on, on]: [S; 2],
        vds: S,
        thickness: S,
    ) -> ChannelCharges<S> {
        let depleted = self.in_series(self.thickness(vgb));
        let mirrored = depleted * (flat_band - self.flat_band + self.depletion(vgb - flat_band - gate_on));
        let oxide = self.in_series(thickness);
        let effective = self.effective(on / a, vds);
        let d = a * effective;
        let u = on - d * 0.5 + 1e-20;
        let further = d / (u * 12.0);
        let channel = oxide * (on - d * (further * -1.0 + 0.5));
        let bulk = oxide * (a * -1.0 + 1.0) * (effective * 0.5 - further * effective);
        let source = if self.partition == Partition::Equal {
            channel * -0.5
        } else {
            oxide * self.partition.of_source(on, d, u) * -1.0
        };
        ChannelCharges { gate: channel + mirrored - bulk, bulk: bulk - mirrored, source, inversion: channel }
    }

    /// capmod 0
    #[inline(always)]
    pub fn long_channel<S: Scalar>(&self, a: S, root: S, gate: S, vds: S, bulk: S) -> ChannelCharges<S> {
        let on = gate - (root * self.k1 + (self.flat_band + self.potential));
        let bending = gate - bulk - self.flat_band;
        let none = S::zero();
        if bending.value() <= 0.0 {
            return self.scaled(bending, -bending, none, none);
        }
        if on.value() <= 0.0 {
            let depleted = self.depletion(bending);
            return self.scaled(depleted, -depleted, none, none);
        }
        let saturation = on / a;
        let above = gate - (self.flat_band + self.potential);
        if saturation.value() <= vds.value() {
            let gate = above - saturation * (1.0 / 3.0);
            let channel = on * (2.0 / 3.0);
            let share = match self.partition {
                Partition::Source => 1.0,
                Partition::Ward => 0.6,
                Partition::Equal => 0.5,
            };
            return self.scaled(gate, channel - gate, channel * share, channel);
        }
        let twice = saturation * 2.0 - vds;
        let part = vds / (twice * 3.0);
        let further = part * vds;
        let gate = above - (vds - further) * 0.5;
        // Of the channel's charge, over −C·a/4.
        let whole = (twice + further) * 2.0;
        let of_drain = match self.partition {
            Partition::Source => twice + further * 3.0 - vds * 2.0,
            Partition::Equal => twice + further,
            Partition::Ward => {
                let square = saturation * saturation * 8.0 - saturation * vds * 6.0 + vds * vds * 1.2;
                twice - vds + part / twice * square
            }
        };
        let (whole, source) = (whole * a * 0.25, (whole - of_drain) * a * 0.25);
        self.scaled(gate, whole - gate, source, whole)
    }
}
