//! The table of commands: name, what runs it, how it is written, and what it does.

use super::commands::Call;
use super::session::{Outcome, Session};
use crate::reference::Status;

/// What a command does when it is met.
#[derive(Clone, Copy)]
pub enum Action {
    Run(for<'a, 'b, 'c, 'd, 'e> fn(&'d mut Session<'a, 'b, 'c>, &'d Call<'e>) -> Outcome),
    /// The script ends.
    Quit,
    /// Nothing follows from it here.
    Nothing,
    /// It is not done, for this reason.
    Refused(&'static str),
    /// ngspice has it.
    Unknown,
}

/// A command, or several that are alike.
#[derive(Clone, Copy)]
pub struct CommandInfo {
    pub names: &'static [&'static str],
    pub action: Action,
    /// How it is written; empty if it does nothing.
    pub syntax: &'static str,
    pub meaning: &'static str,
    pub status: Status,
}

const fn command(
    names: &'static [&'static str],
    action: Action,
    syntax: &'static str,
    meaning: &'static str,
    status: Status,
) -> CommandInfo {
    CommandInfo { names, action, syntax, meaning, status }
}

/// What a method of the session does.
macro_rules! run {
    ($method:ident) => {
        Action::Run(|session, call| session.$method(call))
    };
}

/// All commands.
pub const COMMANDS: &[CommandInfo] = &[
    command(
        &["op", "dc", "ac", "tran", "noise", "tf", "pz", "sens", "sp", "disto"],
        run!(analysis_command),
        "op; tran 1u 2m; …",
        "The card of this name, on the circuit as it is now",
        Status::Same,
    ),
    command(
        &["run"],
        run!(run_cards),
        "run [file]",
        "The analyses of the deck's cards; with a file, `write` behind them",
        Status::Same,
    ),
    command(
        &["reset"],
        Action::Run(|session, _| session.reset()),
        "reset",
        "Takes back `alter` and `altermod`",
        Status::Same,
    ),
    command(
        &["alter"],
        run!(alter),
        "alter r1 = 2k; alter v1 dc = 1; alter @v1[pulse] = [ 0 1 … ]",
        "Another value, parameter or waveform of an element",
        Status::Same,
    ),
    command(&["altermod"], run!(alter_models), "altermod m1 … vto = 0.7", "A parameter of models", Status::Same),
    command(&["alterparam"], run!(alter_parameter), "alterparam p = 2", "A top-level parameter", Status::Same),
    command(
        &["option", "options"],
        run!(option),
        "option name=value …",
        "As the card, for the analyses that follow",
        Status::Same,
    ),
    command(&["save"], run!(save), "save y …", "As the card, for the analyses that follow", Status::Same),
    command(
        &["let"],
        run!(let_vector),
        "let x = expression; let x[i] = expression",
        "A vector of the current plot",
        Status::Same,
    ),
    command(&["unlet"], run!(unlet), "unlet x …", "Vectors are forgotten", Status::Same),
    command(&["define"], run!(define), "define f(a,b) expression", "A function of vectors", Status::Same),
    command(&["undefine"], run!(undefine), "undefine f …", "Functions are forgotten", Status::Same),
    command(
        &["set"],
        run!(set),
        "set name[=value]; set name = ( a b )",
        "A variable; some are options of the simulator too",
        Status::Same,
    ),
    command(&["unset"], run!(unset), "unset name …", "Variables are forgotten", Status::Same),
    command(
        &["strcmp"],
        run!(compare_texts),
        "strcmp variable text text",
        "−1, 0 or 1 as the texts are in order",
        Status::Same,
    ),
    command(
        &["setplot"],
        run!(set_plot),
        "setplot [name|new|previous|next]",
        "The current plot; without a name the list of plots",
        Status::Same,
    ),
    command(&["setscale"], run!(set_scale), "setscale vector", "The scale of the current plot", Status::Same),
    command(
        &["settype"],
        run!(set_type),
        "settype type vector …",
        "What vectors are: `time`, `frequency`, `voltage`, `current`",
        Status::Differs("other types are kept as plain numbers"),
    ),
    command(
        &["destroy"],
        run!(destroy),
        "destroy [all|name …]",
        "Plots are forgotten; without a name the current one",
        Status::Same,
    ),
    command(
        &["linearize"],
        run!(linearize),
        "linearize [vector …]",
        "A new plot at multiples of the output step",
        Status::Same,
    ),
    command(&["setseed"], run!(set_seed), "setseed n", "Seed of random numbers", Status::Same),
    command(&["echo"], run!(echo), "echo [-n] text", "Text with its variables put in", Status::Same),
    command(&["print"], run!(print), "print [line|col] expression …", "Values of expressions", Status::Same),
    command(&["display"], run!(display), "display [vector …]", "What vectors there are", Status::Same),
    command(
        &["listing"],
        Action::Run(|session, _| session.listing()),
        "listing",
        "The lines of the deck",
        Status::Differs("always the deck as written"),
    ),
    command(&["rusage"], run!(usage), "rusage", "Time used", Status::Differs("time alone")),
    command(
        &["meas", "measure"],
        run!(measure),
        "meas tran NAME …",
        "As the card, of the current plot; the result is a vector",
        Status::Same,
    ),
    command(
        &["write"],
        run!(write),
        "write [file [expression …]]",
        "A raw file; see `filetype` and `appendwrite` among the variables",
        Status::Same,
    ),
    command(
        &["wrdata"],
        run!(write_columns),
        "wrdata file expression …",
        "Columns of scale and value; see `wr_singlescale` and `wr_vecnames`",
        Status::Same,
    ),
    command(&["quit", "exit"], Action::Quit, "quit [code]", "The end of the script, with an exit code", Status::Same),
    command(
        &[
            "version",
            "bug",
            "help",
            "history",
            "unixcom",
            "rehash",
            "where",
            "inventory",
            "sysinfo",
            "nobreak",
            "label",
            "goto",
            "state",
        ],
        Action::Nothing,
        "",
        "About the interpreter itself",
        Status::Ignored,
    ),
    command(
        &["plot", "iplot", "gnuplot", "hardcopy", "asciiplot", "xgraph"],
        Action::Refused("draws nothing here: `ferrospice run DECK --plot FILE.svg` draws files"),
        "",
        "Drawings on a screen",
        Status::Absent("`ferrospice run DECK --plot FILE.svg` draws files"),
    ),
    command(
        &["shell", "rspice", "aspice", "jobs", "source", "cd", "edit"],
        Action::Refused("is not done: a script runs no other programs and scripts"),
        "",
        "Other programs and scripts",
        Status::Absent("a script runs no other programs and scripts"),
    ),
    command(
        &["fft"],
        run!(transform),
        "fft vector …",
        "A new plot with the spectrum of vectors; see `specwindow` and `specwindoworder` among the variables",
        Status::Same,
    ),
    command(
        &["psd"],
        run!(power_density),
        "psd points vector …",
        "A new plot with power densities, smoothed over so many points",
        Status::Same,
    ),
    command(
        &["spec"],
        run!(spectrum_at),
        "spec first last step vector …",
        "The same at frequencies of one's choice",
        Status::Same,
    ),
    command(
        &["fourier"],
        run!(fourier),
        "fourier fundamental vector …",
        "The table of `.four`, and vectors `fourier11`, …; see `nfreqs`, `fourgridsize` and `polydegree` among the variables",
        Status::Differs("its vector is a row of frequencies, then amplitudes, then phases"),
    ),
    command(
        &["compose"],
        run!(compose),
        "compose x values v …; compose x start=a stop=b step=c",
        "A vector from values, or from `start`, `stop`, `step`, `lin`, `log`, `dec`, `oct`, `center`, `span`, `gauss`, `unif`, `mean`, `sd`",
        Status::Same,
    ),
    command(&["load"], run!(load), "load file …", "Plots from raw files", Status::Same),
    command(&["alias"], run!(alias), "alias name command", "Another name of a command", Status::Same),
    command(&["unalias"], run!(unalias), "unalias name …", "Such names are forgotten", Status::Same),
    command(
        &["ifft"],
        Action::Unknown,
        "",
        "From a spectrum back to time",
        Status::Absent("the vectors from before `fft`"),
    ),
    command(&["cross"], Action::Unknown, "", "A vector from values of others", Status::Absent("`let`")),
    command(&["reshape", "transpose"], Action::Unknown, "", "Vectors of several dimensions", Status::Absent("")),
    command(&["deftype"], Action::Unknown, "", "New types", Status::Absent("")),
    command(&["diff"], Action::Unknown, "", "Compares plots", Status::Absent("`.check`")),
    command(&["pss"], Action::Unknown, "", "Periodic steady states", Status::Absent("")),
    command(
        &["show"],
        run!(show),
        "show [element|letter …] [: parameter …]",
        "What stands on the cards of elements",
        Status::Differs("one element below the other, without parameters that are not given and without currents"),
    ),
    command(
        &["showmod"],
        run!(show_models),
        "showmod [model|element …] [: parameter …]",
        "What stands on the cards of models",
        Status::Differs("parameters that are not given are left out"),
    ),
    command(&["devhelp"], Action::Unknown, "", "Parameters of devices", Status::Absent("this manual")),
    command(
        &["stop"],
        run!(stop),
        "stop [after points] [when vector > value] …",
        "Transient analyses pause where all of it holds (`=`, `<>`, `>`, `<`, `>=`, `<=`, or `eq` to `le`); `when time = …` is met exactly",
        Status::Same,
    ),
    command(
        &["resume"],
        run!(resume),
        "resume",
        "The paused analysis goes on, on the circuit as it is now",
        Status::Same,
    ),
    command(&["step"], run!(step), "step [points]", "The same, for so many points (1)", Status::Same),
    command(&["delete"], run!(delete), "delete all; delete number …", "Breakpoints are forgotten", Status::Same),
    command(
        &["status"],
        Action::Run(|session, _| session.status()),
        "status",
        "What breakpoints there are",
        Status::Same,
    ),
    command(
        &["trace"],
        Action::Unknown,
        "",
        "Values at every point while an analysis runs",
        Status::Absent("`print` behind it"),
    ),
    command(
        &["circbyline", "mc_source", "remcirc", "setcirc"],
        Action::Unknown,
        "",
        "Several circuits",
        Status::Absent("one deck for each run"),
    ),
    command(
        &["snload", "snsave"],
        Action::Unknown,
        "",
        "States in files",
        Status::Absent("`ferrospice run --checkpoint`"),
    ),
    command(&["optran"], Action::Unknown, "", "Operating point by a transient analysis", Status::Absent("")),
    command(&["getcwd"], Action::Unknown, "", "The folder", Status::Absent("")),
    command(
        &["wrs2p"],
        run!(write_touchstone),
        "let Rbase = 50; wrs2p [file]",
        "The scattering parameters of two ports as a file of Touchstone",
        Status::Same,
    ),
    command(
        &["esave", "eprint", "eprvcd", "edisplay"],
        Action::Unknown,
        "",
        "Events of digital nodes",
        Status::Absent(""),
    ),
    command(&["codemodel", "osdi", "use"], Action::Unknown, "", "Libraries of models", Status::Absent("")),
];

/// The command called `name`.
pub fn named(name: &str) -> Option<&'static CommandInfo> {
    COMMANDS.iter().find(|command| command.names.contains(&name))
}

/// Words that begin and end blocks, with their meaning.
pub const BLOCKS: &[(&str, &str)] = &[
    ("if condition … [else …] end", "The first part if the condition is not 0, else the second"),
    ("while condition … end", "As long as the condition is not 0, tested before each round"),
    ("dowhile condition … end", "The same, tested after each round"),
    ("repeat [n] … end", "n times; without a number until `break`"),
    ("foreach name value … end", "Once for each value, which the variable `name` has"),
    ("break [n]", "Leaves n loops (1)"),
    ("continue [n]", "The next round of the n-th loop around (1)"),
];
