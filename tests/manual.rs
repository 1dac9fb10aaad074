//! The manual cannot go stale: what is committed is what the tables of the program give.

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use ferrospice::cli::manual::reference;
use ferrospice::devices::registry;

const UPDATE: &str = "run `cargo run -- manual -o docs/reference` and commit docs/reference";

#[test]
fn committed_pages_are_those_of_the_program() {
    let folder = Path::new("docs/reference");
    for page in reference() {
        let file = folder.join(&page.path);
        let committed = fs::read_to_string(&file).unwrap_or_default();
        assert!(committed == page.file(), "{} is out of date: {UPDATE}", file.display());
    }
}

#[test]
fn no_page_is_left_over() {
    let made: BTreeSet<String> = reference().into_iter().map(|page| page.path).collect();
    for folder in ["", "devices/"] {
        for entry in fs::read_dir(Path::new("docs/reference").join(folder)).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{folder}{}", entry.file_name().to_string_lossy());
            assert!(entry.path().is_dir() || made.contains(&path), "docs/reference/{path} is made by nothing");
        }
    }
}

#[test]
fn the_contents_name_every_page() {
    let contents = fs::read_to_string("docs/SUMMARY.md").unwrap();
    for page in reference() {
        assert!(contents.contains(&format!("(reference/{})", page.path)), "docs/SUMMARY.md lacks {}", page.path);
    }
}

#[test]
fn every_device_has_its_page() {
    let paths: BTreeSet<String> = reference().into_iter().map(|page| page.path).collect();
    for (letter, kinds, page) in registry::pages() {
        let what = format!("{} {kinds:?}", char::from(letter));
        assert!(paths.contains(&format!("devices/{}.md", page.file)), "{what}");
        assert!(!page.title.is_empty() && !page.card.is_empty() && !page.texts.is_empty(), "{what}");
        assert!(page.texts.iter().all(|text| text.len() > 40), "{what}: the comment of a file is missing");
        for parameter in page.element.iter().chain(page.models.iter().flat_map(|model| model.others)) {
            assert!(!parameter.description.is_empty(), "{what}: {:?}", parameter.names);
        }
        for parameter in page.models.iter().flat_map(|model| model.numbers) {
            assert!(!parameter.description.is_empty(), "{what}: {:?}", parameter.names);
        }
        for quantity in page.quantities {
            assert!(!quantity.description.is_empty(), "{what}: {}", quantity.name);
        }
    }
}

#[test]
fn devices_of_ngspice_that_pages_name_are_there() {
    let known = ferrospice::manual::ngspice_devices();
    for (_, _, page) in registry::pages() {
        for name in page.ngspice {
            assert!(known.contains(name), "{}: ngspice has no `{name}`", page.file);
        }
    }
}

/// Targets of Markdown's links in `text`, without those to the web.
fn links(text: &str) -> Vec<String> {
    let targets = text.match_indices("](").map(|(at, found)| &text[at + found.len()..]);
    let targets = targets.filter_map(|rest| rest.split_once(')').map(|(target, _)| target.to_string()));
    targets.filter(|target| !target.starts_with("http")).collect()
}

/// The anchor that mdBook makes of a heading.
fn anchor(heading: &str) -> String {
    let kept = |c: char| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || matches!(c, '-' | '_') => Some(c.to_ascii_lowercase()),
        _ => None,
    };
    heading.trim_start_matches('#').trim().chars().filter_map(kept).collect()
}

#[test]
fn links_within_the_manual_lead_somewhere() {
    let mut files: Vec<_> = ["docs", "docs/reference", "docs/reference/devices"]
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    files.sort();
    assert!(files.len() > 40, "{}", files.len());
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for link in links(&text) {
            let (path, part) = link.split_once('#').unwrap_or((&link, ""));
            let target = if path.is_empty() { file.clone() } else { file.parent().unwrap().join(path) };
            assert!(target.is_file(), "{} links to {link}", file.display());
            let inside = target.canonicalize().unwrap().starts_with(Path::new("docs").canonicalize().unwrap());
            assert!(inside, "{} links to {link}, which is not in the book", file.display());
            let headings = fs::read_to_string(&target).unwrap_or_default();
            let found = headings.lines().any(|line| line.starts_with('#') && anchor(line) == part);
            assert!(part.is_empty() || found, "{} links to {link}", file.display());
        }
    }
}

#[test]
fn no_description_has_an_empty_table_cell_in_front() {
    for page in reference() {
        for line in page.text.lines() {
            assert!(!line.starts_with("|  |"), "{}: {line}", page.path);
        }
    }
}

#[test]
fn a_name_is_that_of_one_parameter() {
    for (letter, kinds, page) in registry::pages() {
        let what = format!("{} {kinds:?}", char::from(letter));
        for model in page.models {
            let numbers = model.numbers.iter().flat_map(|parameter| parameter.names);
            let all: Vec<&str> = numbers.chain(model.others.iter().flat_map(|other| other.names)).copied().collect();
            for (index, name) in all.iter().enumerate() {
                assert!(!all[..index].contains(name), "{what}: `{name}` stands twice in {}", model.title);
            }
        }
    }
}

#[test]
fn noise_sources_are_those_that_pages_name() {
    let cards = [
        ("resistor", "r1", "r1 a 0 1k rm\n.model rm r(kf=1e-12 af=2)"),
        ("diode", "d1", "d1 a 0 dm\n.model dm d(rs=10 kf=1e-12)"),
        ("jfet", "j1", "j1 a 0 0 jm\n.model jm njf(rd=10 rs=10 kf=1e-12)"),
        ("bipolar", "q1", "q1 a b 0 qm\nv2 b 0 0.65\n.model qm npn(rb=100 rc=10 re=1 kf=1e-12)"),
        (
            "vbic",
            "q1",
            "q1 a b 0 qm\nv2 b 0 0.65\n.model qm npn(level=4 rcx=10 rbx=100 re=1 rs=10 isp=1e-16 ibenp=1e-15 kfn=1e-12)",
        ),
        (
            "hicum",
            "q1",
            "q1 a b 0 qm\nv2 b 0 0.8\n.model qm npn(level=8 rcx=10 rbx=10 rbi0=10 re=1 rsu=10 ibeps=1e-19 ibcxs=1e-18 iscs=1e-18 favl=10 qavl=1e-15 cjci0=1f kf=1e-12 kfre=1e-12)",
        ),
        ("mesa", "z1", "z1 a 0 0 zm\n.model zm nmf(level=2 rd=10 rs=10 rg=10 ri=10 rf=10)"),
        ("hfet1", "z1", "z1 a b 0 zm\nv2 b 0 0.5\n.model zm nhfet(level=5 rd=10 rs=10 rg=10 ri=10 rf=10)"),
        (
            "mosfet",
            "m1",
            "m1 a b 0 0 mm l=1u w=10u\nv2 b 0 1.5\n.model mm nmos(vto=0.5 kp=50u rd=10 rs=10 kf=1e-25 tox=10n)",
        ),
        (
            "bsim1",
            "m1",
            "m1 a b 0 0 mm l=1u w=10u\nv2 b 0 1.5\n.model mm nmos(level=4 rsh=10 kf=1e-25 tox=0.02 muz=500 mus=600 vdd=5 vfb=-0.5)",
        ),
        ("bsim2", "m1", "m1 a b 0 0 mm l=1u w=10u\nv2 b 0 1.5\n.model mm nmos(level=5 rsh=10 kf=1e-25)"),
        (
            "bsim3",
            "m1",
            "m1 a b 0 0 mm l=1u w=10u nrd=1 nrs=1\nv2 b 0 1.5\n.model mm nmos(level=8 rsh=10 kf=1e-25 noimod=2)",
        ),
        (
            "bsim4",
            "m1",
            "m1 a b 0 0 mm l=1u w=10u nrd=1 nrs=1\nv2 b 0 1.5\n.model mm nmos(level=14 rsh=10 rgatemod=1 rbodymod=1 igcmod=1 igbmod=1)",
        ),
        (
            "bsimsoi",
            "m1",
            "m1 a b 0 0 0 mm l=1u w=10u\nv2 b 0 1.5\n.model mm nmos(level=10 rsh=10 rgatemod=1 rbody=10 igcmod=1 igbmod=1 tox=3n)",
        ),
    ];
    for (file, element, text) in cards {
        let deck = format!("v1 s 0 dc 0.7 ac 1\nr0 s a 100 noisy=0\n{text}\n.noise v(a) v1 lin 1 1k 1k 1");
        let plots = common::run(&deck).runs.remove(0).plots;
        let prefix = format!("onoise_{element}_");
        let names = plots[0].header.columns.iter().map(|column| column.name.to_string());
        let found: BTreeSet<String> = names.filter_map(|name| name.strip_prefix(&prefix).map(str::to_string)).collect();
        let (_, _, page) = registry::pages().find(|(_, _, page)| page.file == file).unwrap();
        let named: BTreeSet<String> = page.noise.iter().map(|(name, _)| name.to_string()).collect();
        assert_eq!(found, named, "{file}");
    }
}
