//! Where devices add up what they contribute to the system.

/// Where groups add up a linearisation. Index `n` of every vector and the last matrix slot take what belongs to ground.
pub struct Stamp<'a> {
    /// Unknowns, n + 1; the last is 0.
    pub x: &'a [f64],
    pub f: &'a mut [f64],
    pub q: &'a mut [f64],
    /// Sum of |f| per row, the yardstick of the residual test.
    pub magnitude: &'a mut [f64],
    /// Sum of |q| per row, the yardstick of its truncation error.
    pub stored: &'a mut [f64],
    /// Matrix values in slot order.
    pub matrix: &'a mut [f64],
    /// Factor of dq/dx per row: the leading coefficient of the integration formula, 0 for DC.
    pub leading: &'a [f64],
    /// The known part of each row's integration formula, for groups that solve for their states themselves.
    pub history: &'a [f64],
    /// Tolerance at which devices that have hardly moved are continued from their last evaluation; 0 evaluates all.
    pub bypass: f64,
}

/// Where groups add up constant Jacobians.
pub struct ConstantStamp<'a> {
    pub conductance: &'a mut [f64],
    pub capacitance: &'a mut [f64],
}
