//! `.options`.

use super::card_cursor::CardCursor;
use super::{Elaborator, Reported};
use crate::circuit::options::Method;
use crate::diagnostic::{Diagnostic, Span};
use crate::netlist::token::TokenKind;

/// Options that set something here.
const KNOWN: &[&str] = &[
    "reltol",
    "abstol",
    "vntol",
    "chgtol",
    "trtol",
    "gmin",
    "gshunt",
    "rshunt",
    "pivrel",
    "pivtol",
    "method",
    "maxord",
    "itl1",
    "itl2",
    "itl4",
    "temp",
    "tnom",
    "gminsteps",
    "srcsteps",
    "defl",
    "defw",
    "defad",
    "defas",
    "interp",
    "filetype",
    "ascii",
    "numdgt",
    "seed",
    "ringing_guard",
    "minimum_step_ratio",
];

/// Options of other simulators that are without effect here.
const UNUSED: &[&str] = &[
    "acct",
    "altinit",
    "aspec",
    "autostop",
    "badmos3",
    "brief",
    "bypass",
    "chopabs",
    "choprel",
    "compat",
    "cshunt",
    "cptime",
    "dcap",
    "delmax",
    "delmin",
    "fast",
    "fft_accurate",
    "gramp",
    "hspice",
    "ic",
    "ingold",
    "itl3",
    "itl5",
    "itl6",
    "keepopinfo",
    "klu",
    "limpts",
    "limtim",
    "list",
    "lvlcod",
    "lvltim",
    "measdgt",
    "measout",
    "mem",
    "minbreak",
    "mod",
    "newtol",
    "noacct",
    "nodamp",
    "node",
    "noinit",
    "noiter",
    "nomod",
    "noopac",
    "noopiter",
    "nopage",
    "norefvalue",
    "nosqrt",
    "numthreads",
    "oldlimit",
    "opts",
    "optran",
    "parhier",
    "plotwinsize",
    "post",
    "probe",
    "ramptime",
    "rawfmt",
    "relq",
    "runlvl",
    "savecurrents",
    "scale",
    "scalm",
    "search",
    "seedinfo",
    "sparse",
    "temps",
    "threads",
    "topologycheck",
    "trytocompact",
    "unwrap",
    "vmin",
    "vmax",
    "warn",
    "wl",
    "wnflag",
    "xmu",
    "xtrtol",
];

impl<'d> Elaborator<'d> {
    pub fn options(&mut self, cursor: &mut CardCursor<'d>) -> Result<(), Reported> {
        let mut result = Ok(());
        loop {
            cursor.skip_separators();
            if cursor.at_end() {
                return result;
            }
            let span = cursor.here();
            let Some(name) = cursor.peek_word() else {
                return Err(self.report(Diagnostic::error("expected the name of an option").at(span)));
            };
            cursor.advance();
            let has_value = cursor.accept(TokenKind::Equals);
            if !KNOWN.contains(&name) {
                self.unused_option(name, span);
                if has_value {
                    cursor.advance();
                }
            } else if self.option(name, span, has_value, cursor).is_err() {
                result = Err(Reported);
            }
        }
    }

    fn unused_option(&mut self, name: &str, span: Span) {
        if UNUSED.contains(&name) {
            return;
        }
        let names = KNOWN.iter().chain(UNUSED).copied();
        self.warn(Diagnostic::warning(format!("unknown option `{name}`")).at(span).nearest(name, names));
    }

    fn option(
        &mut self,
        name: &'d str,
        span: Span,
        has_value: bool,
        cursor: &mut CardCursor<'d>,
    ) -> Result<(), Reported> {
        match name {
            "method" => return self.method(cursor),
            "filetype" => return self.file_type(cursor),
            "ascii" if !has_value => {
                self.circuit.options.ascii = true;
                return Ok(());
            }
            "interp" if !has_value => {
                self.circuit.options.interpolate = true;
                return Ok(());
            }
            "ringing_guard" if !has_value => {
                self.circuit.options.ringing_guard = true;
                return Ok(());
            }
            "seed" if cursor.peek_word() == Some("random") => {
                cursor.advance();
                return Ok(());
            }
            _ => {}
        }
        self.require(has_value, &format!("the option `{name}` needs a value"), span)?;
        let value_span = cursor.here();
        let value = self.option_value(name, cursor)?;
        self.set_option(name, value, value_span)
    }

    fn option_value(&mut self, name: &str, cursor: &mut CardCursor<'d>) -> Result<f64, Reported> {
        match cursor.peek_word() {
            Some("yes" | "true" | "on") => {
                cursor.advance();
                Ok(1.0)
            }
            Some("no" | "false" | "off") => {
                cursor.advance();
                Ok(0.0)
            }
            _ => self.number_token(cursor, &format!("a number for `{name}`")),
        }
    }

    fn set_option(&mut self, name: &str, value: f64, span: Span) -> Result<(), Reported> {
        let options = &mut self.circuit.options;
        let count = value.round().clamp(0.0, 1e9) as usize;
        let (slot, positive) = match name {
            "reltol" => (&mut options.reltol, true),
            "abstol" => (&mut options.abstol, true),
            "vntol" => (&mut options.vntol, true),
            "chgtol" => (&mut options.chgtol, true),
            "trtol" => (&mut options.trtol, true),
            "gmin" => (&mut options.gmin, false),
            "gshunt" => (&mut options.gshunt, false),
            "pivrel" => (&mut options.pivrel, true),
            "pivtol" => (&mut options.pivtol, false),
            "temp" => (&mut options.temp, false),
            "tnom" => (&mut options.tnom, false),
            "defl" => (&mut options.defl, true),
            "defw" => (&mut options.defw, true),
            "defad" => (&mut options.defad, false),
            "defas" => (&mut options.defas, false),
            "minimum_step_ratio" => (&mut options.minimum_step_ratio, true),
            "rshunt" => {
                options.gshunt = 1.0 / value;
                return self.require(value > 0.0, "`rshunt` must be greater than 0", span);
            }
            _ => return self.set_counting_option(name, value, count, span),
        };
        if positive || matches!(name, "gmin" | "gshunt" | "pivtol" | "defad" | "defas") {
            let valid = if positive { value > 0.0 } else { value >= 0.0 };
            *slot = if valid { value } else { *slot };
            let least = if positive { "greater than 0" } else { "at least 0" };
            return self.require(valid, &format!("`{name}` must be {least}"), span);
        }
        *slot = value;
        self.require(value > -273.15, "this is below absolute zero", span)
    }

    fn set_counting_option(&mut self, name: &str, value: f64, count: usize, span: Span) -> Result<(), Reported> {
        let options = &mut self.circuit.options;
        let mut least = 0;
        match name {
            "maxord" => {
                options.maxord = count;
                least = 1;
                self.require(count <= 6, "`maxord` must be at most 6", span)?;
            }
            "itl1" => (options.itl1, least) = (count, 1),
            "itl2" => (options.itl2, least) = (count, 1),
            "itl4" => (options.itl4, least) = (count, 1),
            "gminsteps" => options.gminsteps = count,
            "srcsteps" => options.srcsteps = count,
            "numdgt" => (options.numdgt, least) = (count, 1),
            "seed" => options.seed = value.max(0.0) as u64,
            "interp" => options.interpolate = value != 0.0,
            "ascii" => options.ascii = value != 0.0,
            "ringing_guard" => options.ringing_guard = value != 0.0,
            _ => {}
        }
        self.require(count >= least, &format!("`{name}` must be at least {least}"), span)
    }

    fn method(&mut self, cursor: &mut CardCursor<'d>) -> Result<(), Reported> {
        let span = cursor.here();
        let word = cursor.peek_word().unwrap_or("");
        cursor.advance();
        self.circuit.options.method = match word {
            "trap" | "trapezoidal" | "trapezoid" => Method::Trapezoidal,
            "gear" => Method::Gear,
            "trbdf2" => Method::TrBdf2,
            _ => {
                let error = Diagnostic::error(format!("unknown method `{word}`")).at(span);
                return Err(self.report(error.hint("the methods are `trap`, `gear` and `trbdf2`")));
            }
        };
        Ok(())
    }

    fn file_type(&mut self, cursor: &mut CardCursor<'d>) -> Result<(), Reported> {
        let span = cursor.here();
        let word = cursor.peek_word().unwrap_or("");
        cursor.advance();
        match word {
            "ascii" => self.circuit.options.ascii = true,
            "binary" => self.circuit.options.ascii = false,
            _ => {
                let error = Diagnostic::error(format!("unknown file type `{word}`")).at(span);
                return Err(self.report(error.hint("the file types are `ascii` and `binary`")));
            }
        }
        Ok(())
    }
}
