//! The pages of the devices, and their list.

use super::ManualPage;
use super::markdown::{Table, block, code, codes, number, plain, section};
use super::ngspice::{self, NgspiceDevice};
use crate::devices::construct::COMMON;
use crate::devices::page::{ModelTable, Page};
use crate::devices::parameters::NamedParameter;
use crate::devices::registry;
use crate::reference::Status;

/// What is to be said of ngspice's devices that are not here, by the beginning of their names.
const INSTEAD: &[(&str, &str)] = &[
    ("JFET2", "J with a model of level 1"),
    ("BSIM3v0", "M of level 8 (BSIM3v3.3)"),
    ("B3SOI", "M of level 8 (BSIM3v3.3), fitted"),
    ("B4SOI", "M of level 8 (BSIM3v3.3), fitted"),
    ("SOI3", "M of level 8 (BSIM3v3.3), fitted"),
    ("HiSIM", "M of level 8 (BSIM3v3.3), fitted"),
    ("N", "numerical devices are not simulated"),
    ("spice2poly", "`E1 … poly(n) …`"),
    ("adc_bridge", "only analog models are simulated"),
    ("dac_bridge", "only analog models are simulated"),
    ("bidi_bridge", "only analog models are simulated"),
    ("d_", "only analog models are simulated; logic can be an expression, `B1 out 0 v={if(v(a) > 0.5, 1, 0)}`"),
    ("real_", "only analog models are simulated"),
];

/// The list of devices and a page for each.
pub fn pages() -> Vec<ManualPage> {
    let mut pages = vec![list()];
    pages.extend(distinct().into_iter().map(|found| found.page()));
    pages
}

/// A page with the letters and kinds of model that it is about.
struct Found {
    page: &'static Page,
    letters: Vec<u8>,
    kinds: Vec<&'static str>,
}

/// The pages in the order of the registry.
fn distinct() -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for (letter, kinds, page) in registry::pages() {
        let place = found.iter().position(|other| other.page.file == page.file).unwrap_or(found.len());
        if place == found.len() {
            found.push(Found { page, letters: Vec::new(), kinds: Vec::new() });
        }
        if !found[place].letters.contains(&letter) {
            found[place].letters.push(letter);
        }
        let new = kinds.iter().copied().filter(|kind| !found[place].kinds.contains(kind)).collect::<Vec<_>>();
        found[place].kinds.extend(new);
    }
    found
}

fn list() -> ManualPage {
    let mut here = Table::new(&["letter", "device", "kinds of model", "ngspice"]);
    for found in distinct() {
        let page = found.page;
        let link = format!("[{}](devices/{}.md)", page.title, page.file);
        here.row([found.letters(), link, codes(&found.kinds), page.status.text()]);
    }
    let covered: Vec<&str> = registry::pages().flat_map(|(_, _, page)| page.ngspice.iter().copied()).collect();
    let mut absent = Table::new(&["ngspice's device", "what it is", "here"]);
    for device in ngspice::devices().iter().filter(|device| !covered.contains(&device.name)) {
        let instead = INSTEAD.iter().find(|(begin, _)| device.name.starts_with(begin)).map_or("", |(_, text)| text);
        absent.row([code(device.name), device.description.into(), Status::Absent(instead).text()]);
    }
    let text = "The first letter of an element says what it is; where a letter has several devices, the kind of its model does. \
                X is a subcircuit.\n\n";
    let text = format!("{text}{}{}", here.finish(), section("Devices of ngspice that are not here", &absent.finish()));
    ManualPage::new("devices.md", "Devices", text)
}

impl Found {
    fn letters(&self) -> String {
        self.letters
            .iter()
            .map(|letter| code(&char::from(letter.to_ascii_uppercase()).to_string()))
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn page(&self) -> ManualPage {
        let Page { card, texts, .. } = self.page;
        let theirs = ngspice::united(self.page.ngspice);
        let mut text = block(card);
        text.push_str(&self.standing());
        for comment in *texts {
            text.push_str(plain(comment).trim_end());
            text.push_str("\n\n");
        }
        text.push_str(&self.element(&theirs));
        for model in self.page.models {
            text.push_str(&self.model(model, &theirs));
        }
        text.push_str(&self.quantities(&theirs));
        text.push_str(&self.noise());
        text.push_str(&self.absent(&theirs));
        ManualPage::new(format!("devices/{}.md", self.page.file), self.page.title, text)
    }

    fn standing(&self) -> String {
        let theirs = match self.page.ngspice {
            [] => String::new(),
            names => format!(" (there {})", codes(names)),
        };
        let kinds = match &self.kinds[..] {
            [] => String::new(),
            kinds => format!("Kinds of model: {}. ", codes(kinds)),
        };
        format!("Letter: {}. {kinds}Against ngspice{theirs}: {}.\n\n", self.letters(), self.page.status.text())
    }

    /// A table whose last column is about ngspice, if ngspice has the device.
    fn table(&self, headings: &[&str]) -> Table {
        let with = [headings, &["ngspice"]].concat();
        Table::new(if self.page.ngspice.is_empty() { headings } else { &with })
    }

    /// Adds a row to such a table.
    fn row<const N: usize>(&self, table: &mut Table, cells: [String; N], status: String) {
        let status = (!self.page.ngspice.is_empty()).then_some(status);
        table.row(cells.into_iter().chain(status));
    }

    /// How a parameter called `names` stands against those of ngspice.
    fn status(&self, names: &[&str], without_effect: bool, theirs: &[&str]) -> String {
        if without_effect {
            return Status::Ignored.text();
        }
        if let Some((_, how)) = self.page.differences.iter().find(|(name, _)| names.contains(name)) {
            return Status::Differs(how).text();
        }
        let known = names.iter().any(|name| theirs.contains(name));
        if known { Status::Same } else { Status::OnlyHere }.text()
    }

    fn element(&self, theirs: &NgspiceDevice) -> String {
        let mut table = self.table(&["name", "unit", "default", "meaning"]);
        for parameter in self.page.element.iter().chain(COMMON) {
            self.named(&mut table, parameter, &theirs.card);
        }
        section("Parameters of the element", &table.finish())
    }

    fn named(&self, table: &mut Table, parameter: &NamedParameter, theirs: &[&str]) {
        let NamedParameter { names, unit, default, description, without_effect } = *parameter;
        let status = self.status(names, without_effect, theirs);
        self.row(table, [codes(names), unit.into(), default.into(), description.into()], status);
    }

    fn model(&self, model: &ModelTable, theirs: &NgspiceDevice) -> String {
        let mut table = self.table(&["name", "unit", "default", "meaning"]);
        for info in model.numbers {
            let status = self.status(info.names, info.without_effect, &theirs.model);
            let cells = [codes(info.names), info.unit.into(), number(info.default), info.description.into()];
            self.row(&mut table, cells, status);
        }
        for parameter in model.others {
            self.named(&mut table, parameter, &theirs.model);
        }
        section(&format!("Parameters of the model: {}", model.title), &table.finish())
    }

    fn quantities(&self, theirs: &NgspiceDevice) -> String {
        let letter = char::from(self.letters.first().copied().unwrap_or(b'x'));
        let mut table = self.table(&["name", "unit", "meaning"]);
        for quantity in self.page.quantities {
            let status = self.status(&[quantity.name], false, &theirs.shown);
            let name = code(&format!("@{letter}1[{}]", quantity.name));
            self.row(&mut table, [name, quantity.unit.into(), quantity.description.into()], status);
        }
        section("What can be saved", &table.finish())
    }

    fn noise(&self) -> String {
        let mut table = Table::new(&["source", "A²/Hz"]);
        for (name, density) in self.page.noise {
            let name = if name.is_empty() { "the only one".into() } else { code(name) };
            table.row([name, density.to_string()]);
        }
        section("Noise", &table.finish())
    }

    /// Names of ngspice's device that are not here.
    fn absent(&self, theirs: &NgspiceDevice) -> String {
        let model = self.page.models.iter().flat_map(|model| {
            let numbers = model.numbers.iter().flat_map(|info| info.names);
            numbers.chain(model.others.iter().flat_map(|parameter| parameter.names))
        });
        let model: Vec<&str> = model.chain(&self.kinds).copied().collect();
        let card: Vec<&str> =
            self.page.element.iter().chain(COMMON).flat_map(|parameter| parameter.names).copied().collect();
        let shown: Vec<&str> = self.page.quantities.iter().map(|quantity| quantity.name).collect();
        let mut text = String::new();
        let parts = [
            ("of the element", &theirs.card, card),
            ("of the model", &theirs.model, model),
            ("to be saved", &theirs.shown, shown),
        ];
        for (what, theirs, ours) in parts {
            let is_missing = |name: &&&str| !ours.contains(*name) && !self.is_written_otherwise(name);
            let names: Vec<&str> = theirs.iter().filter(is_missing).copied().collect();
            if !names.is_empty() {
                text.push_str(&format!("- {what}: {}\n", codes(&names)));
            }
        }
        section("In ngspice and not here", &text)
    }

    /// Whether ngspice's name is that of something that stands on the card in another form, or of the letter's model, or of a node.
    fn is_written_otherwise(&self, name: &str) -> bool {
        let is_node = name.contains("node");
        let is_kind = name.len() == 1 && self.letters.contains(&name.as_bytes()[0]);
        is_node || is_kind || self.page.otherwise.contains(&name)
    }
}
