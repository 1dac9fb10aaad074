//! What a `.measure` card measures.

use super::comparison::Norm;
use super::cycles::CycleKind;
use crate::diagnostic::Span;
use crate::netlist::expression::Expression;
use crate::results::card_text::Operand;
use crate::results::fft::{Band, Metric};

/// What is measured.
#[derive(Debug, Clone)]
pub enum Quantity {
    /// `trig … targ …`: the distance between two positions.
    Between(Box<[Place; 2]>),
    /// `when …`
    When(Condition),
    /// `find … at=…|when …`
    Find(Operand, Place),
    /// `deriv … at=…|when …`
    Derivative(Operand, Place),
    /// `max …` and the like.
    Statistic { kind: Statistic, operand: Operand, window: Window },
    /// `on_time …`, `duty …` and the like.
    Cycles { kind: CycleKind, operand: Operand, on: Option<Operand>, off: Option<Operand>, window: Window },
    /// `err …`: how far the second curve is from the first.
    Difference { norm: Norm, operands: Box<[Operand; 2]>, limits: Limits, window: Window },
    /// `error … file=…`: how far the curve is from one in a file.
    Deviation { norm: Norm, operand: Operand, file: Span, columns: [usize; 2] },
    /// `four … at=…`: the total harmonic distortion.
    Fourier {
        operand: Operand,
        fundamental: Operand,
        harmonics: Option<Operand>,
        grid: Option<Operand>,
        window: Window,
    },
    /// `thd …`, `enob …` and the like, of an `.fft`.
    Purity { metric: Metric, operand: Operand, least: Option<Operand>, most: Option<Operand>, band: Band },
    /// `find …` in an `.fft`.
    Bin(Operand, Operand),
    /// `param=…`, `expr …`
    Expression(Operand),
    /// `eqn …`: of a curve the last value.
    Equation(Operand, Window),
}

impl Quantity {
    /// Goes on to the next place; false if it is not counted, or from the end.
    pub fn go_on(&mut self) -> bool {
        let places: &mut [Place] = match self {
            Quantity::Between(places) => &mut places[..],
            Quantity::When(condition) => return condition.go_on(),
            Quantity::Find(_, place) | Quantity::Derivative(_, place) => std::slice::from_mut(place),
            _ => &mut [],
        };
        let mut goes_on = false;
        for place in places {
            if let Place::When(condition) = place {
                goes_on |= condition.go_on();
            }
        }
        goes_on
    }
}

impl Condition {
    fn go_on(&mut self) -> bool {
        match &mut self.count {
            Count::Number(count @ 1..) => {
                *count += 1;
                true
            }
            _ => false,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistic {
    Average,
    Maximum,
    Minimum,
    PeakToPeak,
    RootMeanSquare,
    Integral,
    PositionOfMaximum,
    PositionOfMinimum,
}

/// A part of the axis: all of it where nothing is given.
#[derive(Debug, Clone, Default)]
pub struct Window {
    pub from: Option<Operand>,
    pub to: Option<Operand>,
    /// Nothing before this counts.
    pub delay: Option<Operand>,
    /// LTspice's `trig … targ …` in place of numbers.
    pub events: Option<Box<[Place; 2]>>,
    /// Xyce's `rise=`, `fall=` and `cross=`: one of the parts that the curve itself has.
    pub part: Option<(Edge, Count)>,
    /// The level whose crossings separate the parts (`rfc_level=`); without it they are those in which the curve rises or falls.
    pub level: Option<Operand>,
}

/// Numbers of an `err` measure.
#[derive(Debug, Clone, Default)]
pub struct Limits {
    /// Least size of the first curve as a divisor.
    pub divisor: Option<Operand>,
    /// Points where the first curve is smaller, or larger, do not count.
    pub smallest: Option<Operand>,
    pub largest: Option<Operand>,
}

/// A position on the axis.
#[expect(clippy::large_enum_variant, reason = "there is one per card, and it is not moved about")]
#[derive(Debug, Clone)]
pub enum Place {
    At(Operand),
    When(Condition),
}

/// Where `left` meets `level`.
#[derive(Debug, Clone)]
pub struct Condition {
    pub left: Operand,
    pub level: Operand,
    /// The level is this part of the largest value of `left` (Xyce's `frac_max=`).
    pub of_maximum: bool,
    pub edge: Edge,
    /// Number of the crossing, from the end if negative (−1 is the last).
    pub count: Count,
    /// Positions before this do not count.
    pub delay: Option<Operand>,
    pub from: Option<Operand>,
    pub to: Option<Operand>,
}

/// A number of a crossing or a part.
#[derive(Debug, Clone)]
pub enum Count {
    Number(i64),
    /// `{i}`
    Expression(Operand),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    Rise,
    Fall,
    Cross,
}

impl Quantity {
    /// Whether an expression of the card uses the name `wanted`.
    pub fn mentions(&self, wanted: &str) -> bool {
        let mut found = false;
        self.operands(&mut |operand| {
            operand
                .expression
                .walk(&mut |part| found |= matches!(part, Expression::Name(name, _) if **name == *wanted));
        });
        found
    }

    fn operands(&self, visit: &mut impl FnMut(&Operand)) {
        match self {
            Quantity::Between(places) => places.iter().for_each(|place| place.operands(visit)),
            Quantity::When(condition) => condition.operands(visit),
            Quantity::Find(operand, place) | Quantity::Derivative(operand, place) => {
                visit(operand);
                place.operands(visit);
            }
            Quantity::Statistic { operand, window, .. } => {
                visit(operand);
                window.operands(visit);
            }
            Quantity::Cycles { operand, on, off, window, .. } => {
                visit(operand);
                on.iter().chain(off).for_each(&mut *visit);
                window.operands(visit);
            }
            Quantity::Difference { operands, limits, window, .. } => {
                operands.iter().for_each(&mut *visit);
                let limits = limits.divisor.iter().chain(&limits.smallest).chain(&limits.largest);
                limits.for_each(&mut *visit);
                window.operands(visit);
            }
            Quantity::Fourier { operand, fundamental, window, .. } => {
                [operand, fundamental].into_iter().for_each(&mut *visit);
                window.operands(visit);
            }
            Quantity::Equation(operand, window) => {
                visit(operand);
                window.operands(visit);
            }
            Quantity::Bin(operand, at) => [operand, at].into_iter().for_each(visit),
            Quantity::Purity { operand, .. } | Quantity::Deviation { operand, .. } | Quantity::Expression(operand) => {
                visit(operand)
            }
        }
    }
}

impl Window {
    fn operands(&self, visit: &mut impl FnMut(&Operand)) {
        self.from.iter().chain(&self.to).chain(&self.delay).chain(&self.level).for_each(&mut *visit);
        self.events.iter().flat_map(|places| places.iter()).for_each(|place| place.operands(visit));
    }
}

impl Place {
    fn operands(&self, visit: &mut impl FnMut(&Operand)) {
        match self {
            Place::At(operand) => visit(operand),
            Place::When(condition) => condition.operands(visit),
        }
    }
}

impl Condition {
    fn operands(&self, visit: &mut impl FnMut(&Operand)) {
        [&self.left, &self.level].into_iter().for_each(&mut *visit);
        self.delay.iter().chain(&self.from).chain(&self.to).for_each(visit);
    }
}
