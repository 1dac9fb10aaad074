//! Words of a command line, and the variables in them.

use super::session::Session;
use super::variables::Variable;
use crate::diagnostic::Span;
use crate::results::vectors::table::short;

/// Bytes of a line whose variables have been put in: they may contain each other.
const LONGEST_LINE: usize = 1 << 20;
/// Variables in the brackets of others.
const DEPTH_LIMIT: usize = 20;

/// The words of `text`: quoted parts belong together, and their quotes go.
pub fn split(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut quote = None;
    let mut begins = true;
    for c in text.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '"' || c == '\'' => {
                quote = Some(c);
                if std::mem::take(&mut begins) {
                    words.push(String::new());
                }
            }
            None if c.is_whitespace() => begins = true,
            _ => {
                if std::mem::take(&mut begins) {
                    words.push(String::new());
                }
                if let Some(word) = words.last_mut() {
                    word.push(c);
                }
            }
        }
    }
    words
}

/// A variable as written: `$name`, `$&vector`, `$#name`, `$?name`, perhaps with `[index]`.
struct Reference<'t> {
    /// `&`, `#` or `?`
    prefix: Option<char>,
    name: &'t str,
    index: Option<&'t str>,
    /// Bytes behind the `$`.
    length: usize,
}

fn reference(text: &str) -> Option<Reference<'_>> {
    let prefix = text.chars().next().filter(|c| matches!(c, '&' | '#' | '?'));
    let begin = prefix.map_or(0, char::len_utf8);
    let is_vector = prefix == Some('&');
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || (is_vector && matches!(c, '.' | '#' | '@'));
    let mut end = begin + text[begin..].find(|c| !is_part(c)).unwrap_or(text.len() - begin);
    let mut name = text[begin..end].trim_end_matches('.');
    end = begin + name.len();
    if name.is_empty() {
        return None;
    }
    // `$&v(out)`
    if is_vector && let Some(inner) = text[end..].strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        end += inner.0.len() + 2;
        name = &text[begin..end];
    }
    let index = text[end..].strip_prefix('[').and_then(|rest| Some(&rest[..closing(rest)?]));
    let length = end + index.map_or(0, |index| index.len() + 2);
    Some(Reference { prefix, name, index, length })
}

/// The `]` that closes a bracket opened before `text`.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' if depth == 0 => return Some(at),
            ']' => depth -= 1,
            _ => {}
        }
    }
    None
}

impl Session<'_, '_, '_> {
    /// `text` with the values of its variables, within quotes too.
    pub fn substituted(&mut self, text: &str, span: Span) -> String {
        self.put_in(text, span, 0).unwrap_or_else(|problem| {
            self.fail(span, text, problem.into());
            String::new()
        })
    }

    /// The same at `depth` within the brackets of other variables.
    fn put_in(&mut self, text: &str, span: Span, depth: usize) -> Result<String, String> {
        if depth > DEPTH_LIMIT {
            return Err(format!("variables are nested more than {DEPTH_LIMIT} deep"));
        }
        let mut result = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(['$', '{']) {
            result.push_str(&rest[..at]);
            let found = &rest[at..];
            // `{$name}` separates the name from what follows.
            let braced = found
                .strip_prefix("{$")
                .and_then(reference)
                .filter(|reference| found[2 + reference.length..].starts_with('}'));
            let plain = found.strip_prefix('$').and_then(reference);
            match (braced, plain) {
                (Some(reference), _) => {
                    result.push_str(&self.variable_text(&reference, span, depth + 1)?);
                    rest = &found[3 + reference.length..];
                }
                (None, Some(reference)) => {
                    result.push_str(&self.variable_text(&reference, span, depth + 1)?);
                    rest = &found[1 + reference.length..];
                }
                (None, None) => {
                    result.push_str(&found[..1]);
                    rest = &found[1..];
                }
            }
            if result.len() > LONGEST_LINE {
                return Err(format!("with its variables put in the line grows beyond {LONGEST_LINE} bytes"));
            }
        }
        result.push_str(rest);
        Ok(result)
    }

    fn variable_text(&mut self, reference: &Reference, span: Span, depth: usize) -> Result<String, String> {
        let name = reference.name.to_lowercase();
        Ok(match reference.prefix {
            Some('?') => (if self.variable(&name).is_some() { "1" } else { "0" }).into(),
            Some('#') => self.variable(&name).map_or("0".into(), |variable| variable.words().len().to_string()),
            Some('&') => {
                let text = reference.index.map_or(name.clone(), |index| format!("{name}[{index}]"));
                let inner = self.put_in(&text, span, depth)?;
                match self.value(&inner) {
                    Ok(value) => value.real().into_iter().map(short).collect::<Vec<_>>().join(" "),
                    Err(_) => {
                        self.warn(span, format!("there is no vector `{inner}`: nothing is put in for it"));
                        String::new()
                    }
                }
            }
            _ => {
                let Some(variable) = self.variable(&name) else {
                    self.warn(span, format!("there is no variable `{name}`: nothing is put in for it"));
                    return Ok(String::new());
                };
                let words = variable.words();
                match reference.index {
                    Some(index) => {
                        let index = self.put_in(index, span, depth)?;
                        chosen(&words, &index).join(" ")
                    }
                    None => words.join(" "),
                }
            }
        })
    }

    /// A variable that was set, or one that describes the current plot.
    fn variable(&self, name: &str) -> Option<Variable> {
        let plot = self.store.current();
        match name {
            "curplot" => Some(Variable::Text(plot.type_name.clone())),
            "curplotname" => Some(Variable::Text(plot.name.clone())),
            "curplottitle" => Some(Variable::Text(plot.title.clone())),
            "curplotdate" => Some(Variable::Text(plot.date.clone())),
            "plots" => Some(Variable::List(self.store.plots.iter().rev().map(|plot| plot.type_name.clone()).collect())),
            _ => self.variables.get(name).cloned(),
        }
    }
}

/// `2` or `2-3`, `2-`, `-3`, from 1; backwards if the first is the greater.
fn chosen(words: &[String], index: &str) -> Vec<String> {
    let last = words.len();
    let limit = |text: &str, default: usize| text.trim().parse::<usize>().unwrap_or(default).clamp(1, last.max(1));
    let (low, high) = match index.split_once('-') {
        Some((low, high)) => (limit(low, 1), limit(high, last)),
        None => (limit(index, 1), limit(index, 1)),
    };
    let order: Vec<usize> = if low <= high { (low..=high).collect() } else { (high..=low).rev().collect() };
    order.into_iter().filter_map(|at| words.get(at - 1).cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::{chosen, reference, split};

    #[test]
    fn quoted_parts_belong_together() {
        assert_eq!(split("a \"b c\"d 'e f' \"\""), ["a", "b cd", "e f", ""]);
    }

    #[test]
    fn names_end_where_ngspice_ends_them() {
        let parts = |text| reference(text).map(|found| (found.name, found.index, found.length));
        assert_eq!(parts("n_test), v("), Some(("n_test", None, 6)));
        assert_eq!(parts("&v(a)[3]x"), Some(("v(a)", Some("3"), 8)));
        assert_eq!(parts("foo[$bar]<"), Some(("foo", Some("$bar"), 9)));
        assert_eq!(parts(" a"), None);
    }

    #[test]
    fn elements_count_from_one() {
        let words: Vec<String> = ["a", "b", "c"].map(String::from).to_vec();
        assert_eq!(chosen(&words, "0"), ["a"]);
        assert_eq!(chosen(&words, "2-"), ["b", "c"]);
        assert_eq!(chosen(&words, "3-1"), ["c", "b", "a"]);
    }
}
