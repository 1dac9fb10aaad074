//! The page of study files, from the structures that read them.

use serde_json::{Map, Value};

use super::ManualPage;
use super::markdown::{Table, code};
use crate::studies::inference::study::Study;
use crate::studies::programming::ProgrammingStudy;

/// The page.
pub fn page() -> ManualPage {
    let text = format!(
        "A study is a TOML file. Paths in it are relative to it. Unknown names are errors. [Networks on crossbars](../inference.md) \
         shows studies at work; `studies/` has some.\n\n{}{}",
        about("Studies of networks: `ferrospice infer`", schemars::schema_for!(Study).to_value()),
        about("Studies of programming: `ferrospice program`", schemars::schema_for!(ProgrammingStudy).to_value()),
    );
    ManualPage::new("studies.md", "Study files", text)
}

fn about(heading: &str, schema: Value) -> String {
    let definitions = schema["$defs"].as_object().cloned().unwrap_or_default();
    let mut writer = Writer { definitions, text: format!("## {heading}\n\n") };
    let described = schema["description"].as_str().unwrap_or_default().to_string();
    writer.table("", &described, &schema);
    writer.text
}

/// Writes one structure after the other.
struct Writer {
    definitions: Map<String, Value>,
    text: String,
}

/// A field that is a structure of its own.
struct Inner {
    path: String,
    description: String,
    schema: Value,
}

impl Writer {
    /// The fields of `schema`, then the structures in it.
    fn table(&mut self, path: &str, description: &str, schema: &Value) {
        if !path.is_empty() {
            self.text.push_str(&format!("### {}\n\n", code(path)));
        }
        self.text.push_str(&format!("{description}\n\n"));
        let mut table = Table::new(&["name", "values", "default", "meaning"]);
        let mut inner = Vec::new();
        let fields = schema["properties"].as_object().cloned().unwrap_or_default();
        for (name, field) in &fields {
            match self.structure(path, name, field) {
                Some(structure) => inner.push(structure),
                None => table.row([code(name), self.values(field), default(field), meaning(field, &self.definitions)]),
            }
        }
        self.text.push_str(&table.finish());
        for Inner { path, description, schema } in inner {
            self.table(&path, &description, &schema);
        }
    }

    /// `field` as a structure of its own, unless it is a plain value.
    fn structure(&self, path: &str, name: &str, field: &Value) -> Option<Inner> {
        let prefix = path.trim_matches(['[', ']']);
        let path = if prefix.is_empty() { name.to_string() } else { format!("{prefix}.{name}") };
        let is_list = field.get("items").is_some();
        let schema = self.resolved(if is_list { &field["items"] } else { field });
        schema.get("properties")?;
        let path = if is_list { format!("[[{path}]]") } else { format!("[{path}]") };
        let own = field["description"].as_str().or(schema["description"].as_str()).unwrap_or_default();
        Some(Inner { path, description: own.to_string(), schema: schema.clone() })
    }

    /// What `schema` refers to; of several possibilities the one that is not `null`.
    fn resolved<'s>(&'s self, schema: &'s Value) -> &'s Value {
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            return self.definitions.get(name).unwrap_or(schema);
        }
        let is_null = |option: &&Value| option["type"].as_str() == Some("null");
        match schema["anyOf"].as_array() {
            Some(options) if options.len() == 2 && options.iter().any(|option| is_null(&option)) => {
                options.iter().find(|option| !is_null(option)).map_or(schema, |option| self.resolved(option))
            }
            _ => schema,
        }
    }

    /// Which values a field may have.
    fn values(&self, field: &Value) -> String {
        let schema = self.resolved(field);
        if let Some(options) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
            let options: Vec<String> = options.iter().map(|option| self.values(option)).collect();
            return options.join(", ");
        }
        if let Some(words) = schema["enum"].as_array() {
            return words.iter().map(|word| code(&word.to_string())).collect::<Vec<_>>().join(", ");
        }
        if let Some(word) = schema.get("const") {
            return code(&word.to_string());
        }
        let kinds: Vec<&str> = match &schema["type"] {
            Value::String(kind) => vec![kind],
            Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null").collect(),
            _ => Vec::new(),
        };
        let kinds: Vec<String> = kinds.iter().map(|kind| self.kind(kind, schema)).collect();
        if kinds.is_empty() { "any value".into() } else { kinds.join(" or ") }
    }

    fn kind(&self, kind: &str, schema: &Value) -> String {
        match kind {
            "array" => match schema.get("items").map(|items| self.values(items)) {
                Some(items) => format!("list of: {items}"),
                None => "list".into(),
            },
            "string" => "text".into(),
            "integer" => "whole number".into(),
            "boolean" => "`true`, `false`".into(),
            "object" => "table".into(),
            other => other.into(),
        }
    }
}

/// The default as in the file; empty if there is none.
fn default(field: &Value) -> String {
    match field.get("default") {
        None | Some(Value::Null) => said(field, "Default: ").map_or(String::new(), |text| text.replace('\n', " ")),
        Some(Value::String(text)) if text.is_empty() => String::new(),
        Some(value) => code(&value.to_string()),
    }
}

/// What the description says behind `word`, up to the end of the sentence.
fn said<'f>(field: &'f Value, word: &str) -> Option<&'f str> {
    let (_, behind) = field["description"].as_str()?.split_once(word)?;
    let end = behind.find(". ").or_else(|| behind.find(".\n")).unwrap_or(behind.trim_end_matches('.').len());
    Some(behind[..end].trim())
}

/// The description without its default, which is a column, and with what each of several words means.
fn meaning(field: &Value, definitions: &Map<String, Value>) -> String {
    let description = field["description"].as_str().unwrap_or_default().replace('\n', " ");
    let mut text = match description.split_once("Default: ") {
        None => description,
        Some((before, behind)) => {
            let rest = behind.find("Example: ").map_or("", |at| &behind[at..]);
            format!("{}{rest}", before)
        }
    };
    let words = Writer { definitions: definitions.clone(), text: String::new() };
    for option in words.resolved(field)["oneOf"].as_array().into_iter().flatten() {
        if let (Some(word), Some(meaning)) = (option.get("const"), option["description"].as_str()) {
            text.push_str(&format!(" {}: {}", code(&word.to_string()), meaning.replace('\n', " ")));
        }
    }
    text.trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every field of `schema` and of what it refers to, with its name.
    fn fields(schema: &Value, found: &mut Vec<(String, Value)>) {
        match schema {
            Value::Object(members) => {
                if let Some(Value::Object(own)) = members.get("properties") {
                    found.extend(own.iter().map(|(name, field)| (name.clone(), field.clone())));
                }
                members.values().for_each(|member| fields(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| fields(item, found)),
            _ => {}
        }
    }

    #[test]
    fn comments_say_the_defaults_that_there_are() {
        let mut found = Vec::new();
        fields(&schemars::schema_for!(Study).to_value(), &mut found);
        fields(&schemars::schema_for!(ProgrammingStudy).to_value(), &mut found);
        assert!(found.len() > 80, "{}", found.len());
        for (name, field) in &found {
            assert!(field["description"].is_string(), "{name} has no comment");
            let said = said(field, "Default: ").and_then(|text| text.trim_end_matches('.').parse::<f64>().ok());
            if let (Some(said), Some(real)) = (said, field["default"].as_f64()) {
                assert_eq!(said, real, "{name}");
            }
        }
    }
}
