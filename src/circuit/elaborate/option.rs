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
    "bypass",
    "measfail",
    "measdgt",
    "default_val",
    "nfreqs",
    "fft_mode",
    "fourgridsize",
    "polydegree",
    "minimum_step_ratio",
];

/// Options of other simulators that are without effect here.
const UNUSED: &[&str] = &[
    "absh",
    "absi",
    "absmos",
    "absv",
    "absvar",
    "acct",
    "accurate",
    "acout",
    "advconv",
    "alt999",
    "altinit",
    "artist",
    "aspec",
    "autostop",
    "autotst",
    "ba_active",
    "badmos3",
    "baudrate",
    "bkpsize",
    "brief",
    "captab",
    "cdiff",
    "chopabs",
    "choprel",
    "co",
    "compat",
    "converge",
    "cptime",
    "csdf",
    "cshunt",
    "cshunt_lt",
    "dcap",
    "dcfor",
    "dchold",
    "dcon",
    "dcstep",
    "dctran",
    "defnrd",
    "defnrs",
    "defpd",
    "defps",
    "delmax",
    "delmin",
    "delta",
    "dfflag",
    "di",
    "diagnostic",
    "distribution",
    "dmfactor",
    "dv",
    "dvdt",
    "expand",
    "expert",
    "expmax",
    "fast",
    "fastaccess",
    "fft_accurate",
    "flagloads",
    "fs",
    "ft",
    "genk",
    "gfloat",
    "gmax",
    "gmindc",
    "gminsrc",
    "gramp",
    "hspice",
    "ic",
    "icsweep",
    "imax",
    "imin",
    "ingold",
    "itl3",
    "itl5",
    "itl6",
    "itlpz",
    "itrprt",
    "kcltest",
    "keepopinfo",
    "klim",
    "klu",
    "lennam",
    "libcards",
    "limit",
    "limprobtime",
    "limpts",
    "limtim",
    "list",
    "lrisim",
    "lscale",
    "lvlcod",
    "lvltim",
    "maxamp",
    "maxstep",
    "mbypass",
    "mcbrief",
    "measout",
    "mem",
    "method_tran",
    "minbreak",
    "minclockreset",
    "mod",
    "monteccon",
    "mtthresh",
    "mu",
    "negcap",
    "newtol",
    "noacct",
    "nobias",
    "nodamp",
    "node",
    "noecho",
    "noinit",
    "noiter",
    "nomod",
    "noopac",
    "noopiter",
    "nooutmsg",
    "nopage",
    "nopiv",
    "noprint",
    "norefvalue",
    "noreuse",
    "nosqrt",
    "nosubckt",
    "notop",
    "nowarn",
    "numdgt_plot",
    "numthreads",
    "nxx",
    "off",
    "oldlimit",
    "opfile",
    "optran",
    "opts",
    "parhier",
    "pathnum",
    "pivabs",
    "pivref",
    "pivrelmax",
    "pivtolx",
    "plim",
    "plotabstol",
    "plotreltol",
    "plotvntol",
    "plotwinsize",
    "post",
    "post_version",
    "probe",
    "psf",
    "puretp",
    "ramp",
    "ramptime",
    "rarea",
    "rawfmt",
    "relh",
    "reli",
    "relmos",
    "relq",
    "relv",
    "relvar",
    "resmin",
    "runlvl",
    "savecurrents",
    "scale",
    "scalm",
    "sda",
    "search",
    "seedinfo",
    "skipbrkpnts",
    "slopetol",
    "solver",
    "sparse",
    "startup",
    "statfl",
    "stepgmin",
    "temps",
    "thev_induc",
    "thmax",
    "threads",
    "tnom_spice",
    "topologycheck",
    "traperror",
    "trcon",
    "trytocompact",
    "unwrap",
    "vamodel",
    "vfloor",
    "vmax",
    "vmin",
    "vntol_spice",
    "warn",
    "warnlimit",
    "wl",
    "wnflag",
    "worst",
    "wsort",
    "xmu",
    "xtrtol",
    "zuken",
];

/// Xyce's packages of options: the first word of its `.options` cards.
const PACKAGES: &[&str] = &[
    "device",
    "dist",
    "embeddedsamples",
    "fft",
    "hbint",
    "hbint-al",
    "linsol",
    "linsol-ac",
    "linsol-hb",
    "loca",
    "measure",
    "mpdeint",
    "nonlin",
    "nonlin-tran",
    "nonlin-hb",
    "nonlin-twolevel",
    "nonlin-twolevel-tran",
    "output",
    "output-line",
    "parser",
    "pces",
    "restart",
    "samples",
    "sensitivity",
    "timeint",
    "diagnostic",
];

impl<'d> Elaborator<'d> {
    pub fn options(&mut self, cursor: &mut CardCursor<'d>) -> Result<(), Reported> {
        let mut result = Ok(());
        cursor.skip_separators();
        let package = cursor.peek_word().filter(|word| PACKAGES.contains(word));
        if package.is_some() {
            cursor.advance();
        }
        if package == Some("restart") {
            return self.restart_options(cursor);
        }
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
            if package == Some("samples") && has_value && self.sampling_option(name, cursor)? {
                continue;
            }
            // A package's tolerances may be those of another solver.
            let meant = package.is_none_or(|package| matches!(package, "timeint" | "device" | "measure" | "fft"));
            if !KNOWN.contains(&name) || !meant {
                self.unused_option(name, span, package.is_some());
                if has_value {
                    self.skip_value(cursor);
                }
            } else if self.option(name, span, has_value, cursor).is_err() {
                result = Err(Reported);
            }
        }
    }

    /// A value, or several with commas between them.
    fn skip_value(&mut self, cursor: &mut CardCursor<'d>) {
        cursor.advance();
        while cursor.accept(TokenKind::Comma) && !cursor.at_key() {
            cursor.advance();
        }
    }

    /// Options of other simulators are named once, all together.
    fn unused_option(&mut self, name: &str, span: Span, packaged: bool) {
        if packaged || UNUSED.contains(&name) {
            if !self.unused_options.iter().any(|(other, _)| **other == *name) {
                self.unused_options.push((name.into(), span));
            }
            return;
        }
        let names = KNOWN.iter().chain(UNUSED).copied();
        self.warn(Diagnostic::warning(format!("unknown option `{name}`")).at(span).nearest(name, names));
    }

    /// The note about options that are without effect.
    pub fn note_unused_options(&mut self) {
        let Some((_, first)) = self.unused_options.first() else { return };
        let span = *first;
        let names: Vec<String> = self.unused_options.iter().map(|(name, _)| format!("`{name}`")).collect();
        let (verb, what) = if names.len() == 1 { ("is", "option") } else { ("are", "options") };
        let note = format!("the {what} {} {verb} without effect here", names.join(", "));
        self.warn(Diagnostic::note(note).at(span));
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
            "bypass" if !has_value => {
                self.circuit.options.bypass = true;
                return Ok(());
            }
            "seed" if cursor.peek_word() == Some("random") => {
                cursor.advance();
                let seed = super::random::seed_of_this_process();
                self.circuit.options.seed = seed;
                self.warn(Diagnostic::note(format!("the seed is {seed}")).at(span));
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
            "default_val" => options.measure_default = Some(value),
            "measdgt" => options.measure_digits = Some(count),
            "measfail" => options.measure_fails = value != 0.0,
            "fft_mode" => options.periodic_windows = value == 1.0,
            "nfreqs" => (options.fourier.harmonics, least) = (count, 1),
            "fourgridsize" => (options.fourier.grid, least) = (count, 2),
            "polydegree" => options.fourier.degree = count,
            "interp" => options.interpolate = value != 0.0,
            "ascii" => options.ascii = value != 0.0,
            "ringing_guard" => options.ringing_guard = value != 0.0,
            "bypass" => options.bypass = value != 0.0,
            _ => {}
        }
        self.require(count >= least, &format!("`{name}` must be at least {least}"), span)
    }

    fn method(&mut self, cursor: &mut CardCursor<'d>) -> Result<(), Reported> {
        let span = cursor.here();
        let word = cursor.peek_word().unwrap_or("");
        cursor.advance();
        self.circuit.options.method = match word {
            "trap" | "trapezoidal" | "trapezoid" | "modtrap" | "modified" | "7" => Method::Trapezoidal,
            "gear" | "bdf" | "8" => Method::Gear,
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
