//! Derivatives of a whole cell from those of its parts.

use super::part::PartPoint;
use crate::arrays::cells::{Linearised, MOST_STATES};

/// A cell of `parts` in parallel, in series with `series` ohms and a selector.
///
/// v = w + Rs·I + z differentiated, with I = Σ I_k(w, s_k) and I = I_selector(z, s): dw·(1 + R·g) = dv − R·Σ ∂I_k/∂s_k·ds_k +
/// (∂I_selector/∂s)/g_selector·ds, where R = Rs + 1/g_selector.
pub fn differentiate(parts: &[PartPoint], selector: Option<&PartPoint>, series: f64) -> Linearised {
    let count = parts.len();
    let inner_conductance: f64 = parts.iter().map(|part| part.conductance).sum();
    let resistance = series + selector.map_or(0.0, |selector| 1.0 / selector.conductance);
    let share = 1.0 / (1.0 + resistance * inner_conductance);
    let mut result = Linearised {
        current: parts.iter().map(|part| part.current).sum(),
        conductance: inner_conductance * share,
        ..Linearised::default()
    };
    // ∂w/∂s
    let mut inner_by_state = [0.0; MOST_STATES];
    for (k, part) in parts.iter().enumerate() {
        inner_by_state[k] = -resistance * part.current_by_state * share;
        result.current_by_state[k] = part.current_by_state * share;
    }
    if let Some(selector) = selector {
        inner_by_state[count] = selector.current_by_state / selector.conductance * share;
        result.current_by_state[count] = inner_conductance * inner_by_state[count];
    }
    for (k, part) in parts.iter().enumerate() {
        result.rate[k] = part.rate;
        result.rate_by_voltage[k] = part.rate_by_voltage * share;
        result.rate_by_state[k] = inner_by_state.map(|inner| part.rate_by_voltage * inner);
        result.rate_by_state[k][k] += part.rate_by_state;
    }
    if let Some(selector) = selector {
        // ∂z/∂v = 1 − ∂w/∂v − Rs·∂I/∂v
        let by_voltage = 1.0 - share - series * result.conductance;
        result.rate[count] = selector.rate;
        result.rate_by_voltage[count] = selector.rate_by_voltage * by_voltage;
        let across = |state: usize| -inner_by_state[state] - series * result.current_by_state[state];
        result.rate_by_state[count] = std::array::from_fn(|state| selector.rate_by_voltage * across(state));
        result.rate_by_state[count][count] += selector.rate_by_state;
    }
    result
}
