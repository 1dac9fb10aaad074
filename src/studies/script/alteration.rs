//! Commands that change the circuit: `alter`, `altermod`, `alterparam`, `option`, `save`, `reset`.

use std::sync::Arc;

use super::commands::Call;
use super::session::{Outcome, Session};
use super::settings::VARIABLES;
use super::variables::assignments;
use crate::circuit::{Circuit, Overrides, elaborate};
use crate::netlist::Addition;
use crate::results::scope::number_of_card;

/// What is changed, and the text of its new value.
struct Assignment {
    /// Devices or models.
    names: Vec<String>,
    parameter: Option<String>,
    value: String,
}

/// Names of the value that an element is named for.
const PRINCIPAL: &[&str] = &["resistance", "capacitance", "inductance", "gain", "transresistance", "transconductance"];

/// Waveforms whose values are given as a list.
const WAVEFORMS: &[&str] = &["pulse", "sin", "exp", "pwl", "sffm", "am", "trnoise"];

/// `r1 = 1k`, `r1 resistance = 1k`, `@r1[resistance] = 1k`, `r1 1k`, `r1 resistance 1k`, with several names for models.
fn assignment(text: &str) -> Result<Assignment, String> {
    let expected = "expected `name parameter = value`";
    let (left, value) = match text.split_once('=') {
        Some((left, value)) => (left.trim().to_string(), value.trim().to_string()),
        None => {
            // `@v1[sin] [ 0 1 ]`: the list is behind the brackets of the name.
            let name = if text.starts_with('@') { text.find(']').ok_or(expected)? } else { 0 };
            let list = text[name..].find('[').map(|at| name + at).filter(|_| text.trim_end().ends_with(']'));
            let at = list.or_else(|| text.trim_end().rfind(char::is_whitespace)).ok_or(expected)?;
            (text[..at].trim().to_string(), text[at..].trim().to_string())
        }
    };
    if value.is_empty() || left.is_empty() {
        return Err(expected.into());
    }
    if let Some(inner) = left.strip_prefix('@') {
        let (name, parameter) = inner
            .strip_suffix(']')
            .and_then(|inner| inner.split_once('['))
            .ok_or("expected `@name[parameter] = value`")?;
        return Ok(Assignment { names: vec![name.into()], parameter: Some(parameter.trim().into()), value });
    }
    let mut names: Vec<String> = left.split_whitespace().map(String::from).collect();
    let parameter = if names.len() > 1 { names.pop() } else { None };
    Ok(Assignment { names, parameter, value })
}

impl Session<'_, '_, '_> {
    /// The circuit as it is now.
    pub fn present_circuit(&mut self) -> Outcome<Arc<Circuit>> {
        if let Some(circuit) = &self.circuit {
            return Ok(circuit.clone());
        }
        let circuit = elaborate(self.deck, &self.overrides).map_err(super::session::Problem::Reported)?;
        let circuit = Arc::new(circuit);
        self.circuit = Some(circuit.clone());
        Ok(circuit)
    }

    fn number(&self, text: &str) -> Outcome<f64> {
        let value = self.value(text)?;
        match (value.len(), value.first()) {
            (1, Some(number)) => Ok(number),
            _ => Err("expected a single number".into()),
        }
    }

    /// `alter device [parameter] = value`
    pub fn alter(&mut self, call: &Call) -> Outcome {
        let assignment = assignment(&call.text.to_lowercase())?;
        let circuit = self.present_circuit()?;
        for device in &assignment.names {
            let device = device.replace(':', ".");
            if !circuit.element_index.contains_key(device.as_str()) {
                let near = crate::diagnostic::nearest(&device, circuit.element_index.keys().map(|name| &**name));
                let hint = near.map_or(String::new(), |near| format!(", did you mean `{near}`?"));
                return Err(format!("the circuit has no device `{device}`{hint}").into());
            }
            let parameter = assignment.parameter.as_deref().unwrap_or("");
            if WAVEFORMS.contains(&parameter) {
                let values = self.list(&assignment.value)?;
                self.overrides.waveforms.push((device.into(), parameter.into(), values));
                continue;
            }
            let parameter = match parameter {
                "dc" => "",
                "acmag" => "ac",
                name if PRINCIPAL.contains(&name) || name == &device[..1] => "",
                name => name,
            };
            let value = self.number(&assignment.value)?;
            self.forget_quantity(&device, parameter);
            self.overrides.elements.push((device.into(), parameter.into(), value));
        }
        Ok(())
    }

    /// What the last analysis kept of a parameter that it was not asked for is no longer the device's.
    fn forget_quantity(&mut self, device: &str, parameter: &str) {
        let is_same = |name: &str| match of_device(name) {
            Some((of, quantity)) => of == device && names_parameter(parameter, quantity),
            None => false,
        };
        self.store.current_mut().vectors.retain(|vector| !(vector.hidden && is_same(&vector.name)));
    }

    /// `[ 0 5 1u ]`
    fn list(&self, text: &str) -> Outcome<Vec<f64>> {
        let inner = text.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let inner = inner.ok_or("expected a list, as in `alter @v1[pulse] = [ 0 5 1u ]`")?;
        inner.split([' ', '\t', ',']).filter(|word| !word.is_empty()).map(|word| self.number(word)).collect()
    }

    /// `altermod model … parameter = value`
    pub fn alter_models(&mut self, call: &Call) -> Outcome {
        let assignment = assignment(&call.text.to_lowercase())?;
        let Some(parameter) = assignment.parameter.as_deref() else {
            return Err("expected `altermod model parameter = value`".into());
        };
        let value = self.number(&assignment.value)?;
        let circuit = self.present_circuit()?;
        for model in &assignment.names {
            let known = |name: &str| name == model || name.rsplit_once(':').is_some_and(|(_, local)| local == model);
            if !circuit.models.iter().any(|found| known(&found.name)) {
                return Err(format!("the circuit has no model `{model}`").into());
            }
            self.overrides.models.push((model.as_str().into(), parameter.into(), value));
        }
        Ok(())
    }

    /// `alterparam name = value`
    pub fn alter_parameter(&mut self, call: &Call) -> Outcome {
        let text = call.text.to_lowercase();
        let (name, value) = text.split_once('=').ok_or("expected `alterparam name = value`")?;
        let name: Arc<str> = name.trim().into();
        let value = self.number(value)?;
        let changed = Overrides { parameters: vec![(name.clone(), value)], ..Overrides::default() };
        elaborate(self.deck, &changed).map_err(super::session::Problem::Reported)?;
        self.overrides.parameters.retain(|(other, _)| *other != name);
        self.overrides.parameters.push((name, value));
        Ok(())
    }

    /// Takes back what `alter` and `altermod` changed.
    pub fn reset(&mut self) -> Outcome {
        self.overrides.elements.clear();
        self.overrides.models.clear();
        self.overrides.waveforms.clear();
        // Options, `set temp` too, go as well; what is saved stays.
        self.additions.retain(|addition| addition.card.starts_with(".save"));
        self.circuit = None;
        Ok(())
    }

    /// `option reltol=1e-4`; what commands go by (`option numdgt=12`) becomes their variable.
    pub fn option(&mut self, call: &Call) -> Outcome {
        for (name, value) in assignments(&call.text)? {
            let name = name.to_lowercase();
            if VARIABLES.iter().any(|(known, _)| *known == name) {
                self.variables.set(&name, value);
            }
        }
        self.add_card(format!(".options {}", call.text.to_lowercase()), call);
        Ok(())
    }

    /// `save v(out) @m1[gm]`
    pub fn save(&mut self, call: &Call) -> Outcome {
        self.add_card(format!(".save {}", call.text.to_lowercase()), call);
        Ok(())
    }

    pub fn add_card(&mut self, card: String, call: &Call) {
        let addition = Addition { card, span: call.line.span };
        // In a loop the same card comes again and again.
        self.additions.retain(|other| *other != addition);
        self.additions.push(addition);
    }

    /// `@r1[resistance]`: what stands on a device's card.
    pub fn device_quantity(&self, name: &str) -> Option<f64> {
        let (device, quantity) = of_device(name)?;
        let circuit = self.circuit.as_ref()?;
        let altered = |(element, parameter, value): &(Arc<str>, Arc<str>, f64)| {
            (**element == *device && names_parameter(parameter, quantity)).then_some(*value)
        };
        if let Some(value) = self.overrides.elements.iter().rev().find_map(altered) {
            return Some(value);
        }
        let element = circuit.element(*circuit.element_index.get(device)?);
        if let Some(parameter) = element.parameter(quantity) {
            return parameter.value.number();
        }
        let principal = PRINCIPAL.contains(&quantity) || quantity == "dc" || quantity == &device[..1];
        let value = principal.then(|| element.values.iter().find_map(|value| value.item.number())).flatten();
        value.or_else(|| number_of_card(circuit, device, quantity))
    }
}

/// Device and quantity of `@r1[resistance]`.
fn of_device(name: &str) -> Option<(&str, &str)> {
    name.strip_prefix('@')?.strip_suffix(']')?.split_once('[')
}

/// Whether `quantity` is what an alteration calls `parameter`, which is empty for a device's principal one.
fn names_parameter(parameter: &str, quantity: &str) -> bool {
    parameter == quantity || (parameter.is_empty() && PRINCIPAL.contains(&quantity))
}

#[cfg(test)]
mod tests {
    use super::assignment;

    #[test]
    fn every_spelling_of_an_assignment() {
        let parts = |text: &str| {
            let found = assignment(text).unwrap();
            (found.names.join("+"), found.parameter.unwrap_or_default(), found.value)
        };
        let owned = |a: &str, b: &str, c: &str| (a.to_string(), b.to_string(), c.to_string());
        assert_eq!(parts("r1 = 2*x + 1"), owned("r1", "", "2*x + 1"));
        assert_eq!(parts("r1 2k"), owned("r1", "", "2k"));
        assert_eq!(parts("v1 dc 5"), owned("v1", "dc", "5"));
        assert_eq!(parts("@v1[sin] = [ 0 1 1k ]"), owned("v1", "sin", "[ 0 1 1k ]"));
        assert_eq!(parts("@v1[sin] [ 0 1 1k ]"), owned("v1", "sin", "[ 0 1 1k ]"));
        assert_eq!(parts("@r1[resistance] 2k"), owned("r1", "resistance", "2k"));
        assert_eq!(parts("v1 pulse [ 0 1 ]"), owned("v1", "pulse", "[ 0 1 ]"));
        assert_eq!(parts("m1 m2 vto=0.7"), owned("m1+m2", "vto", "0.7"));
        assert!(assignment("r1 =").is_err() && assignment("r1").is_err());
    }
}
