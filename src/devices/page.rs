//! What the manual says of a kind of device: its card, its tables, and the comment at the head of its file.

use super::device::QuantityInfo;
use super::parameters::{NamedParameter, ParameterInfo};
use crate::reference::Status;

/// The manual's page of a kind of device.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Name of the page's file, without its ending.
    pub file: &'static str,
    pub title: &'static str,
    /// How the card is written.
    pub card: &'static str,
    /// Comments at the head of the device's files: equations, noise, sources.
    pub texts: &'static [&'static str],
    /// Parameters of the element's card, without `m`, `temp` and `dtemp`.
    pub element: &'static [NamedParameter],
    /// Parameters of model cards: what the card is, its numbers, and its words and lists.
    pub models: &'static [ModelTable],
    /// What can be saved of a device beside its terminals' voltages.
    pub quantities: &'static [QuantityInfo],
    /// Names of the noise sources in `.noise`, and what they are.
    pub noise: &'static [(&'static str, &'static str)],
    pub status: Status,
    /// ngspice's names of the device, as `devhelp` lists them.
    pub ngspice: &'static [&'static str],
    /// Parameters that are in ngspice's device and mean something else there, and how.
    pub differences: &'static [(&'static str, &'static str)],
    /// Parameters of ngspice's device that stand on the card in another form, as waveforms do.
    pub otherwise: &'static [&'static str],
}

/// The parameters of a kind of model card.
#[derive(Debug, Clone, Copy)]
pub struct ModelTable {
    /// Kinds of model, or what else the card is called.
    pub title: &'static str,
    pub numbers: &'static [ParameterInfo],
    pub others: &'static [NamedParameter],
}

impl ModelTable {
    /// A card of numbers alone.
    pub const fn numbers(title: &'static str, numbers: &'static [ParameterInfo]) -> Self {
        ModelTable { title, numbers, others: &[] }
    }
}

impl Page {
    /// A page to fill in, of a device that ngspice has too.
    pub const fn new(file: &'static str, title: &'static str, card: &'static str) -> Self {
        Page {
            file,
            title,
            card,
            texts: &[],
            element: &[],
            models: &[],
            quantities: &[],
            noise: &[],
            status: Status::Same,
            ngspice: &[],
            differences: &[],
            otherwise: &[],
        }
    }
}
