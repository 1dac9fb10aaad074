//! The grammar of `.measure` cards: ngspice's, with what HSPICE, LTspice and Xyce add.

use std::sync::Arc;

use super::comparison::Norm;
use super::cycles::CycleKind;
use super::measure_table::{self, Kind, MEASURES};
use super::quantity::{Condition, Count, Edge, Limits, Place, Quantity, Window};
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::DotCard;
use crate::results::card_text::{CardText, Operand};
use crate::results::fft::Band;
use crate::results::plot_selector::AnalysisName;

/// A `.measure` card.
#[derive(Debug, Clone)]
pub struct MeasureCard {
    pub name: Arc<str>,
    pub analysis: Option<AnalysisName>,
    /// Every place counts, not one alone (Xyce's `tran_cont`).
    pub(super) continues: bool,
    pub(super) quantity: Quantity,
    /// Digits behind the point of the printed value.
    pub precision: Option<usize>,
    /// The value in place of a failed one (`default_val=`).
    pub fallback: Option<f64>,
    pub span: Span,
}

const EXAMPLE: &str = "for example: .measure tran rise trig v(out) val=0.1 rise=1 targ v(out) val=0.9 rise=1";

/// Reads a `.measure` card.
///
/// # Errors
/// The card is malformed; the error points at the place.
pub fn parse(card: &DotCard) -> Result<MeasureCard, Diagnostic> {
    let mut text = CardText::new(card);
    let continued = text.peek().strip_suffix("_cont");
    let analysis = AnalysisName::named(continued.unwrap_or(text.peek()));
    let continues = continued.is_some() && analysis.is_some();
    if analysis.is_some() {
        text.word();
    }
    let Some((name, _)) = text.word() else {
        return Err(text.unexpected("the name of the measure").hint(EXAMPLE));
    };
    let mut reader = Reader { text, precision: None, fallback: None };
    let of_spectrum = analysis == Some(AnalysisName::Fft);
    let quantity = if of_spectrum { reader.of_spectrum() } else { reader.quantity() };
    let quantity = quantity.map_err(|error| if error.hints.is_empty() { error.hint(EXAMPLE) } else { error })?;
    while reader.common_option()? {}
    reader.text.finish()?;
    let Reader { precision, fallback, .. } = reader;
    Ok(MeasureCard { name: name.into(), analysis, continues, quantity, precision, fallback, span: card.span })
}

struct Reader<'c> {
    text: CardText<'c>,
    precision: Option<usize>,
    fallback: Option<f64>,
}

impl Reader<'_> {
    fn quantity(&mut self) -> Result<Quantity, Diagnostic> {
        let Some((word, span)) = self.text.word() else {
            return Err(self.text.unexpected("what to measure: trig, find, when, deriv, max, min, avg, …"));
        };
        match measure_table::named(word).map(|measure| measure.kind) {
            Some(Kind::Statistic(kind)) => {
                let operand = self.text.expression()?;
                return Ok(Quantity::Statistic { kind, operand, window: self.window()? });
            }
            Some(Kind::Cycles(kind)) => return self.cycles(kind),
            _ => {}
        }
        if let Some(norm) = Norm::of_measure(word) {
            return self.difference(norm);
        }
        match word {
            "trig" => Ok(Quantity::Between(Box::new(self.events()?))),
            "when" => Ok(Quantity::When(self.condition()?)),
            "find" => Ok(Quantity::Find(self.text.expression()?, self.place()?)),
            "deriv" | "derivative" => Ok(Quantity::Derivative(self.text.expression()?, self.place()?)),
            "four" => self.fourier(),
            "error" => self.deviation(),
            "eqn" => {
                self.text.accept("=");
                Ok(Quantity::Equation(self.text.expression()?, self.window()?))
            }
            "param" | "expr" => {
                self.text.accept("=");
                Ok(Quantity::Expression(self.text.expression()?))
            }
            _ => {
                let of_curves = MEASURES.iter().filter(|measure| !matches!(measure.kind, Kind::Spectrum(_)));
                let names = of_curves.map(|measure| measure.word);
                let error = Diagnostic::error(format!("`{word}` is nothing that can be measured"));
                Err(error.at(span).nearest(word, names))
            }
        }
    }

    /// What any measure may carry: the target of an optimisation, which measuring ignores as ngspice does, and how the result is shown.
    fn common_option(&mut self) -> Result<bool, Diagnostic> {
        for ignored in ["goal", "weight", "minval", "print", "output", "min_thresh", "max_thresh"] {
            if self.text.accept_option(ignored) {
                self.text.expression()?;
                return Ok(true);
            }
        }
        for name in ["default_val", "failvalue"] {
            if self.text.accept_option(name) {
                self.fallback = Some(self.number()?);
                return Ok(true);
            }
        }
        if self.text.accept_option("precision") {
            self.precision = Some(self.number()?.clamp(0.0, 17.0) as usize);
            return Ok(true);
        }
        Ok(false)
    }

    fn number(&mut self) -> Result<f64, Diagnostic> {
        let operand = self.text.expression()?;
        let no_probes = |_: &str, _: &[&str], span: Span| Err(Diagnostic::error("expected a number").at(span));
        crate::circuit::constant::evaluate(&operand.expression, &|_| None, &no_probes)
            .map_err(|error| if error.labels.is_empty() { error.at(operand.span) } else { error })
    }

    fn optional(&mut self, name: &str, slot: &mut Option<Operand>) -> Result<bool, Diagnostic> {
        // LTspice has `from 0 to 1m` side by side, too.
        let found = self.text.accept_option(name) || self.text.accept_word(name);
        if found {
            *slot = Some(self.text.expression()?);
        }
        Ok(found)
    }

    fn window_option(&mut self, window: &mut Window) -> Result<bool, Diagnostic> {
        if self.text.accept_word("trig") {
            window.events = Some(Box::new(self.events()?));
            return Ok(true);
        }
        if let Some(edge) = self.edge() {
            window.part = Some((edge, self.occurrence()?));
            return Ok(true);
        }
        Ok(self.optional("rfc_level", &mut window.level)?
            || self.optional("from", &mut window.from)?
            || self.optional("to", &mut window.to)?
            || self.optional("td", &mut window.delay)?)
    }

    fn window(&mut self) -> Result<Window, Diagnostic> {
        let mut window = Window::default();
        while !self.text.is_at_end() {
            if !(self.window_option(&mut window)? || self.common_option()?) {
                return Err(self.text.unexpected("`from=`, `to=` or `td=`"));
            }
        }
        Ok(window)
    }

    fn events(&mut self) -> Result<[Place; 2], Diagnostic> {
        let trigger = self.event()?;
        while self.common_option()? {}
        if !self.text.accept_word("targ") {
            return Err(self.text.unexpected("`targ`"));
        }
        let mut places = [trigger, self.event()?];
        // `from=` of one of them counts for the other, unless that has its own.
        if let [Place::When(trigger), Place::When(target)] = &mut places {
            match (&trigger.from, &target.from) {
                (None, Some(from)) => trigger.from = Some(from.clone()),
                (Some(from), None) => target.from = Some(from.clone()),
                _ => {}
            }
        }
        Ok(places)
    }

    /// What follows `trig` and `targ`.
    fn event(&mut self) -> Result<Place, Diagnostic> {
        // HSPICE has `at` and its value side by side, too.
        if self.text.accept_option("at") || self.text.accept_word("at") {
            return Ok(Place::At(self.text.expression()?));
        }
        Ok(Place::When(self.condition()?))
    }

    /// What follows the operand of `find` and `deriv`.
    fn place(&mut self) -> Result<Place, Diagnostic> {
        while self.common_option()? {}
        if self.text.accept_option("at") || self.text.accept_word("at") {
            return Ok(Place::At(self.text.expression()?));
        }
        if self.text.accept_word("when") {
            return Ok(Place::When(self.condition()?));
        }
        Err(self.text.unexpected("`at=` or `when`"))
    }

    fn condition(&mut self) -> Result<Condition, Diagnostic> {
        let left = self.text.expression()?;
        let mut level = if self.text.accept("=") { Some(self.text.expression()?) } else { None };
        let (mut edge, mut count) = (Edge::Cross, Count::Number(1));
        let (mut delay, mut from, mut to, mut fraction) = (None, None, None, None);
        loop {
            if let Some(found) = self.edge() {
                (edge, count) = (found, self.occurrence()?);
            } else if !(self.optional("val", &mut level)?
                || self.optional("frac_max", &mut fraction)?
                || self.optional("td", &mut delay)?
                || self.optional("from", &mut from)?
                || self.optional("to", &mut to)?
                || self.common_option()?)
            {
                break;
            }
        }
        if !self.text.is_at_end() && self.text.peek() != "targ" {
            return Err(self.text.unexpected("`val=`, `rise=`, `fall=`, `cross=`, `td=`, `from=` or `to=`"));
        }
        let of_maximum = fraction.is_some();
        match fraction.or(level) {
            Some(level) => Ok(Condition { left, level, of_maximum, edge, count, delay, from, to }),
            None => Err(self.text.unexpected("a level (`val=0.5` or `=0.5`)")),
        }
    }

    /// `rise=`, `fall=` or `cross=`
    fn edge(&mut self) -> Option<Edge> {
        let edges = [("rise", Edge::Rise), ("fall", Edge::Fall), ("cross", Edge::Cross)];
        edges.into_iter().find(|(name, _)| self.text.accept_option(name)).map(|(_, edge)| edge)
    }

    /// A number from 1, `last`, or Xyce's −1 for the last, −2 for the one before it.
    fn occurrence(&mut self) -> Result<Count, Diagnostic> {
        if self.text.accept_word("last") {
            return Ok(Count::Number(-1));
        }
        if self.text.rest().starts_with(['{', '\'']) {
            return self.text.expression().map(Count::Expression);
        }
        match self.text.peek().parse::<i64>() {
            Ok(count) if count != 0 => {
                self.text.word();
                Ok(Count::Number(count))
            }
            _ => Err(self.text.unexpected("a number from 1 or `last`")),
        }
    }

    fn cycles(&mut self, kind: CycleKind) -> Result<Quantity, Diagnostic> {
        let operand = self.text.expression()?;
        let (mut on, mut off, mut window) = (None, None, Window::default());
        while !self.text.is_at_end() {
            let known = self.optional("on", &mut on)?
                || self.optional("off", &mut off)?
                || self.window_option(&mut window)?
                || self.common_option()?;
            if !known {
                return Err(self.text.unexpected("`on=`, `off=`, `from=`, `to=` or `td=`"));
            }
        }
        Ok(Quantity::Cycles { kind, operand, on, off, window })
    }

    fn difference(&mut self, norm: Norm) -> Result<Quantity, Diagnostic> {
        let first = self.text.expression()?;
        self.text.accept(",");
        let operands = Box::new([first, self.text.expression()?]);
        let (mut limits, mut window) = (Limits::default(), Window::default());
        while !self.text.is_at_end() {
            let known = self.optional("minval", &mut limits.divisor)?
                || self.optional("ymin", &mut limits.smallest)?
                || self.optional("ignor", &mut limits.smallest)?
                || self.optional("ignore", &mut limits.smallest)?
                || self.optional("ymax", &mut limits.largest)?
                || self.window_option(&mut window)?
                || self.common_option()?;
            if !known {
                return Err(self.text.unexpected("`minval=`, `ymin=`, `ymax=`, `from=`, `to=` or `td=`"));
            }
        }
        Ok(Quantity::Difference { norm, operands, limits, window })
    }

    fn deviation(&mut self) -> Result<Quantity, Diagnostic> {
        let operand = self.text.expression()?;
        let (mut norm, mut file, mut columns) = (Norm::RootOfSquares, None, [0, 1]);
        while !self.text.is_at_end() {
            if self.text.accept_option("file") {
                file = Some(self.text.file_name()?.1);
            } else if self.text.accept_option("comp_function") {
                let here = self.text.here();
                let word = self.text.word().map_or("", |(word, _)| word);
                norm = Norm::named(word).ok_or_else(|| {
                    let error = Diagnostic::error(format!("`{word}` is no way to compare")).at(here);
                    error.hint("there are l1norm, l2norm and infnorm")
                })?;
            } else if self.text.accept_option("indepvarcol") {
                columns[0] = self.number()?.max(0.0) as usize;
            } else if self.text.accept_option("depvarcol") {
                columns[1] = self.number()?.max(0.0) as usize;
            } else if !self.common_option()? {
                return Err(self.text.unexpected("`file=`, `comp_function=`, `indepvarcol=` or `depvarcol=`"));
            }
        }
        let file = file.ok_or_else(|| self.text.unexpected("`file=`"))?;
        Ok(Quantity::Deviation { norm, operand, file, columns })
    }

    /// What can be measured of an `.fft`.
    fn of_spectrum(&mut self) -> Result<Quantity, Diagnostic> {
        let word = self.text.peek();
        let Some(metric) = measure_table::metric(word) else {
            if word != "find" {
                return self.quantity();
            }
            self.text.word();
            let operand = self.text.expression()?;
            return match self.place()? {
                Place::At(at) => Ok(Quantity::Bin(operand, at)),
                Place::When(_) => Err(self.text.unexpected("`at=`, a frequency")),
            };
        };
        self.text.word();
        let operand = self.text.expression()?;
        let (mut least, mut most, mut band) = (None, None, Band::default());
        while !self.text.is_at_end() {
            if self.text.accept_option("nbharm") {
                band.harmonics = Some(self.number()?.max(0.0) as usize);
            } else if self.text.accept_option("binsiz") {
                band.width = self.number()?.max(0.0) as usize;
            } else if !(self.optional("minfreq", &mut least)?
                || self.optional("maxfreq", &mut most)?
                || self.common_option()?)
            {
                return Err(self.text.unexpected("`minfreq=`, `maxfreq=`, `nbharm=` or `binsiz=`"));
            }
        }
        Ok(Quantity::Purity { metric, operand, least, most, band })
    }

    fn fourier(&mut self) -> Result<Quantity, Diagnostic> {
        let operand = self.text.expression()?;
        let (mut fundamental, mut harmonics, mut grid, mut window) = (None, None, None, Window::default());
        while !self.text.is_at_end() {
            let known = self.optional("at", &mut fundamental)?
                || self.optional("numfreq", &mut harmonics)?
                || self.optional("gridsize", &mut grid)?
                || self.window_option(&mut window)?
                || self.common_option()?;
            if !known {
                return Err(self.text.unexpected("`at=`, `numfreq=` or `gridsize=`"));
            }
        }
        let fundamental = fundamental.ok_or_else(|| self.text.unexpected("`at=`, the fundamental frequency"))?;
        Ok(Quantity::Fourier { operand, fundamental, harmonics, grid, window })
    }
}
