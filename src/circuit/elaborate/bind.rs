//! Expressions as written → numbers and bound expressions.

use std::sync::Arc;

use super::scope::ScopeId;
use super::table_file::table_function;
use super::{Elaborator, Reported, random};
use crate::circuit::bound::{BinaryOperator, Bound, Function};
use crate::circuit::constant::{check_arity, named_constant};
use crate::circuit::derivative::{NoDerivative, derivative};
use crate::circuit::element::Value;
use crate::circuit::function_value::function_value;
use crate::circuit::source_function::{source_function, source_functions};
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::card::FunctionCard;
use crate::netlist::dialect::Dialect;
use crate::netlist::expression::Expression;
use crate::netlist::number::parse_number;

/// Parameters, functions and operators within each other.
const DEPTH_LIMIT: usize = 1500;
/// Height of a bound expression: later stages descend it recursively.
const HEIGHT_LIMIT: u32 = 1000;
/// Operations in one expression after functions are replaced.
const SIZE_LIMIT: u32 = 1_000_000;

/// Where an expression stands.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    scope: ScopeId,
    /// Voltages, currents and time may occur.
    behavioural: bool,
    /// Values of the arguments, inside a user's function.
    arguments: &'a [(Arc<str>, Tree)],
}

/// A bound expression and its measures.
#[derive(Debug, Clone)]
pub struct Tree {
    bound: Bound,
    height: u32,
    size: u32,
}

impl From<Bound> for Tree {
    fn from(bound: Bound) -> Tree {
        Tree { bound, height: 1, size: 1 }
    }
}

impl Tree {
    fn measured(bound: Bound) -> Tree {
        let mut size = 0u32;
        bound.walk(&mut |_| size = size.saturating_add(1));
        Tree { height: bound.height(), bound, size }
    }

    fn number(&self) -> Option<f64> {
        match self.bound {
            Bound::Number(number) => Some(number),
            _ => None,
        }
    }
}

impl<'d> Elaborator<'d> {
    /// The finite number that an expression over parameters gives.
    pub fn number(&mut self, expression: &Expression, scope: ScopeId, span: Span) -> Result<f64, Reported> {
        let tree = self.bind_whole(expression, Context { scope, behavioural: false, arguments: &[] })?;
        match tree.bound {
            Bound::Number(number) => self.finite(number, span),
            _ => Err(self.report(Diagnostic::error("this is not a constant").at(span))),
        }
    }

    /// A number if the expression depends on parameters alone.
    pub fn behavioural_value(
        &mut self,
        expression: &Expression,
        scope: ScopeId,
        span: Span,
    ) -> Result<Value, Reported> {
        self.value_in(expression, span, Context { scope, behavioural: true, arguments: &[] })
    }

    /// The same of an expression in which `x` stands for a quantity.
    pub fn value_of_variable(
        &mut self,
        expression: &Expression,
        scope: ScopeId,
        span: Span,
        x: Bound,
    ) -> Result<Value, Reported> {
        let arguments = [("x".into(), Tree { bound: x, height: 2, size: 3 })];
        self.value_in(expression, span, Context { scope, behavioural: true, arguments: &arguments })
    }

    fn value_in(&mut self, expression: &Expression, span: Span, context: Context<'_>) -> Result<Value, Reported> {
        let tree = self.bind_whole(expression, context)?;
        match tree.bound {
            Bound::Number(number) => self.finite(number, span).map(Value::Number),
            bound => Ok(Value::Expression(Arc::new(bound))),
        }
    }

    fn finite(&mut self, number: f64, span: Span) -> Result<f64, Reported> {
        if number.is_finite() {
            return Ok(number);
        }
        let what = if number.is_nan() { "not a number (NaN)" } else { "infinite" };
        Err(self.report(Diagnostic::error(format!("the value of this expression is {what}")).at(span)))
    }

    fn bind_whole(&mut self, expression: &Expression, context: Context<'_>) -> Result<Tree, Reported> {
        if self.depth == 0 {
            self.budget = SIZE_LIMIT;
        }
        self.bind(expression, context)
    }

    fn bind(&mut self, expression: &Expression, context: Context<'_>) -> Result<Tree, Reported> {
        if self.depth >= DEPTH_LIMIT {
            return Err(self.too_deep(expression));
        }
        self.spend(1, expression)?;
        self.depth += 1;
        let result = self.bind_node(expression, context);
        self.depth -= 1;
        result
    }

    fn bind_node(&mut self, expression: &Expression, context: Context<'_>) -> Result<Tree, Reported> {
        match expression {
            Expression::Number(number) => Ok(Bound::Number(*number).into()),
            Expression::Name(name, span) => self.bind_name(name, *span, context, expression),
            Expression::Text(_, span) => {
                Err(self.report(Diagnostic::error("expected a number, found a text").at(*span)))
            }
            Expression::Probe { kind, arguments, span } => self.bind_probe(kind, arguments, *span, context),
            Expression::Call { function, arguments, span } => self.bind_call(function, arguments, *span, context),
            Expression::Unary(operator, operand) => {
                let operand = self.bind(operand, context)?;
                match operand.number() {
                    Some(number) => Ok(Bound::Number(operator.value(number)).into()),
                    None => self.join(expression, vec![operand], |mut parts| {
                        Bound::Unary(*operator, Box::new(parts.remove(0)))
                    }),
                }
            }
            Expression::Binary(operator, left, right) => {
                if *operator == BinaryOperator::ExclusiveOr && !(left.is_truth() || right.is_truth()) {
                    self.warn_of_exclusive_or(expression);
                }
                let left = self.bind(left, context)?;
                let right = self.bind(right, context)?;
                let operator = match operator {
                    BinaryOperator::Power if self.powers_are_of_magnitudes() => BinaryOperator::MagnitudePower,
                    operator => *operator,
                };
                self.binary(expression, operator, left, right)
            }
            Expression::Conditional(parts) => self.bind_conditional(expression, parts, context),
        }
    }

    /// Apart from its caller, which descends deeply.
    #[inline(never)]
    fn warn_of_exclusive_or(&mut self, whole: &Expression) {
        let message = "`^` is the exclusive or of two truths in this deck's language";
        let warning = Diagnostic::warning(message).hint("a power is `**`; `--dialect ngspice` reads `^` as one");
        let mut place = self.evaluating.last().map(|(_, span)| *span);
        whole.walk(&mut |part| {
            if let Expression::Name(_, span) | Expression::Call { span, .. } | Expression::Probe { span, .. } = part {
                place = place.or(Some(*span));
            }
        });
        self.warn(place.into_iter().fold(warning, Diagnostic::at));
    }

    fn binary(
        &mut self,
        whole: &Expression,
        operator: BinaryOperator,
        left: Tree,
        right: Tree,
    ) -> Result<Tree, Reported> {
        if let (Some(left), Some(right)) = (left.number(), right.number()) {
            return Ok(Bound::Number(operator.value(left, right)).into());
        }
        let height = left.height.max(right.height) + 1;
        let size = left.size.saturating_add(right.size).saturating_add(1);
        if height > HEIGHT_LIMIT {
            return Err(self.too_deep(whole));
        }
        Ok(Tree { bound: Bound::Binary(operator, Box::new(left.bound), Box::new(right.bound)), height, size })
    }

    fn bind_conditional(
        &mut self,
        whole: &Expression,
        parts: &[Expression; 3],
        context: Context<'_>,
    ) -> Result<Tree, Reported> {
        let condition = self.bind(&parts[0], context)?;
        if let Some(condition) = condition.number() {
            return self.bind(if condition != 0.0 { &parts[1] } else { &parts[2] }, context);
        }
        let yes = self.bind(&parts[1], context)?;
        let no = self.bind(&parts[2], context)?;
        self.join(whole, vec![condition, yes, no], |mut parts| {
            let (no, yes, condition) = (parts.remove(2), parts.remove(1), parts.remove(0));
            Bound::Conditional(Box::new([condition, yes, no]))
        })
    }

    /// A node over `parts`.
    fn join(
        &mut self,
        whole: &Expression,
        parts: Vec<Tree>,
        make: impl FnOnce(Vec<Bound>) -> Bound,
    ) -> Result<Tree, Reported> {
        let height = parts.iter().map(|part| part.height).max().unwrap_or(0) + 1;
        let size = parts.iter().fold(1u32, |size, part| size.saturating_add(part.size));
        if height > HEIGHT_LIMIT {
            return Err(self.too_deep(whole));
        }
        Ok(Tree { bound: make(parts.into_iter().map(|part| part.bound).collect()), height, size })
    }

    fn spend(&mut self, size: u32, expression: &Expression) -> Result<(), Reported> {
        match self.budget.checked_sub(size) {
            Some(left) => {
                self.budget = left;
                Ok(())
            }
            None => {
                let message = format!("the expression grows beyond {SIZE_LIMIT} operations");
                Err(self.report_in(Diagnostic::error(message), expression))
            }
        }
    }

    fn too_deep(&mut self, expression: &Expression) -> Reported {
        let error = Diagnostic::error("functions or parameters are nested too deeply")
            .hint("does a function call itself without end?");
        self.report_in(error, expression)
    }

    /// Reports at the first place in `expression` that has a span.
    fn report_in(&mut self, error: Diagnostic, expression: &Expression) -> Reported {
        let mut place = self.evaluating.last().map(|(_, span)| *span);
        if let Expression::Name(_, span) | Expression::Call { span, .. } | Expression::Probe { span, .. } = expression {
            place = Some(*span);
        }
        match place {
            Some(span) => self.report(error.at(span)),
            None => self.report(error),
        }
    }

    fn bind_name(
        &mut self,
        name: &str,
        span: Span,
        context: Context<'_>,
        whole: &Expression,
    ) -> Result<Tree, Reported> {
        if let Some((_, argument)) = context.arguments.iter().find(|(argument, _)| **argument == *name) {
            self.spend(argument.size, whole)?;
            return Ok(argument.clone());
        }
        // Xyce's parameters may depend on time: such a one stands for its expression.
        if let Some((scope, card)) = self.dynamic_parameter(context.scope, name) {
            if !context.behavioural {
                let message = format!("`{name}` depends on the solution, and is no constant");
                return Err(self.report(Diagnostic::error(message).at(span)));
            }
            return self.bind(&card.value, Context { scope, behavioural: true, arguments: &[] });
        }
        if let Some(value) = self.parameter(context.scope, name) {
            return value.map(|number| Bound::Number(number).into());
        }
        match name {
            "temper" | "temp" if context.behavioural => return Ok(Bound::Temperature.into()),
            "temper" | "temp" => return Ok(Bound::Number(self.temperature_value()).into()),
            "time" if context.behavioural => return Ok(Bound::Time.into()),
            "hertz" | "freq" if context.behavioural => return Ok(Bound::Frequency.into()),
            "time" | "hertz" => {
                let message = format!("`{name}` has no meaning in the expression of a parameter");
                return Err(self.report(Diagnostic::error(message).at(span)));
            }
            _ => {}
        }
        if name == "vt" && matches!(self.deck.dialect, Dialect::Pspice | Dialect::Xyce) {
            let [boltzmann, charge, zero] =
                ["boltz", "echarge", "kelvin"].map(|name| named_constant(name).unwrap_or(0.0));
            return Ok(Bound::Number(boltzmann * (self.temperature_value() - zero) / charge).into());
        }
        if name == "gmin" {
            return Ok(Bound::Number(self.circuit.options.gmin).into());
        }
        match named_constant(name) {
            Some(constant) => Ok(Bound::Number(constant).into()),
            None => Err(self.undefined_parameter(name, span, context.scope)),
        }
    }

    pub fn undefined_parameter(&mut self, name: &str, span: Span, scope: ScopeId) -> Reported {
        if self.is_broken(name) {
            return Reported;
        }
        let names = self.visible_parameters(scope);
        self.report(Diagnostic::error(format!("there is no parameter `{name}`")).at(span).nearest(name, names))
    }

    fn bind_call(
        &mut self,
        name: &str,
        arguments: &[Expression],
        span: Span,
        context: Context<'_>,
    ) -> Result<Tree, Reported> {
        let user = self.find_function(context.scope, name);
        let of_file = arguments.iter().any(|argument| matches!(argument, Expression::Text(..)));
        if let (None, true, Some(function)) = (user, of_file, table_function(name)) {
            return self.function_of_file(function, arguments, span, context);
        }
        if user.is_none() && name == Function::Ddx.name() {
            return self.bind_derivative(arguments, span, context);
        }
        let is_random = user.is_none() && random::is_random(name, arguments.len());
        let source = if user.is_none() { source_function(name) } else { None };
        if user.is_none() && source.is_none() && !is_random && Function::named(name).is_none() {
            return Err(self.undefined_function(name, span, context.scope));
        }
        let mut trees = Vec::with_capacity(arguments.len());
        for argument in arguments {
            trees.push(self.bind(argument, context)?);
        }
        if let Some((function, defaults)) = source {
            let left_out = defaults.iter().skip(trees.len()).map(|(_, value)| Bound::Number(*value).into());
            trees.extend(left_out);
            return self.inline(function, context.scope, trees, span, context);
        }
        if is_random {
            return self.bind_random(name, &trees, span);
        }
        match user {
            Some((scope, function)) => self.inline(function, scope, trees, span, context),
            None => self.built_in(name, trees, span, context),
        }
    }

    /// A function of the points in a file.
    #[inline(never)]
    fn function_of_file(
        &mut self,
        function: Function,
        arguments: &[Expression],
        span: Span,
        context: Context<'_>,
    ) -> Result<Tree, Reported> {
        let (of, points) = self.arguments_with_file(arguments, span)?;
        let whole = Expression::Name(function.name().into(), span);
        self.spend(points.len() as u32, &whole)?;
        let of = match of {
            Some(of) => self.bind(of, context)?,
            None => Bound::Time.into(),
        };
        let points = points.into_iter().map(|number| Bound::Number(number).into());
        let trees = std::iter::once(of).chain(points).collect();
        self.join(&whole, trees, |arguments| Bound::Call(function, arguments))
    }

    /// `ddx(f, x)`
    #[inline(never)]
    fn bind_derivative(
        &mut self,
        arguments: &[Expression],
        span: Span,
        context: Context<'_>,
    ) -> Result<Tree, Reported> {
        check_arity(Function::Ddx, arguments.len(), span).map_err(|error| self.report(error))?;
        let (of, by) = (&arguments[0], &arguments[1]);
        let value = self.bind(by, context)?;
        let (tree, variable) = match (by, value.number()) {
            (_, None) => (self.bind(of, context)?, value.bound.clone()),
            // A parameter is its number; until then it stands for itself, not to be taken for another of equal value.
            (Expression::Name(name, _), Some(number)) => {
                let itself = vec![Bound::Number(number), Bound::Number(self.depth as f64)];
                let variable: Tree = Tree { bound: Bound::Call(Function::Ddx, itself), height: 2, size: 3 };
                let mut names = vec![(name.clone(), variable.clone())];
                names.extend_from_slice(context.arguments);
                (self.bind(of, Context { arguments: &names, ..context })?, variable.bound)
            }
            _ => {
                let error = Diagnostic::error("`ddx` needs something to differentiate by").at(span);
                return Err(
                    self.report(error.hint("a voltage, a current, `time` or a parameter, as in `ddx(v(a)^2, v(a))`"))
                );
            }
        };
        match derivative(&tree.bound, &variable, &value.bound, self.budget) {
            Ok(bound) => {
                let whole = Expression::Name(Function::Ddx.name().into(), span);
                let tree = Tree::measured(bound);
                self.spend(tree.size, &whole)?;
                if tree.height > HEIGHT_LIMIT { Err(self.too_deep(&whole)) } else { Ok(tree) }
            }
            Err(NoDerivative::Of(function)) => {
                let message = format!("`{}` has no derivative that `ddx` knows", function.name());
                Err(self.report(Diagnostic::error(message).at(span)))
            }
            Err(NoDerivative::TooLarge) => {
                let message = format!("the derivative grows beyond {SIZE_LIMIT} operations");
                Err(self.report(Diagnostic::error(message).at(span)))
            }
        }
    }

    /// Apart from its caller, which descends deeply.
    #[inline(never)]
    fn bind_random(&mut self, name: &str, trees: &[Tree], span: Span) -> Result<Tree, Reported> {
        let numbers: Option<Vec<f64>> = trees.iter().map(Tree::number).collect();
        let Some(numbers) = numbers else {
            let error = Diagnostic::error(format!("the arguments of `{name}` must be constants")).at(span);
            return Err(self.report(error));
        };
        self.random(name, &numbers, span).map(|number| Bound::Number(number).into())
    }

    fn undefined_function(&mut self, name: &str, span: Span, scope: ScopeId) -> Reported {
        if self.is_broken(name) {
            return Reported;
        }
        let mut names =
            self.visible(scope, |block, names| names.extend(block.functions.iter().map(|card| &*card.name.text)));
        names.extend(Function::ALL.iter().map(|function| function.name()));
        names.extend(source_functions().map(|(name, _)| name));
        self.report(Diagnostic::error(format!("there is no function `{name}`")).at(span).nearest(name, names))
    }

    /// Whether `(-2)**3` is 8 in behavioural sources: in ngspice, also where it reads PSpice's language.
    fn powers_are_of_magnitudes(&self) -> bool {
        let dialect = self.deck.dialect;
        dialect.powers_go_left() || self.deck.read_by_ngspice && dialect == Dialect::Pspice
    }

    fn inline(
        &mut self,
        function: &'d FunctionCard,
        scope: ScopeId,
        trees: Vec<Tree>,
        span: Span,
        context: Context<'_>,
    ) -> Result<Tree, Reported> {
        if trees.len() != function.arguments.len() {
            let (name, wanted) = (&function.name.text, function.arguments.len());
            let message = format!("`{name}` takes {wanted} arguments, not {}", trees.len());
            return Err(self.report(Diagnostic::error(message).at(span).label(function.name.span, "defined here")));
        }
        let arguments: Vec<(Arc<str>, Tree)> = function.arguments.iter().cloned().zip(trees).collect();
        self.bind(&function.body, Context { scope, behavioural: context.behavioural, arguments: &arguments })
    }

    fn built_in(
        &mut self,
        name: &str,
        mut trees: Vec<Tree>,
        span: Span,
        context: Context<'_>,
    ) -> Result<Tree, Reported> {
        let name = if name == "log" && self.deck.dialect.log_is_decadic() { "log10" } else { name };
        let Some(function) = Function::named(name) else { return Err(Reported) };
        // In ngspice's behavioural sources, not in its parameters.
        let of_ngspice = self.deck.read_by_ngspice || self.deck.dialect.powers_go_left();
        // That has C's power for LTspice's.
        let is_signed = self.deck.read_by_ngspice && self.deck.dialect == Dialect::LtSpice;
        let function = match function {
            Function::Pow if context.behavioural && of_ngspice && !is_signed => Function::Pwr,
            Function::Pwr if context.behavioural && of_ngspice => Function::Pwrs,
            function => function,
        };
        check_arity(function, trees.len(), span).map_err(|error| self.report(error))?;
        if matches!(function, Function::Absdelay | Function::Ddt | Function::Idt) && !context.behavioural {
            let message = format!("`{name}` has no meaning in the expression of a parameter");
            return Err(self.report(Diagnostic::error(message).at(span)));
        }
        if function.is_of_place() {
            trees.push(Bound::Number(self.circuit.options.seed as f64).into());
        }
        let numbers: Option<Vec<f64>> = trees.iter().map(Tree::number).collect();
        match numbers {
            Some(numbers) if function != Function::Idt => Ok(Bound::Number(function_value(function, &numbers)).into()),
            _ => {
                let whole = Expression::Name(name.into(), span);
                self.join(&whole, trees, |arguments| match (function, <[Bound; 3]>::try_from(arguments)) {
                    (Function::Dnlim | Function::Uplim, Ok([x, y, z])) => {
                        Bound::soft_limit(function == Function::Uplim, x, y, z)
                    }
                    (_, Ok(arguments)) => Bound::Call(function, arguments.into()),
                    (_, Err(arguments)) => Bound::Call(function, arguments),
                })
            }
        }
    }

    fn bind_probe(
        &mut self,
        kind: &str,
        names: &[Arc<str>],
        span: Span,
        context: Context<'_>,
    ) -> Result<Tree, Reported> {
        // `g(x)` may be a function of the user's.
        if kind != "@" && self.find_function(context.scope, kind).is_some() {
            let argument = |name: &Arc<str>| match parse_number(name) {
                Some(number) => Expression::Number(number),
                None => Expression::Name(name.clone(), span),
            };
            let arguments: Vec<Expression> = names.iter().map(argument).collect();
            return self.bind_call(kind, &arguments, span, context);
        }
        if !context.behavioural {
            let error = Diagnostic::error("a voltage or current cannot be used in the expression of a parameter");
            return Err(self.report(error.at(span)));
        }
        let bound = match (kind, names) {
            ("v", [node]) => Bound::Node(self.existing_node(context.scope, node, span)?),
            ("v", [plus, minus]) => {
                let plus = Bound::Node(self.existing_node(context.scope, plus, span)?);
                let minus = Bound::Node(self.existing_node(context.scope, minus, span)?);
                Bound::Binary(BinaryOperator::Subtract, Box::new(plus), Box::new(minus))
            }
            ("i", [element]) => Bound::Current(self.existing_element(context.scope, element, span)?),
            ("@", [element, quantity]) => {
                Bound::Quantity(self.existing_element(context.scope, element, span)?, quantity.clone())
            }
            ("x" | "g" | "p", [element]) => {
                Bound::Quantity(self.existing_element(context.scope, element, span)?, kind.into())
            }
            _ => return Err(self.undefined_function(kind, span, context.scope)),
        };
        Ok(Tree { bound, height: 2, size: 3 })
    }
}
