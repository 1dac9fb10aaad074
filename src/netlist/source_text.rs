//! Reading netlist files.

use std::path::Path;

use crate::diagnostic::Diagnostic;

/// The text of a file, or what is wrong with it.
pub fn read(path: &Path) -> Result<String, Diagnostic> {
    let bytes = std::fs::read(path)
        .map_err(|error| Diagnostic::error(format!("cannot read `{}`: {}", path.display(), describe(&error))))?;
    decode(bytes).map_err(|problem| Diagnostic::error(format!("cannot read `{}`: {problem}", path.display())))
}

/// What went wrong, without the operating system's number for it.
fn describe(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".into(),
        std::io::ErrorKind::PermissionDenied => "permission denied".into(),
        std::io::ErrorKind::IsADirectory => "it is a directory".into(),
        _ => error.to_string(),
    }
}

/// The text that `bytes` stand for: UTF-8 with or without byte order mark. Other encodings are to be recognised here.
fn decode(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("it is UTF-16 text; save it as UTF-8".into());
    }
    if u32::try_from(bytes.len()).is_err() {
        return Err("it is larger than 4 GiB".into());
    }
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..valid].iter().filter(|&&byte| byte == b'\n').count() + 1;
        format!("line {line} (byte {valid}) is not UTF-8 text")
    })?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}
