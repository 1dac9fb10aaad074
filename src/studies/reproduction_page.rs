//! The page of `ferrospice reproduce`: one self-contained HTML file.

use std::fmt::Write;

use super::html::{self, escaped};
use super::reproduction::{Status, Target};

/// Headings by the letter of the ids.
const PAPERS: [(&str, &str, &str); 3] = [
    (
        "A",
        "Ag/α-Fe₂O₃/FTO synapse",
        "“α-Fe₂O₃-based artificial synaptic RRAM device for pattern recognition using artificial neural networks”, \
         Nanotechnology (2023)",
    ),
    (
        "B",
        "Pt/FeO/Pt memristor",
        "He et al., “Enabling an integrated rate-temporal learning scheme on memristor”, Sci. Rep. 4, 4755 (2014)",
    ),
    (
        "C",
        "A network of Ag/α-Fe₂O₃/FTO synapses",
        "The paper of the first device, its part on pattern recognition: 784–512–10 units, weights as pairs of conductances, \
         classes from bit-line currents. All figures share one σ/G_m.",
    ),
];

/// The page for `targets`, which took `seconds`.
pub fn html(targets: &[Target], seconds: f64) -> String {
    let mut page = String::new();
    let _ = write!(
        page,
        "<p>{}</p>\
         <p>Every value below is read from simulated currents and voltages of the deck or study named beside it. <em>Reproduced</em> \
         means that one parameter card per device exists which gives all of these figures at once; the cards stand at the \
         end of the page, and each target says what was assumed and which parameters were fitted to it. All of it ran in \
         {seconds:.0} s.</p>",
        summary(targets)
    );
    overview(&mut page, targets);
    for (letter, device, paper) in PAPERS {
        let of_paper: Vec<&Target> = targets.iter().filter(|target| target.id.starts_with(letter)).collect();
        if !of_paper.is_empty() {
            let _ = write!(page, "<h2>{device}</h2><p>{paper}</p>");
            of_paper.iter().for_each(|target| article(&mut page, target));
        }
    }
    let others: Vec<&Target> =
        targets.iter().filter(|target| !PAPERS.iter().any(|paper| target.id.starts_with(paper.0))).collect();
    if !others.is_empty() {
        page.push_str("<h2>Further targets</h2>");
        others.iter().for_each(|target| article(&mut page, target));
    }
    cards(&mut page, targets);
    html::page("Published figures, from simulated circuits", &page)
}

/// `27 of 28 targets pass, 3 of 4 harder rows`.
pub fn summary(targets: &[Target]) -> String {
    let count = |harder: bool| {
        let rows: Vec<&Target> = targets.iter().filter(|target| target.is_harder() == harder).collect();
        (rows.iter().filter(|target| target.status == Status::Pass).count(), rows.len())
    };
    let ((passed, all), (harder_passed, harder)) = (count(false), count(true));
    let mut text = format!("{passed} of {all} targets pass");
    if harder > 0 {
        let _ = write!(text, "; of the harder rows, counted apart, {harder_passed} of {harder}");
    }
    text + "."
}

fn overview(page: &mut String, targets: &[Target]) {
    page.push_str("<table><tr><th>Target</th><th>Figure</th><th>Simulated</th><th>Criterion</th><th></th></tr>");
    for target in targets {
        let _ = write!(
            page,
            "<tr><td><a href=\"#{0}\">{0}</a></td><td>{1}</td><td>{2}</td><td>{3}</td><td>{4}</td></tr>",
            escaped(&target.id),
            escaped(&target.figure),
            escaped(&target.value),
            escaped(&target.criterion),
            badge(target.status)
        );
    }
    page.push_str("</table>");
}

fn badge(status: Status) -> &'static str {
    match status {
        Status::Pass => "<span class=\"badge pass\">pass</span>",
        Status::Miss => "<span class=\"badge miss\">miss</span>",
    }
}

fn article(page: &mut String, target: &Target) {
    let id = escaped(&target.id);
    let _ = write!(
        page,
        "<article id=\"{id}\"><h3>{id} · {}{} {}</h3><table>",
        if is_numbered(target) { "figure " } else { "" },
        escaped(&target.figure),
        badge(target.status)
    );
    let rows = [
        ("The paper", &target.paper),
        ("Assumed", &target.assumed),
        ("Simulated", &target.value),
        ("Criterion", &target.criterion),
        ("Fitted", &target.fitted),
        ("Remark", &target.remark),
        (if target.deck.ends_with(".toml") { "Study" } else { "Deck" }, &target.deck),
    ];
    for (name, text) in rows.iter().filter(|(_, text)| !text.is_empty()) {
        let _ = write!(page, "<tr><th>{name}</th><td>{}</td></tr>", escaped(text));
    }
    page.push_str("</table>");
    target.figures.iter().for_each(|figure| page.push_str(html::figure(figure)));
    target.tables.iter().for_each(|table| page.push_str(table));
    checks(page, target);
    page.push_str("</article>");
}

/// A network's figures are named by what they show where the paper has no number for them.
fn is_numbered(target: &Target) -> bool {
    !target.deck.ends_with(".toml") || target.figure.starts_with(|c: char| c.is_ascii_digit())
}

fn checks(page: &mut String, target: &Target) {
    let failed = target.checks.iter().filter(|check| !check.result.passed).count();
    let _ = write!(
        page,
        "<details><summary>{} checks, {failed} of them failed</summary><table><tr><th>Check</th><th>Run</th>\
         <th>Demanded</th><th>Simulated</th><th></th></tr>",
        target.checks.len()
    );
    for check in &target.checks {
        let status = if check.result.passed { Status::Pass } else { Status::Miss };
        let _ = write!(
            page,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escaped(&check.result.name),
            escaped(&check.step),
            escaped(&check.result.expected),
            escaped(&check.result.simulated_text()),
            badge(status)
        );
    }
    page.push_str("</table></details>");
}

/// Every included file once.
fn cards(page: &mut String, targets: &[Target]) {
    let mut shown: Vec<&(String, String)> = Vec::new();
    for card in targets.iter().flat_map(|target| &target.cards) {
        if !shown.contains(&card) {
            shown.push(card);
        }
    }
    if !shown.is_empty() {
        page.push_str("<h2>Parameter cards, shared circuits and studies</h2>");
    }
    for (name, text) in shown {
        let _ = write!(page, "<details><summary>{}</summary><pre>{}</pre></details>", escaped(name), escaped(text));
    }
}
