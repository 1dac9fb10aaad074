//! What ngspice 39 has: its devices and the names of their parameters, as its `devhelp` lists them.

/// A device of ngspice.
#[derive(Debug, Clone, Default)]
pub struct NgspiceDevice {
    pub name: &'static str,
    pub description: &'static str,
    /// Parameters of model cards.
    pub model: Vec<&'static str>,
    /// Parameters of the element's card.
    pub card: Vec<&'static str>,
    /// Quantities that can be saved.
    pub shown: Vec<&'static str>,
}

const LISTING: &str = include_str!("ngspice.txt");

/// All devices, in ngspice's order.
pub fn devices() -> Vec<NgspiceDevice> {
    let mut devices: Vec<NgspiceDevice> = Vec::new();
    for line in LISTING.lines() {
        let mut words = line.split_whitespace();
        let (kind, device) = (words.next(), devices.last_mut());
        match (kind, device) {
            (Some("device"), _) => {
                let name = words.next().unwrap_or_default();
                let description = line.splitn(3, ' ').nth(2).unwrap_or_default();
                devices.push(NgspiceDevice { name, description, ..NgspiceDevice::default() });
            }
            (Some("model"), Some(device)) => device.model = words.collect(),
            (Some("card"), Some(device)) => device.card = words.collect(),
            (Some("shown"), Some(device)) => device.shown = words.collect(),
            _ => {}
        }
    }
    devices
}

/// The devices called `names` as one.
pub fn united(names: &[&str]) -> NgspiceDevice {
    let mut all = NgspiceDevice::default();
    for device in devices().into_iter().filter(|device| names.contains(&device.name)) {
        for (to, from) in [(&mut all.model, device.model), (&mut all.card, device.card), (&mut all.shown, device.shown)]
        {
            let new: Vec<&str> = from.into_iter().filter(|name| !to.contains(name)).collect();
            to.extend(new);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_listing_is_read() {
        let all = devices();
        assert!(all.len() > 90, "{}", all.len());
        let diode = all.iter().find(|device| device.name == "Diode").unwrap();
        assert_eq!(diode.description, "Junction Diode model");
        assert!(diode.model.contains(&"cjo") && diode.card.contains(&"area") && diode.shown.contains(&"id"));
        assert!(united(&["Mos1", "Mos3"]).model.contains(&"kappa"));
    }
}
