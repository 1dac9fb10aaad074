//! What ngspice calls a vector in its raw files, and of which type it says that it is.
//!
//! ngspice tells the type from the name: a quantity of a device by its first letter (`@m1[gm]` an admittance, `@m1[cd]` a capacitance,
//! though it is a current), anything else that it does not know a voltage, `Transfer_function` and `pole(1)` too. What is of the type
//! voltage or current stands in `v(…)` or `i(…)`: `v(@m1[vgs])`, `i(@m1[id])`, `v(onoise_total)`.

use super::plot::{Column, VectorKind};

/// Plots whose vectors are numbers rather than waves.
const TABLES: [&str; 4] = ["Integrated Noise", "Pole-Zero Analysis", "Sensitivity Analysis", "Transfer Function"];

/// The type of a vector called `name`, of a plot called `plot`, that is of `kind`.
pub fn type_in_ngspice(plot: &str, name: &str, kind: VectorKind) -> VectorKind {
    match quantity_of(name) {
        Some(quantity) => type_of_quantity(quantity),
        None if kind == VectorKind::Other && TABLES.contains(&plot) => VectorKind::Voltage,
        None => kind,
    }
}

/// What stands in the brackets of `@m1[gm]`.
fn quantity_of(name: &str) -> Option<&str> {
    name.strip_prefix('@')?.strip_suffix(']')?.split_once('[').map(|(_, quantity)| quantity)
}

fn type_of_quantity(quantity: &str) -> VectorKind {
    match quantity.as_bytes().first() {
        _ if quantity == "p" => VectorKind::Power,
        Some(b'g') => VectorKind::Admittance,
        Some(b'c') => VectorKind::Capacitance,
        Some(b'i') => VectorKind::Current,
        Some(b'q') => VectorKind::Charge,
        _ => VectorKind::Voltage,
    }
}

/// Name and type of a column of a plot called `plot`.
pub fn in_ngspice(plot: &str, column: &Column) -> (String, VectorKind) {
    let name = &column.name;
    let kind = type_in_ngspice(plot, name, column.kind);
    let is_bare =
        quantity_of(name).is_some() || TABLES.contains(&plot) && !name.starts_with("v(") && !name.starts_with("i(");
    let name = match kind {
        VectorKind::Voltage if is_bare => format!("v({})", with_capitals(plot, name)),
        VectorKind::Current if is_bare => format!("i({name})"),
        _ => name.clone(),
    };
    (name, kind)
}

/// The three names in which case differs, though nothing else tells them apart by it.
fn with_capitals(plot: &str, name: &str) -> String {
    let name = name.to_string();
    if plot != "Transfer Function" {
        return name;
    }
    let name = name.replace("transfer_function", "Transfer_function");
    name.replace("#input_impedance", "#Input_impedance").replace("#output_impedance", "#Output_impedance")
}

/// `i(@m1[id])` → `@m1[id]`: a name of a raw file as everything else has it.
pub fn from_ngspice(name: &str) -> &str {
    let inner = name.strip_prefix("i(").or(name.strip_prefix("v(")).and_then(|rest| rest.strip_suffix(')'));
    inner.filter(|inner| quantity_of(inner).is_some()).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_ngspice_39() {
        let named = |plot: &str, name: &str, kind| {
            let (name, kind) = in_ngspice(plot, &Column { name: name.into(), kind });
            format!("{name} {}", kind.name())
        };
        let of_device = |name| named("Operating Point", name, VectorKind::Other);
        assert_eq!(of_device("@m1[id]"), "i(@m1[id]) current");
        assert_eq!(of_device("@m1[vgs]"), "v(@m1[vgs]) voltage");
        assert_eq!(from_ngspice("i(@m1[id])"), "@m1[id]");
        assert_eq!(from_ngspice("v(out)"), "v(out)");
        assert_eq!(of_device("@m1[gm]"), "@m1[gm] admittance");
        assert_eq!(of_device("@m1[cbd]"), "@m1[cbd] capacitance");
        assert_eq!(of_device("@m1[qg]"), "@m1[qg] charge");
        assert_eq!(of_device("@r1[p]"), "@r1[p] power");
        assert_eq!(of_device("@r1[resistance]"), "v(@r1[resistance]) voltage");
        assert_eq!(named("Operating Point", "x(m1)", VectorKind::Other), "x(m1) notype");
        assert_eq!(named("Integrated Noise", "onoise_total", VectorKind::Current), "i(onoise_total) current");
        assert_eq!(named("Transfer Function", "transfer_function", VectorKind::Other), "v(Transfer_function) voltage");
        assert_eq!(named("Integrated Noise", "v(onoise_total)", VectorKind::Voltage), "v(onoise_total) voltage");
        assert_eq!(named("Sensitivity Analysis", "frequency", VectorKind::Frequency), "frequency frequency");
    }
}
