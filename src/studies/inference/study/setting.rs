//! A parameter of a study set by its dotted path, from the command line or by a sweep.

use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use crate::diagnostic::Diagnostic;

/// `array.word_segment = 2.0`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    /// Names of tables and the field, with dots between.
    pub parameter: String,
    pub value: Value,
}

impl Setting {
    /// Reads `PATH=VALUE`; the value as in the file, where words need no quotes.
    ///
    /// # Errors
    /// There is no `=` or nothing before it.
    pub fn parse(text: &str) -> Result<Setting, Diagnostic> {
        let Some((parameter, value)) = text.split_once('=').filter(|(parameter, _)| !parameter.trim().is_empty())
        else {
            return Err(Diagnostic::error(format!("`{text}` is no setting"))
                .hint("write the path of a field and its value: array.word_segment=2"));
        };
        let value = value.trim();
        let parsed = format!("value = {value}").parse::<Table>().ok().and_then(|mut table| table.remove("value"));
        Ok(Setting { parameter: parameter.trim().into(), value: parsed.unwrap_or_else(|| Value::String(value.into())) })
    }

    /// Puts the value into a study's table.
    ///
    /// # Errors
    /// Something on the path is no table.
    pub fn apply(&self, study: &mut Table) -> Result<(), Diagnostic> {
        let mut names: Vec<&str> = self.parameter.split('.').map(str::trim).collect();
        let field = names.pop().unwrap_or_default();
        let mut table = study;
        for name in names {
            let next = table.entry(name).or_insert_with(|| Value::Table(Table::new()));
            table = next.as_table_mut().ok_or_else(|| {
                Diagnostic::error(format!("there is no parameter `{}`: `{name}` is no table", self.parameter))
            })?;
        }
        table.insert(field.into(), self.value.clone());
        Ok(())
    }

    /// The value as a person writes it: words without quotes.
    pub fn text(&self) -> String {
        self.value.as_str().map_or_else(|| self.value.to_string(), str::to_string)
    }
}
