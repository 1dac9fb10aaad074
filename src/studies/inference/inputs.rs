//! What a study names is read: images, weights, card.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::card::{Card, ReadCells};
use super::mapping::Range;
use super::neuron::NeuronDeck;
use super::pulses::{self, Pulses};
use super::reference::Reference;
use super::stages::Setup;
use super::study::{Cells, Data, Method, NamedSet, Study};
use super::wires::Transfers;
use super::writing::Programmer;
use crate::diagnostic::{Diagnostic, Report};
use crate::network::data_set::{FASHION_MNIST, test_files};
use crate::network::{Examples, Network, weights};

/// What several variants share.
pub struct Inputs {
    /// What they were read for.
    study: Study,
    pub network: Network,
    pub examples: Examples,
    pub reference: Reference,
    card: Option<Card>,
    pub range: Range,
    cells: Option<Arc<ReadCells>>,
    neuron: Option<NeuronDeck>,
    /// Of the bytes of all files that were read.
    pub digest: String,
}

impl Inputs {
    /// Reads the files that `study` names, relative to `folder`.
    ///
    /// # Errors
    /// A file is missing or broken, or they do not fit each other.
    pub fn read(study: &Study, folder: &Path) -> Result<Inputs, Report> {
        let files: Vec<PathBuf> = study.network.weights.paths().iter().map(|path| folder.join(path)).collect();
        if let Some(missing) = files.iter().find(|file| !file.is_file()) {
            return Err(Report::message(no_weights(missing)));
        }
        let network = weights::read(&files).map_err(Report::message)?;
        let [images, labels] = test_files(&data_folder(&study.data, folder)).map_err(Report::message)?;
        let examples = examples(study, &network, &images, &labels).map_err(Report::message)?;
        let card = Card::read(&study.device, folder)?;
        let range = range(study, card.as_ref()).map_err(Report::message)?;
        let cells = match &card {
            Some(card) if study.array.cells == Cells::Device || study.validation.transient_images > 0 => {
                Some(Arc::new(ReadCells::new(card, range, study.input.read_voltage)?))
            }
            _ => None,
        };
        let neuron = NeuronDeck::read(&study.neuron, folder)?;
        let decks = study.device.file.iter().chain(&study.neuron.deck).map(|file| folder.join(file));
        let all = files.into_iter().chain([images, labels]).chain(decks);
        let digest = digest(all).map_err(Report::message)?;
        let kept = study.input.calibration.max(study.validation.images);
        let reference = Reference::new(&network, &examples, kept);
        Ok(Inputs { study: study.clone(), network, examples, reference, card, range, cells, neuron, digest })
    }

    /// Whether these are what `study` needs.
    pub fn serve(&self, study: &Study) -> bool {
        let own = &self.study;
        own.data == study.data
            && own.network == study.network
            && own.device == study.device
            && own.array.cells == study.array.cells
            && own.neuron == study.neuron
            && own.input == study.input
            && own.validation == study.validation
            && own.programming.method == study.programming.method
            && (own.programming.method == Method::Decreed || own.programming.pulses == study.programming.pulses)
    }

    /// What programs the cells of `study` by pulses, if it asks for that.
    pub fn programmer(&self, study: &Study) -> Option<Pulses<'_>> {
        Pulses::new(study, self.card.as_ref())
    }

    pub fn setup<'a>(&'a self, transfers: &'a Transfers, programmer: Option<&'a dyn Programmer>) -> Setup<'a> {
        Setup {
            network: &self.network,
            examples: &self.examples,
            reference: &self.reference,
            range: self.range,
            device: self.cells.clone(),
            card: self.card.as_ref(),
            neuron: self.neuron.as_ref(),
            programmer,
            transfers,
        }
    }
}

fn no_weights(missing: &Path) -> Diagnostic {
    Diagnostic::error(format!("there are no weights `{}`", missing.display()))
        .hint("`network.weights` is relative to the study")
        .hint("`ferrospice train -o weights.safetensors` makes some")
}

/// The folder with the images: one that is named, one that comes with the program, or where Debian installs it.
fn data_folder(data: &Data, folder: &Path) -> PathBuf {
    if let Some(dir) = &data.dir {
        return folder.join(dir);
    }
    let name = match data.set {
        NamedSet::FashionMnist => "fashion_mnist",
        NamedSet::Mnist => "mnist",
    };
    // Above a relative folder there is more than its name tells.
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
    let shipped = Path::new("data").join(name);
    let places = absolute.ancestors().map(|place| place.join(&shipped)).chain([shipped.clone()]);
    places.into_iter().find(|place| test_files(place).is_ok()).unwrap_or_else(|| match data.set {
        NamedSet::FashionMnist => PathBuf::from(FASHION_MNIST),
        NamedSet::Mnist => shipped,
    })
}

fn examples(study: &Study, network: &Network, images: &Path, labels: &Path) -> Result<Examples, Diagnostic> {
    let sizes = network.sizes();
    let examples = Examples::read(images, labels, sizes[sizes.len() - 1])?;
    if examples.inputs() != sizes[0] {
        let (pixels, inputs) = (examples.inputs(), sizes[0]);
        return Err(Diagnostic::error(format!("the images have {pixels} pixels but the network {inputs} inputs"))
            .hint("do the weights belong to these images?"));
    }
    Ok(match study.data.images {
        Some(count) => examples.first(count),
        None => examples,
    })
}

fn range(study: &Study, card: Option<&Card>) -> Result<Range, Diagnostic> {
    let device = &study.device;
    let [least, most] = match (device.g_min, device.g_max, card) {
        (Some(least), Some(most), _) => [least, most],
        (least, most, Some(card)) => {
            let ends = pulses::range(study, card)?.unwrap_or([card.range.least, card.range.most]);
            [least.unwrap_or(ends[0]), most.unwrap_or(ends[1])]
        }
        _ => [0.0; 2],
    };
    if least < most {
        return Ok(Range { least, most });
    }
    Err(Diagnostic::error(format!("the smallest conductance, {least} S, is not below the largest, {most} S")))
}

/// SHA-256 of the contents of files, one after the other.
fn digest(files: impl Iterator<Item = PathBuf>) -> Result<String, Diagnostic> {
    let mut hash = Sha256::new();
    for file in files {
        let bytes = std::fs::read(&file)
            .map_err(|error| Diagnostic::error(format!("cannot read `{}`: {error}", file.display())))?;
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(&bytes);
    }
    Ok(hexadecimal(&hash.finalize()))
}

/// Bytes as text.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
