//! Ctrl-C and SIGTERM: a run ends at its next point, and what there is by then is written and marked as incomplete.

use std::sync::atomic::{AtomicBool, Ordering};

/// Exit code of an interrupted command, as shells have it for Ctrl-C.
pub const EXIT_CODE: u8 = 130;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From now on the first signal asks the command to finish; a second one ends it at once.
pub fn listen() {
    // Where no handler can be set, a signal ends the program as it always did.
    let _ = ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(EXIT_CODE));
        }
    });
}

/// Whether a signal has come.
pub fn is_pending() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}
