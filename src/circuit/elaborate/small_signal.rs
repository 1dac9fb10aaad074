//! `.noise`, `.tf`, `.pz`, `.sens`, `.sp` and `.disto`.

use std::sync::Arc;

use super::card_cursor::CardCursor;
use super::scope::TOP;
use super::{Elaborator, Reported};
use crate::circuit::analysis_card::{
    Analysis, AnalysisCard, Distortion, Noise, OutputQuantity, PoleZero, Scattering, Sensitivity, TransferFunction,
};
use crate::circuit::element::{ElementId, GROUND, NodeId, Parameter};
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::card::CommandKeyword;
use crate::netlist::expression::Expression;
use crate::netlist::token::TokenKind;

impl<'d> Elaborator<'d> {
    /// `.noise v(node[,reference]) source dec|oct|lin points start stop [points_per_summary]`
    pub fn noise(&mut self, cursor: &mut CardCursor<'d>, span: Span) -> Result<(), Reported> {
        let output = self.output_quantity(cursor)?;
        let source = self.input_source(cursor)?;
        // PSpice and HSPICE: the frequencies are those of `.ac`.
        let has_own = matches!(cursor.peek_word(), Some("dec" | "oct" | "lin"));
        let sweep = match self.ac_card().filter(|_| !has_own) {
            Some(mut card) => self.frequency_sweep(&mut card)?,
            None => self.frequency_sweep(cursor)?,
        };
        if sweep.table.is_some() {
            let error = Diagnostic::error("only frequencies can stand in the table of this analysis").at(span);
            return Err(self.report(error.hint("`.step data=…` sets what its other columns name")));
        }
        let by_device = if cursor.at_end() { false } else { self.number_token(cursor, "a number of points")? >= 1.0 };
        self.expect_end(cursor)?;
        let by_device = by_device || self.prints_parts_of_noise();
        let analysis = Analysis::Noise(Noise { output, source, sweep, by_device });
        self.circuit.analyses.push(AnalysisCard { analysis, span });
        Ok(())
    }

    /// A card shows what a device adds: `dno(r1)`, `dni(r1)` (Xyce).
    fn prints_parts_of_noise(&self) -> bool {
        let mut cards = self.scope(TOP).blocks.iter().flat_map(|block| &block.dot_cards);
        cards.any(|card| ["dno(", "dni("].iter().any(|part| card.text.to_ascii_lowercase().contains(part)))
    }

    /// The deck's first `.ac` card.
    fn ac_card(&self) -> Option<CardCursor<'d>> {
        self.first_command(CommandKeyword::Ac)
    }

    fn first_command(&self, keyword: CommandKeyword) -> Option<CardCursor<'d>> {
        let mut cards = self.scope(TOP).blocks.iter().flat_map(|block| block.commands.iter());
        let found = cards.find(|command| command.keyword == keyword)?;
        Some(CardCursor::new(self.deck, &found.tokens))
    }

    /// `.tf output source`
    pub fn transfer_function(&mut self, cursor: &mut CardCursor<'d>, span: Span) -> Result<(), Reported> {
        let output = self.output_quantity(cursor)?;
        let source = self.input_source(cursor)?;
        self.expect_end(cursor)?;
        let analysis = Analysis::TransferFunction(TransferFunction { output, source });
        self.circuit.analyses.push(AnalysisCard { analysis, span });
        Ok(())
    }

    /// `.sp dec|oct|lin points start stop [donoise]`, or `.lin …` beside `.ac`
    pub fn scattering(&mut self, cursor: &mut CardCursor<'d>, span: Span) -> Result<(), Reported> {
        // `.lin`: the frequencies are those of `.ac`, and what stands on the card is about files.
        let has_own = matches!(cursor.peek_word(), Some("dec" | "oct" | "lin"));
        let sweep = match self.ac_card().filter(|_| !has_own) {
            Some(mut card) => {
                while !cursor.at_end() {
                    cursor.advance();
                }
                self.frequency_sweep(&mut card)?
            }
            None => self.frequency_sweep(cursor)?,
        };
        if sweep.table.is_some() {
            let error = Diagnostic::error("only frequencies can stand in the table of this analysis").at(span);
            return Err(self.report(error));
        }
        if !cursor.at_end() && self.number_token(cursor, "0 or 1")? >= 1.0 {
            let warning = Diagnostic::warning("the noise parameters of `.sp` are not computed").at(span);
            self.warn(warning.hint("`.noise` has the noise of the circuit"));
        }
        self.expect_end(cursor)?;
        let elements = self.circuit.elements.iter().enumerate();
        let ports = elements.filter_map(|(index, element)| Some((element.port()?, ElementId(index as u32))));
        let mut ports: Vec<([f64; 2], ElementId)> = ports.collect();
        ports.sort_by(|([a, _], _), ([b, _], _)| a.total_cmp(b));
        for (index, &([number, impedance], id)) in ports.iter().enumerate() {
            let element = self.circuit.element(id);
            let wrong = if number != index as f64 + 1.0 {
                format!("the ports are numbered from 1 on without gaps, and `{}` is port {number}", element.name)
            } else if impedance.is_nan() || impedance <= 0.0 {
                format!("`z0` of the port `{}` must be positive", element.name)
            } else {
                continue;
            };
            let error = Diagnostic::error(wrong).at(element.span);
            return Err(self.report(error));
        }
        if ports.is_empty() {
            let error = Diagnostic::error("`.sp` needs ports, and there are none").at(span);
            return Err(self.report(error.hint("write `V1 in 0 dc 0 ac 1 portnum 1 z0 50`")));
        }
        let ports = ports.into_iter().map(|([_, impedance], id)| (id, impedance)).collect();
        let analysis = Analysis::Scattering(Scattering { sweep, ports });
        self.circuit.analyses.push(AnalysisCard { analysis, span });
        Ok(())
    }

    /// `.disto dec|oct|lin points start stop [f2overf1]`
    pub fn distortion(&mut self, cursor: &mut CardCursor<'d>, span: Span) -> Result<(), Reported> {
        let sweep = self.frequency_sweep(cursor)?;
        let here = cursor.here();
        let second = if cursor.at_end() { None } else { Some(self.number_token(cursor, "the ratio of f2 to f1")?) };
        let possible = second.is_none_or(|ratio| ratio > 0.0 && ratio <= 1.0);
        self.require(possible, "f2 over f1 must be above 0 and at most 1", here)?;
        self.require(sweep.table.is_none(), "only frequencies can stand in the table of this analysis", span)?;
        self.expect_end(cursor)?;
        let analysis = Analysis::Distortion(Distortion { sweep, second });
        self.circuit.analyses.push(AnalysisCard { analysis, span });
        Ok(())
    }

    /// `.pz input+ input− output+ output− cur|vol pol|zer|pz`
    pub fn pole_zero(&mut self, cursor: &mut CardCursor<'d>, span: Span) -> Result<(), Reported> {
        if matches!(cursor.peek_word(), Some("v" | "i")) && cursor.kind_at(1) == Some(TokenKind::Open) {
            return self.pole_zero_of_source(cursor, span);
        }
        let mut nodes = [GROUND; 4];
        for node in &mut nodes {
            *node = self.port_node(cursor)?;
        }
        let word = |this: &mut Self, cursor: &mut CardCursor<'d>, what: &str| {
            let here = cursor.here();
            let found = cursor.positional_word().map(|(word, _)| word);
            found.ok_or_else(|| this.report(Diagnostic::error(format!("expected {what}")).at(here)))
        };
        let kind_span = cursor.here();
        let kind = word(self, cursor, "`cur` or `vol`")?;
        self.require(matches!(kind, "cur" | "vol"), "expected `cur` or `vol`", kind_span)?;
        let wanted_span = cursor.here();
        let wanted = word(self, cursor, "`pol`, `zer` or `pz`")?;
        self.require(matches!(wanted, "pol" | "zer" | "pz"), "expected `pol`, `zer` or `pz`", wanted_span)?;
        self.expect_end(cursor)?;
        let [input, output] = [[nodes[0], nodes[1]], [nodes[2], nodes[3]]];
        let (poles, zeros) = (wanted != "zer", wanted != "pol");
        let analysis = Analysis::PoleZero(PoleZero { input, output, by_current: kind == "cur", poles, zeros });
        self.circuit.analyses.push(AnalysisCard { analysis, span });
        Ok(())
    }

    /// HSPICE's `.pz v(out) SOURCE`: from the source to a voltage.
    fn pole_zero_of_source(&mut self, cursor: &mut CardCursor<'d>, span: Span) -> Result<(), Reported> {
        let here = cursor.here();
        let output = self.output_quantity(cursor)?;
        let source = self.input_source(cursor)?;
        self.expect_end(cursor)?;
        let OutputQuantity::Voltage(p, n) = output else {
            return Err(self.report(Diagnostic::error("the output of `.pz` is a voltage here").at(here)));
        };
        let element = self.circuit.element(source);
        let (input, by_current) = ([element.nodes[0], element.nodes[1]], element.letter == b'i');
        let card = PoleZero { input, output: [p, n], by_current, poles: true, zeros: true };
        self.circuit.analyses.push(AnalysisCard { analysis: Analysis::PoleZero(card), span });
        Ok(())
    }

    /// `.sens output [dc | ac dec|oct|lin points start stop]`, or Xyce's `.sens objfunc={output} param=r1:r,…`, over the
    /// points of `.dc`, or with `acobjfunc` over the frequencies of `.ac`.
    pub fn sensitivity(&mut self, cursor: &mut CardCursor<'d>, span: Span) -> Result<(), Reported> {
        if cursor.at_key() {
            let sweep = match self.ac_card().filter(|_| cursor.has_key("acobjfunc")) {
                Some(mut card) => Some(self.frequency_sweep(&mut card)?),
                None => None,
            };
            let along = match self.first_command(CommandKeyword::Dc).filter(|_| sweep.is_none()) {
                Some(mut card) => self.dc_sweeps(&mut card, span)?,
                None => Vec::new(),
            };
            let output = self.objective(cursor)?;
            let analysis = Analysis::Sensitivity(Sensitivity { output, sweep, along });
            self.circuit.analyses.push(AnalysisCard { analysis, span });
            return Ok(());
        }
        let output = self.output_quantity(cursor)?;
        let sweep = match cursor.peek_word() {
            Some("dc") => {
                cursor.advance();
                None
            }
            Some("ac") => {
                cursor.advance();
                Some(self.frequency_sweep(cursor)?)
            }
            _ => None,
        };
        self.expect_end(cursor)?;
        let analysis = Analysis::Sensitivity(Sensitivity { output, sweep, along: Vec::new() });
        self.circuit.analyses.push(AnalysisCard { analysis, span });
        Ok(())
    }

    /// `objfunc={v(out)} param=r1:r,…`: all sensitivities are computed, those that `param` names among them.
    fn objective(&mut self, cursor: &mut CardCursor<'d>) -> Result<OutputQuantity, Reported> {
        let mut output = None;
        while !cursor.at_end() {
            let is_objective = cursor.at_key() && matches!(cursor.peek_word(), Some("objfunc" | "acobjfunc"));
            if is_objective {
                cursor.move_to(cursor.position() + 2);
                let probe = match cursor.kind() {
                    Some(TokenKind::Expression(index)) => Some(self.deck.expression(index)),
                    _ => None,
                };
                let here = cursor.here();
                output = Some(match probe {
                    Some(Expression::Probe { kind, arguments, .. }) if matches!(&**kind, "v" | "i") => {
                        self.probed(kind, arguments, here)?
                    }
                    Some(expression) => self.computed(expression, here)?,
                    None => return Err(self.no_objective(here)),
                });
            }
            cursor.advance();
        }
        output.ok_or_else(|| self.no_objective(cursor.here()))
    }

    /// The voltage of a source that has the value of `expression`.
    fn computed(&mut self, expression: &Expression, span: Span) -> Result<OutputQuantity, Reported> {
        let value = self.behavioural_value(expression, TOP, span)?;
        let node = self.node(TOP, "objfunc", span);
        let source = self.add_made_element("bobjfunc", b'b', [node, GROUND], Box::default(), span);
        let parameter = Parameter { name: self.shared_name("v"), value, span };
        self.circuit.elements[source.0 as usize].parameters = Box::new([parameter]);
        Ok(OutputQuantity::Voltage(node, GROUND))
    }

    fn probed(&mut self, kind: &str, arguments: &[Arc<str>], span: Span) -> Result<OutputQuantity, Reported> {
        match (kind, arguments) {
            ("v", [node]) => Ok(OutputQuantity::Voltage(self.existing_node(TOP, node, span)?, GROUND)),
            ("v", [node, reference]) => {
                let reference = self.existing_node(TOP, reference, span)?;
                Ok(OutputQuantity::Voltage(self.existing_node(TOP, node, span)?, reference))
            }
            ("i", [name]) => Ok(OutputQuantity::Current(self.existing_element(TOP, name, span)?)),
            _ => Err(self.no_objective(span)),
        }
    }

    fn no_objective(&mut self, span: Span) -> Reported {
        let error = Diagnostic::error("sensitivities are those of one voltage or current").at(span);
        self.report(
            error.hint("`.sens v(out)`, `.sens v(out) ac dec 10 1 1meg`, or `.sens objfunc={v(out)} param=r1:r`"),
        )
    }

    fn port_node(&mut self, cursor: &mut CardCursor<'d>) -> Result<NodeId, Reported> {
        cursor.skip_separators();
        let here = cursor.here();
        match cursor.positional_word() {
            Some((word, span)) => self.existing_node(TOP, word, span),
            None => Err(self.report(Diagnostic::error("expected the name of a node").at(here))),
        }
    }

    /// `v(node)`, `v(node,reference)` or `i(source)`.
    pub fn output_quantity(&mut self, cursor: &mut CardCursor<'d>) -> Result<OutputQuantity, Reported> {
        let here = cursor.here();
        let kind = cursor.peek_word();
        let called = cursor.kind_at(1) == Some(TokenKind::Open);
        match kind {
            Some("v") if called => {
                cursor.move_to(cursor.position() + 2);
                let node = self.port_node(cursor)?;
                let reference = if cursor.accept(TokenKind::Comma) { self.port_node(cursor)? } else { GROUND };
                cursor.accept(TokenKind::Close);
                Ok(OutputQuantity::Voltage(node, reference))
            }
            Some("i") if called => {
                cursor.move_to(cursor.position() + 2);
                let here = cursor.here();
                let Some((word, span)) = cursor.positional_word() else {
                    return Err(self.report(Diagnostic::error("expected the name of a source").at(here)));
                };
                cursor.accept(TokenKind::Close);
                Ok(OutputQuantity::Current(self.existing_element(TOP, word, span)?))
            }
            _ => Err(self.report(Diagnostic::error("expected `v(node)`, `v(node,reference)` or `i(source)`").at(here))),
        }
    }

    fn input_source(&mut self, cursor: &mut CardCursor<'d>) -> Result<ElementId, Reported> {
        cursor.skip_separators();
        let here = cursor.here();
        let Some((word, span)) = cursor.positional_word() else {
            return Err(self.report(Diagnostic::error("expected the name of the input source").at(here)));
        };
        let id = self.existing_element(TOP, word, span)?;
        let letter = self.circuit.element(id).letter;
        self.require(matches!(letter, b'v' | b'i'), "the input must be a V or I source", span)?;
        Ok(id)
    }
}
