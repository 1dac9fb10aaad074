//! The `ferrospice` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    ferrospice::cli::main()
}
