//! Code models that are not analog, and not here: they are rejected by name.

use crate::devices::construct::Construction;
use crate::diagnostic::Diagnostic;

/// XSPICE's digital and mixed models.
pub const DIGITAL: &[&str] = &[
    "adc_bridge",
    "dac_bridge",
    "bidi_bridge",
    "d_and",
    "d_buffer",
    "d_dff",
    "d_dlatch",
    "d_fdiv",
    "d_genlut",
    "d_inverter",
    "d_jkff",
    "d_lut",
    "d_nand",
    "d_nor",
    "d_open_c",
    "d_open_e",
    "d_or",
    "d_osc",
    "d_process",
    "d_pulldown",
    "d_pullup",
    "d_pwm",
    "d_ram",
    "d_source",
    "d_srff",
    "d_srlatch",
    "d_state",
    "d_tff",
    "d_tristate",
    "d_xnor",
    "d_xor",
];

/// XSPICE's other models.
pub const OTHERS: &[&str] = &[
    "astate",
    "seegen",
    "spice2poly",
    "table2d",
    "table3d",
    "xfer",
    "real_delay",
    "real_gain",
    "real_to_v",
    "d_to_real",
];

pub fn construct_digital(mut c: Construction) {
    reject(&mut c, "is digital: only analog code models are simulated");
}

pub fn construct_other(mut c: Construction) {
    reject(&mut c, "is a code model that is not simulated here");
}

fn reject(c: &mut Construction, what: &str) {
    let Some(model) = c.model() else { return };
    let message = format!("`{}` of `{}` {what}", model.kind, c.element.name);
    let hint = "simulated are gain, summer, mult, divide, limit, int, d_dt, hyst, slew, pwl, pwlts, multi_input_pwl, aswitch, pswitch, s_xfer, delay, ilimit, climit, \
                sine, square, triangle, oneshot, filesource, core, lcouple, potentiometer, zener, sidiode, capacitoric, inductoric, cmeter, lmeter and memristor; logic can be written as an expression: B1 out 0 v={if(v(a) > 0.5, 1, 0)}";
    let error = Diagnostic::error(message).label(c.element.span, "used here").label(model.kind_span, "declared here");
    c.error(error.hint(hint));
}
