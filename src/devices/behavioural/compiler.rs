//! Bound expressions → programs. `ddt`, `idt` and `absdelay` become unknowns of their own on the way.

use super::builder::Builder;
use super::delay::Delay;
use super::group::Behavioural;
use super::program::{Operation, Program, Slot, Table};
use super::reset_integral::ResetIntegral;
use crate::circuit::bound::{BinaryOperator, Bound, Function};
use crate::circuit::function_value::curve_kind;
use crate::circuit::{ElementId, GROUND, NodeId};
use crate::devices::assembly::{Unknown, UnknownKind};
use crate::devices::construct::Construction;
use crate::diagnostic::{Diagnostic, Span};
use crate::numerics::curve::Curve;

/// Natural scale of integrals: small, so that the integral of a current is as exact as that of a voltage.
const INTEGRAL_SCALE: f64 = 1e-6;

/// An error has been reported.
pub struct Reported;

/// Compiles the expressions of one element.
pub struct Compiler<'a, 'b> {
    pub c: &'a mut Construction<'b>,
    /// Of the expression.
    pub span: Span,
    temperature: f64,
    /// `ic=` of the card: what the argument of the outermost `ddt` is at the start.
    initial: Option<f64>,
    /// The initial value of integrals that have none of their own.
    integrals: f64,
    /// Calls of `ddt`, `idt` and `absdelay` that have an unknown already.
    made: Vec<(Function, Vec<Bound>, Unknown)>,
}

impl<'a, 'b> Compiler<'a, 'b> {
    pub fn new(c: &'a mut Construction<'b>, span: Span) -> Self {
        let temperature = c.temperature();
        Compiler { c, span, temperature, initial: None, integrals: 0.0, made: Vec::new() }
    }

    pub fn with_integrals(self, integrals: f64) -> Self {
        Compiler { integrals, ..self }
    }

    pub fn with_initial(self, initial: Option<f64>) -> Self {
        Compiler { initial, ..self }
    }

    pub fn compile(&mut self, bound: &Bound) -> Result<Program, Reported> {
        let mut builder = Builder::default();
        let output = self.slot(bound, &mut builder)?;
        Ok(builder.finish(output))
    }

    fn error(&mut self, diagnostic: Diagnostic) -> Reported {
        self.c.error(diagnostic.at(self.span));
        Reported
    }

    pub fn slot(&mut self, bound: &Bound, builder: &mut Builder) -> Result<Slot, Reported> {
        Ok(match bound {
            Bound::Number(number) => builder.constant(*number),
            Bound::Time => builder.add(Operation::Time),
            Bound::Temperature => builder.constant(self.temperature),
            Bound::Frequency => builder.add(Operation::Frequency),
            Bound::Node(node) => self.node(*node, builder),
            Bound::Current(element) => {
                let unknown = self.current(*element)?;
                builder.input(unknown)
            }
            Bound::Quantity(element, name) => {
                let unknown = self.quantity(*element, name)?;
                builder.input(unknown)
            }
            Bound::Unary(operator, a) => {
                let a = self.slot(a, builder)?;
                builder.add(Operation::Unary(*operator, a))
            }
            Bound::Binary(operator, a, b) => {
                let (a, b) = (self.slot(a, builder)?, self.slot(b, builder)?);
                builder.add(Operation::Binary(*operator, a, b))
            }
            Bound::Conditional(parts) => {
                let [condition, yes, no] = &**parts;
                let slots = [self.slot(condition, builder)?, self.slot(yes, builder)?, self.slot(no, builder)?];
                builder.add(Operation::Select(slots))
            }
            Bound::Call(function, arguments) => self.call(*function, arguments, builder)?,
        })
    }

    fn node(&mut self, node: NodeId, builder: &mut Builder) -> Slot {
        if node == GROUND {
            return builder.constant(0.0);
        }
        builder.input(self.c.assembly.node(node))
    }

    fn current(&mut self, element: ElementId) -> Result<Unknown, Reported> {
        let found = self.c.sensed_current(element);
        found.map_err(|diagnostic| self.error(diagnostic))
    }

    fn quantity(&mut self, element: ElementId, name: &str) -> Result<Unknown, Reported> {
        if name == "i" {
            return self.current(element);
        }
        if let Some(&unknown) = self.c.assembly.states.get(&(element, name.into())) {
            return Ok(unknown);
        }
        let owner = self.c.circuit.element(element).name.clone();
        let mut names: Vec<&str> =
            self.c.assembly.states.keys().filter(|(id, _)| *id == element).map(|(_, name)| &**name).collect();
        names.sort_unstable();
        let hint = match names.as_slice() {
            [] => format!("`{owner}` has no internal states"),
            names => format!("states of `{owner}`: {}", names.join(", ")),
        };
        let message = format!("`{name}` of `{owner}` is not a state, and cannot be used in an expression");
        Err(self.error(Diagnostic::error(message).hint(hint)))
    }

    fn call(&mut self, function: Function, arguments: &[Bound], builder: &mut Builder) -> Result<Slot, Reported> {
        match function {
            Function::Absdelay | Function::Ddt | Function::Idt => {
                let unknown = self.derived(function, arguments)?;
                return Ok(builder.input(unknown));
            }
            _ => {}
        }
        let mut slots = Vec::with_capacity(arguments.len());
        for argument in arguments {
            slots.push(self.slot(argument, builder)?);
        }
        Ok(match (function, slots.as_slice()) {
            (Function::Pwl | Function::Table, [argument, points @ ..]) => self.table(*argument, points, builder)?,
            (Function::Akima | Function::Bli | Function::Cubic | Function::Wodicka, [argument, points @ ..]) => {
                self.curve(function, *argument, points, builder)?
            }
            (Function::If, &[condition, yes, no]) => builder.add(Operation::Select([condition, yes, no])),
            (Function::Limit, &[x, a, b]) => {
                let low = builder.add(Operation::Function2(Function::Min, a, b));
                let high = builder.add(Operation::Function2(Function::Max, a, b));
                let above = builder.add(Operation::Function2(Function::Max, x, low));
                builder.add(Operation::Function2(Function::Min, above, high))
            }
            (Function::Max | Function::Min, [first, rest @ ..]) => {
                let pair = |a, &b| builder.add(Operation::Function2(function, a, b));
                rest.iter().fold(*first, pair)
            }
            (_, &[a]) => builder.add(Operation::Function(function, a)),
            (_, &[a, b]) => builder.add(Operation::Function2(function, a, b)),
            _ => return Err(self.error(Diagnostic::error(format!("`{}` lacks arguments", function.name())))),
        })
    }

    /// A smooth curve through points, which must be constants.
    fn curve(
        &mut self,
        function: Function,
        argument: Slot,
        points: &[Slot],
        builder: &mut Builder,
    ) -> Result<Slot, Reported> {
        let name = function.name();
        let known: Option<Vec<f64>> = points.iter().map(|point| builder.known(*point)).collect();
        let Some(numbers) = known.filter(|numbers| numbers.len().is_multiple_of(2)) else {
            let message = format!("the points of `{name}` must be pairs of constants");
            return Err(self.error(Diagnostic::error(message)));
        };
        let pairs: Vec<(f64, f64)> = numbers.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        match curve_kind(function).and_then(|kind| Curve::new(kind, &pairs)) {
            Some(curve) => Ok(builder.curve(argument, curve)),
            None => {
                let message = format!("`{name}` needs two points or more, whose first numbers increase");
                Err(self.error(Diagnostic::error(message)))
            }
        }
    }

    /// Linear interpolation between points that are constants or not.
    fn table(&mut self, argument: Slot, points: &[Slot], builder: &mut Builder) -> Result<Slot, Reported> {
        if !points.len().is_multiple_of(2) || points.is_empty() {
            return Err(self.error(Diagnostic::error("a table needs pairs of numbers `x, y`")));
        }
        let pairs = points.chunks_exact(2);
        let known: Option<Table> =
            pairs.clone().map(|pair| Some((builder.known(pair[0])?, builder.known(pair[1])?))).collect();
        if let Some(table) = known {
            if table.windows(2).any(|pair| pair[0].0 >= pair[1].0) {
                return Err(self.error(Diagnostic::error("the first numbers of a table's pairs must increase")));
            }
            return Ok(builder.interpolate(argument, table));
        }
        // From the last segment back: x < x1 ? segment : rest.
        let pairs: Vec<&[Slot]> = pairs.collect();
        let mut value = pairs[pairs.len() - 1][1];
        let mut binary = |operator, a, b| builder.add(Operation::Binary(operator, a, b));
        let mut selections = Vec::new();
        for pair in pairs.windows(2).rev() {
            let (left, right) = (pair[0], pair[1]);
            let run = binary(BinaryOperator::Subtract, right[0], left[0]);
            let rise = binary(BinaryOperator::Subtract, right[1], left[1]);
            let slope = binary(BinaryOperator::Divide, rise, run);
            let past = binary(BinaryOperator::Subtract, argument, left[0]);
            let climbed = binary(BinaryOperator::Multiply, slope, past);
            let segment = binary(BinaryOperator::Add, left[1], climbed);
            selections.push((binary(BinaryOperator::Less, argument, right[0]), segment));
        }
        let first = binary(BinaryOperator::LessEqual, argument, pairs[0][0]);
        selections.push((first, pairs[0][1]));
        for (condition, segment) in selections {
            value = builder.add(Operation::Select([condition, segment, value]));
        }
        Ok(value)
    }

    /// The unknown that is `ddt(u)` or `idt(u, initial)`.
    fn derived(&mut self, function: Function, arguments: &[Bound]) -> Result<Unknown, Reported> {
        let made = self.made.iter().find(|(other, of, _)| *other == function && of == arguments);
        if let Some(&(.., unknown)) = made {
            return Ok(unknown);
        }
        let unknown = match function {
            Function::Ddt => self.derivative(arguments)?,
            Function::Absdelay => self.delayed(arguments)?,
            _ => self.integral(arguments)?,
        };
        self.made.push((function, arguments.to_vec(), unknown));
        Ok(unknown)
    }

    /// A name for another unknown of this element: `ddt`, `ddt2`, …
    fn name(&self, function: Function) -> String {
        let count = self.made.iter().filter(|(other, ..)| *other == function).count();
        let used = |name: &str| self.c.assembly.states.contains_key(&(self.c.id, name.into()));
        let plain = function.name().to_string();
        (count + 1..).map(|number| format!("{plain}{number}")).find(|name| !used(name)).unwrap_or(plain)
    }

    fn derivative(&mut self, arguments: &[Bound]) -> Result<Unknown, Reported> {
        let initial = self.initial.take();
        let program = self.compile(&arguments[0])?;
        let name = self.name(Function::Ddt);
        let unknown = self.c.assembly.auxiliary(self.c.id, &name, UnknownKind::Current);
        self.c.assembly.add_behavioural(None, Behavioural { initial, ..Behavioural::derivative(program, unknown) });
        Ok(unknown)
    }

    /// What the first argument was as many seconds before as the second says; a longest delay matters to nobody here.
    fn delayed(&mut self, arguments: &[Bound]) -> Result<Unknown, Reported> {
        let delay = self.compile(&arguments[1])?.constant().filter(|delay| *delay >= 0.0);
        let Some(delay) = delay else {
            let message = "the time by which a quantity is delayed must be a constant, and not negative";
            return Err(self.error(Diagnostic::error(message)));
        };
        let program = self.compile(&arguments[0])?;
        let name = self.name(Function::Absdelay);
        let input = self.c.assembly.auxiliary(self.c.id, &format!("{name}_input"), UnknownKind::Current);
        self.c.assembly.add_behavioural(None, Behavioural::equal(program, input));
        if delay == 0.0 {
            return Ok(input);
        }
        let unknown = self.c.assembly.auxiliary(self.c.id, &name, UnknownKind::Current);
        self.c.assembly.add_auxiliary(self.c.id, Delay::new(delay), [input, unknown]);
        Ok(unknown)
    }

    fn integral(&mut self, arguments: &[Bound]) -> Result<Unknown, Reported> {
        let program = self.compile(&arguments[0])?;
        let initial = match arguments.get(1) {
            None => self.integrals,
            Some(bound) => match self.compile(bound)?.constant() {
                Some(value) => value,
                None => {
                    let message = "the initial value of an integral must be a constant";
                    return Err(self.error(Diagnostic::error(message)));
                }
            },
        };
        let name = self.name(Function::Idt);
        let unknown = self.c.assembly.state(self.c.id, &name, INTEGRAL_SCALE, initial);
        let Some(reset) = arguments.get(2) else {
            self.c.assembly.add_behavioural(None, Behavioural::integral(program, unknown));
            return Ok(unknown);
        };
        let reset = self.compile(reset)?;
        let [input, reset] = [("input", program), ("reset", reset)].map(|(end, program)| {
            let auxiliary = self.c.assembly.auxiliary(self.c.id, &format!("{name}_{end}"), UnknownKind::Current);
            self.c.assembly.add_behavioural(None, Behavioural::equal(program, auxiliary));
            auxiliary
        });
        self.c.assembly.add_auxiliary(self.c.id, ResetIntegral::new(initial), [input, reset, unknown]);
        Ok(unknown)
    }
}

/// a ∘ b
pub fn binary(operator: BinaryOperator, a: Bound, b: Bound) -> Bound {
    Bound::Binary(operator, Box::new(a), Box::new(b))
}
