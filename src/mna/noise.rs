//! Noise of all devices at an operating point, by element.

use super::system::System;
use crate::circuit::ElementId;
use crate::devices::noise::NoiseSource;

/// A noise current of an element.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ElementNoise {
    pub element: ElementId,
    /// The two unknowns between which the current flows; ground is [`System::len`].
    pub between: [usize; 2],
    /// Name and spectral density; [`NoiseSource::between`] holds the device's own numbers.
    pub source: NoiseSource,
}

impl System {
    /// All noise currents at `x`, those of one element after each other, with those of resistances that there are not.
    pub fn noise_sources(&self, x: &[f64]) -> Vec<ElementNoise> {
        let mut found = Vec::new();
        for (index, group) in self.groups.iter().enumerate() {
            let owners = self.assembly.owners.get(&(index as u32));
            group.noise(x, &self.environment, &mut |device, between, source| {
                if let Some(&element) = owners.and_then(|owners| owners.get(device)) {
                    found.push(ElementNoise { element, between: between.map(|unknown| unknown as usize), source });
                }
            });
        }
        let nothing = |name| NoiseSource { name, between: [0, 0], white: 0.0, flicker: 0.0, exponent: 1.0 };
        let nowhere = [self.len(); 2];
        let silent = self.assembly.silent.iter();
        found.extend(silent.map(|&(element, name)| ElementNoise { element, between: nowhere, source: nothing(name) }));
        found.sort_by_key(|noise| noise.element);
        found
    }
}
