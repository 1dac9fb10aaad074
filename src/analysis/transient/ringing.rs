//! The trapezoidal rule's ringing, recognised.
//!
//! After a jump the rule can leave dq/dt alternating from step to step around its true value, without damping. A row
//! whose dq/dt changes direction at every one of several steps by more than its tolerance rings; some BDF2 steps damp it.

use super::history::History;
use crate::circuit::Options;
use crate::numerics::tape::Tape;

/// Steps in a row with alternating change that count as ringing.
const ALTERNATIONS: u8 = 4;

/// Damped steps after ringing was seen.
const DAMPED_STEPS: u8 = 3;

/// Watches the derivatives of all charges.
pub struct RingingGuard {
    enabled: bool,
    /// Per dynamic row: change of dq/dt over the last step, and how often in a row it has changed sign.
    rows: Vec<(f64, u8)>,
    damped_steps: u8,
}

impl RingingGuard {
    pub fn new(rows: usize, enabled: bool) -> Self {
        RingingGuard { enabled, rows: vec![(0.0, 0); rows], damped_steps: 0 }
    }

    /// Writes what has been seen, or reads it back.
    pub fn memory(&mut self, tape: &mut Tape) {
        for (change, alternations) in &mut self.rows {
            tape.number(change);
            let mut count = usize::from(*alternations);
            tape.count(&mut count);
            *alternations = count as u8;
        }
        let mut steps = usize::from(self.damped_steps);
        tape.count(&mut steps);
        self.damped_steps = steps as u8;
    }

    /// The next step shall be a damped one.
    pub fn is_damping(&self) -> bool {
        self.damped_steps > 0
    }

    /// Looks at the step that is being accepted.
    pub fn observe(&mut self, history: &History, rows: &[u32], step: f64, options: &Options) {
        self.damped_steps = self.damped_steps.saturating_sub(1);
        if !self.enabled || history.depth() < 2 {
            return;
        }
        let (old, new) = (history.derivative(), history.new_derivative());
        for (&row, (change, alternations)) in rows.iter().zip(&mut self.rows) {
            let row = row as usize;
            let now = new[row] - old[row];
            // Far above the tolerance, and hardly damped.
            let tolerance =
                options.reltol * new[row].abs().max(old[row].abs()) + options.abstol + options.chgtol / step;
            let alternates = now * *change < 0.0 && now.abs() > 0.5 * change.abs() && now.abs() > 10.0 * tolerance;
            *alternations = if alternates { *alternations + 1 } else { 0 };
            *change = now;
            if *alternations >= ALTERNATIONS {
                *alternations = 0;
                self.damped_steps = DAMPED_STEPS;
            }
        }
    }
}
