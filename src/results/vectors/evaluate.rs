//! The values of expressions over vectors.

use std::collections::HashMap;
use std::sync::Arc;

use faer::c64;
use rand_chacha::ChaCha8Rng;

use super::arithmetic::{any_true, binary, map, to_real};
use super::functions::{self, Surroundings};
use super::named_vector::{NamedVector, length};
use super::series_functions::interpolated;
use super::store::VectorStore;
use crate::diagnostic::nearest;
use crate::mna::vectors::VectorKind;
use crate::netlist::script::{VectorExpression as Expression, VectorOperator as Operator};
use crate::results::value::Samples;

/// Operators and functions within each other.
const DEPTH_LIMIT: usize = 1200;
/// Operations of one evaluation, so that functions that use others twice come to an end.
pub const OPERATION_LIMIT: usize = 100_000;

/// `define name(arguments) body`
#[derive(Debug, Clone)]
pub struct Definition {
    pub arguments: Vec<Arc<str>>,
    pub body: Expression,
}

/// A value, and the plot whose scale it goes with.
#[derive(Debug, Clone)]
pub struct VectorValue {
    pub name: String,
    pub kind: VectorKind,
    pub samples: Samples,
    /// Number of the plot in the store.
    pub plot: usize,
}

impl VectorValue {
    pub fn len(&self) -> usize {
        length(&self.samples)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether any of the values is not 0.
    pub fn is_true(&self) -> bool {
        any_true(&self.samples)
    }

    /// The first value, its real part.
    pub fn first(&self) -> Option<f64> {
        to_real(&self.samples).first().copied()
    }

    /// Real parts.
    pub fn real(&self) -> Vec<f64> {
        to_real(&self.samples)
    }
}

/// Where expressions are evaluated.
pub struct Evaluator<'a> {
    pub store: &'a VectorStore,
    pub definitions: &'a HashMap<String, Vec<Definition>>,
    /// A number by a name that no vector has, such as `@r1[resistance]`.
    pub quantity: &'a dyn Fn(&str) -> Option<f64>,
    /// `set units=degrees`
    pub degrees: bool,
    pub random: &'a mut ChaCha8Rng,
    /// Values that one function may make up.
    pub most_values: usize,
    /// Operations that are left; see [`OPERATION_LIMIT`].
    pub operations: usize,
}

impl Evaluator<'_> {
    /// The values of an expression; several for `all` and the like.
    ///
    /// # Errors
    /// Says why there is none.
    pub fn all(&mut self, expression: &Expression, text: &str) -> Result<Vec<VectorValue>, String> {
        if let Expression::Name(name) = expression
            && let Some((plot, vectors)) = self.store.wildcard(name)
        {
            return Ok(vectors.into_iter().map(|vector| value_of(plot, vector)).collect());
        }
        let mut value = self.value(expression, 0)?;
        value.name = text.to_string();
        Ok(vec![value])
    }

    /// The one value of an expression.
    ///
    /// # Errors
    /// Says why there is none.
    pub fn one(&mut self, expression: &Expression) -> Result<VectorValue, String> {
        self.value(expression, 0)
    }

    /// Counts one more operation.
    fn spend(&mut self) -> Result<(), String> {
        self.operations = self.operations.checked_sub(1).ok_or_else(|| {
            format!(
                "the expression grows beyond {OPERATION_LIMIT} operations: do functions use each other without end?"
            )
        })?;
        Ok(())
    }

    fn value(&mut self, expression: &Expression, depth: usize) -> Result<VectorValue, String> {
        if depth == DEPTH_LIMIT {
            return Err(format!("operators and functions are nested more than {DEPTH_LIMIT} deep"));
        }
        self.spend()?;
        let depth = depth + 1;
        Ok(match expression {
            Expression::Number(number) => self.plain(Samples::Real(vec![*number])),
            Expression::Name(name) => self.named(name)?,
            Expression::Call { function, arguments, text } => self.call(function, arguments, text, depth)?,
            Expression::Negate(operand) => {
                let operand = self.value(operand, depth)?;
                let samples = map(&operand.samples, |value| -value, |value| -value);
                VectorValue { samples, ..operand }
            }
            Expression::Not(operand) => {
                let operand = self.value(operand, depth)?;
                let zero = Samples::Real(vec![0.0]);
                self.plain(binary(Operator::Equal, &operand.samples, &zero)?)
            }
            Expression::Binary(operator, left, right) => {
                let (left, right) = (self.value(left, depth)?, self.value(right, depth)?);
                let samples = binary(*operator, &left.samples, &right.samples)?;
                self.plain(samples)
            }
            Expression::Index(base, index) => {
                let (base, index) = (self.value(base, depth)?, self.value(index, depth)?);
                let samples = indexed(&base.samples, &index.samples)?;
                VectorValue { samples, ..base }
            }
            Expression::Range(base, range) => {
                let (base, range) = (self.value(base, depth)?, self.value(range, depth)?);
                let scale = self.scale(&base);
                let samples = within(&base.samples, &range.samples, &scale)?;
                VectorValue { samples, ..base }
            }
            Expression::Conditional(branches) => {
                let [condition, yes, no] = &**branches;
                let chosen = if self.value(condition, depth)?.is_true() { yes } else { no };
                self.value(chosen, depth)?
            }
        })
    }

    /// A value of no particular kind, in the current plot.
    fn plain(&self, samples: Samples) -> VectorValue {
        VectorValue { name: String::new(), kind: VectorKind::Other, samples, plot: self.store.current }
    }

    fn named(&mut self, name: &str) -> Result<VectorValue, String> {
        if let Some((plot, vector)) = self.store.find(name) {
            return Ok(value_of(plot, vector));
        }
        if matches!(name, "v(0)" | "v(gnd)") {
            return Ok(self.plain(Samples::Real(vec![0.0])));
        }
        // `@v1[i]` is the vector `i(v1)`.
        if let Some((device, quantity)) =
            name.strip_prefix('@').and_then(|rest| rest.strip_suffix(']')?.split_once('['))
            && let Some((plot, vector)) = self.store.find(&format!("{quantity}({device})"))
        {
            return Ok(value_of(plot, vector));
        }
        if let Some(number) = (self.quantity)(name) {
            return Ok(self.plain(Samples::Real(vec![number])));
        }
        let near = nearest(name, self.store.current().vectors.iter().map(|vector| vector.name.as_str()));
        let hint = near.map_or(String::new(), |near| format!(", did you mean `{near}`?"));
        Err(format!("there is no vector `{name}`{hint}"))
    }

    /// Values of the scale of `value`, if it has as many points.
    fn scale(&self, value: &VectorValue) -> Vec<f64> {
        let scale = self.store.plots.get(value.plot).and_then(|plot| plot.scale_vector());
        scale.map(|scale| to_real(&scale.samples)).filter(|scale| scale.len() == value.len()).unwrap_or_default()
    }

    fn call(
        &mut self,
        function: &str,
        arguments: &[Expression],
        text: &str,
        depth: usize,
    ) -> Result<VectorValue, String> {
        if let Some(definition) = self.definition(function, arguments.len()) {
            let body = self.replaced(&definition.body, &definition.arguments, arguments)?;
            return self.value(&body, depth);
        }
        // `x(n1)` and the like are names.
        if let Some((plot, vector)) = self.store.find(text) {
            return Ok(value_of(plot, vector));
        }
        let [argument] = arguments else { return Err(self.unknown(function, arguments.len())) };
        let argument = self.value(argument, depth)?;
        if function == "interpolate" {
            return self.interpolated(argument);
        }
        let scale = self.scale(&argument);
        let mut around =
            Surroundings { scale: &scale, degrees: self.degrees, random: self.random, most: self.most_values };
        match functions::apply(function, &argument.samples, &mut around) {
            Some(Ok(samples)) => Ok(VectorValue { samples, ..argument }),
            Some(Err(error)) => Err(error),
            None => Err(self.unknown(function, 1)),
        }
    }

    /// `body` with the arguments in the place of their names.
    fn replaced(&mut self, body: &Expression, names: &[Arc<str>], values: &[Expression]) -> Result<Expression, String> {
        self.spend()?;
        let mut within = |part: &Expression| self.replaced(part, names, values).map(Box::new);
        Ok(match body {
            Expression::Name(name) => match names.iter().position(|other| other == name) {
                Some(index) => return self.copied(&values[index]),
                None => Expression::Name(name.clone()),
            },
            Expression::Number(_) => body.clone(),
            Expression::Call { function, arguments, text } => Expression::Call {
                function: function.clone(),
                arguments: arguments.iter().map(|argument| Ok(*within(argument)?)).collect::<Result<_, String>>()?,
                text: text.clone(),
            },
            Expression::Negate(operand) => Expression::Negate(within(operand)?),
            Expression::Not(operand) => Expression::Not(within(operand)?),
            Expression::Binary(operator, left, right) => Expression::Binary(*operator, within(left)?, within(right)?),
            Expression::Index(base, index) => Expression::Index(within(base)?, within(index)?),
            Expression::Range(base, range) => Expression::Range(within(base)?, within(range)?),
            Expression::Conditional(branches) => {
                let [condition, yes, no] = &**branches;
                Expression::Conditional(Box::new([*within(condition)?, *within(yes)?, *within(no)?]))
            }
        })
    }

    fn copied(&mut self, argument: &Expression) -> Result<Expression, String> {
        // Without names nothing is replaced, but the operations are counted.
        if matches!(argument, Expression::Name(_)) { Ok(argument.clone()) } else { self.replaced(argument, &[], &[]) }
    }

    fn definition(&self, function: &str, count: usize) -> Option<Definition> {
        self.definitions.get(function)?.iter().rev().find(|found| found.arguments.len() == count).cloned()
    }

    fn unknown(&self, function: &str, count: usize) -> String {
        if functions::names().any(|name| name == function) {
            return format!("`{function}` takes one argument, not {count}");
        }
        if self.definitions.contains_key(function) {
            return format!("`{function}` is not defined for {count} arguments");
        }
        let own: Vec<&str> = self.definitions.keys().map(String::as_str).collect();
        let names = functions::names().map(|name| name as &str).chain(own);
        let hint = nearest(function, names).map_or(String::new(), |near| format!(", did you mean `{near}`?"));
        format!("there is no function `{function}`{hint}")
    }

    /// A vector of another plot on the scale of the current one.
    fn interpolated(&mut self, value: VectorValue) -> Result<VectorValue, String> {
        let own = self.scale(&value);
        let Some(scale) = self.store.current().scale_vector().filter(|_| !own.is_empty()) else {
            return Err("`interpolate` needs vectors with scales".into());
        };
        let samples = interpolated(&own, &value.samples, &to_real(&scale.samples));
        Ok(VectorValue { samples, plot: self.store.current, ..value })
    }
}

/// Of a quantity that was not saved the last value, which is what ngspice reads off the device.
fn value_of(plot: usize, vector: &NamedVector) -> VectorValue {
    let samples = match &vector.samples {
        samples if !vector.hidden => samples.clone(),
        Samples::Real(values) => Samples::Real(values.last().copied().into_iter().collect()),
        Samples::Complex(values) => Samples::Complex(values.last().copied().into_iter().collect()),
    };
    VectorValue { name: vector.name.clone(), kind: vector.kind, samples, plot }
}

/// `base[index]`, or a part of it where the index is complex: `base[low, high]`, backwards if high is below low.
fn indexed(base: &Samples, index: &Samples) -> Result<Samples, String> {
    let count = length(base);
    if length(index) != 1 {
        return Err("an index must be a single number".into());
    }
    let limit = |value: f64| (value.round().max(0.0) as usize).min(count.saturating_sub(1));
    let (from, to) = match index {
        Samples::Real(values) => (limit(values[0]), limit(values[0])),
        Samples::Complex(values) => (limit(values[0].re), limit(values[0].im)),
    };
    if count == 0 {
        return Err("a vector has no values".into());
    }
    let order: Vec<usize> = if from <= to { (from..=to).collect() } else { (to..=from).rev().collect() };
    Ok(picked(base, &order))
}

/// The values of `base` where the scale lies within the range, which is `low, high` as a complex number.
fn within(base: &Samples, range: &Samples, scale: &[f64]) -> Result<Samples, String> {
    if scale.is_empty() {
        return Err("a range needs a vector with a scale".into());
    }
    let range = match range {
        Samples::Real(values) => values.first().map(|&value| c64::new(value, value)),
        Samples::Complex(values) => values.first().copied(),
    };
    let Some(range) = range else { return Err("a range needs two numbers".into()) };
    let (low, high) = (range.re.min(range.im), range.re.max(range.im));
    let mut order: Vec<usize> = (0..scale.len()).filter(|&index| (low..=high).contains(&scale[index])).collect();
    if range.im < range.re {
        order.reverse();
    }
    Ok(picked(base, &order))
}

fn picked(base: &Samples, order: &[usize]) -> Samples {
    match base {
        Samples::Real(values) => Samples::Real(order.iter().map(|&index| values[index]).collect()),
        Samples::Complex(values) => Samples::Complex(order.iter().map(|&index| values[index]).collect()),
    }
}
