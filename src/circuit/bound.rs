//! Expressions with every name resolved: what behavioural elements hold.

use std::sync::Arc;

use super::element::{ElementId, NodeId};
pub use crate::netlist::expression::{BinaryOperator, UnaryOperator};
pub use crate::netlist::function::Function;

/// An expression over circuit quantities. Parameters and user functions have been replaced by their values.
#[derive(Debug, Clone, PartialEq)]
pub enum Bound {
    Number(f64),
    Time,
    /// Device temperature in °C, as `temper` is in SPICE.
    Temperature,
    /// Frequency of the analysis in hertz, 0 outside of `.ac`.
    Frequency,
    /// Voltage of a node.
    Node(NodeId),
    /// Current through an element that has a branch current, into its first terminal.
    Current(ElementId),
    /// `@element[name]`: a quantity that the element shows.
    Quantity(ElementId, Arc<str>),
    Unary(UnaryOperator, Box<Bound>),
    Binary(BinaryOperator, Box<Bound>, Box<Bound>),
    Conditional(Box<[Bound; 3]>),
    Call(Function, Vec<Bound>),
}

impl Bound {
    /// `uplim(x, y, z)` or `dnlim(x, y, z)` by other functions: y ± z·(max(w, 1) − 1 + e^(min(w, 1) − 1)), w = ±(x − y)/z.
    pub fn soft_limit(is_upper: bool, x: Bound, y: Bound, z: Bound) -> Bound {
        let binary = |operator, a: Bound, b: Bound| Bound::Binary(operator, Box::new(a), Box::new(b));
        let (upper, lower) = if is_upper { (y.clone(), x) } else { (x, y.clone()) };
        let inside = binary(BinaryOperator::Divide, binary(BinaryOperator::Subtract, upper, lower), z.clone());
        let one = || Bound::Number(1.0);
        let less = |part: Bound| binary(BinaryOperator::Subtract, part, one());
        let straight = less(Bound::Call(Function::Max, vec![inside.clone(), one()]));
        let bend = Bound::Call(Function::Exp, vec![less(Bound::Call(Function::Min, vec![inside, one()]))]);
        let share = binary(BinaryOperator::Multiply, binary(BinaryOperator::Add, straight, bend), z);
        binary(if is_upper { BinaryOperator::Subtract } else { BinaryOperator::Add }, y, share)
    }

    /// Nothing in it changes during an analysis.
    pub fn depends_on_temperature_alone(&self) -> bool {
        use Bound::{Current, Frequency, Node, Quantity, Time};
        let mut alone = true;
        self.walk(&mut |part| alone &= !matches!(part, Time | Frequency | Node(_) | Current(_) | Quantity(..)));
        alone
    }

    /// Operations above the deepest leaf, with it.
    pub fn height(&self) -> u32 {
        let below = match self {
            Bound::Unary(_, a) => a.height(),
            Bound::Binary(_, a, b) => a.height().max(b.height()),
            Bound::Conditional(parts) => parts.iter().map(Bound::height).max().unwrap_or(0),
            Bound::Call(_, arguments) => arguments.iter().map(Bound::height).max().unwrap_or(0),
            _ => 0,
        };
        below + 1
    }

    /// Calls `visit` on this node and on all below it.
    pub fn walk(&self, visit: &mut impl FnMut(&Bound)) {
        visit(self);
        match self {
            Bound::Unary(_, a) => a.walk(visit),
            Bound::Binary(_, a, b) => {
                a.walk(visit);
                b.walk(visit);
            }
            Bound::Conditional(parts) => parts.iter().for_each(|part| part.walk(visit)),
            Bound::Call(_, arguments) => arguments.iter().for_each(|argument| argument.walk(visit)),
            _ => {}
        }
    }
}
