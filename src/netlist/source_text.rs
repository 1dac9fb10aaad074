//! Reading netlist files.

use std::path::Path;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::diagnostic::{Diagnostic, SourceMap};

/// The text of a file, or what is wrong with it.
pub fn read(path: &Path) -> Result<String, Diagnostic> {
    read_by(path, std::fs::read(path))
}

/// The text of a file that a deck names.
pub fn read_named(sources: &SourceMap, path: &Path) -> Result<String, Diagnostic> {
    read_by(path, sources.read(path))
}

fn read_by(path: &Path, bytes: std::io::Result<Vec<u8>>) -> Result<String, Diagnostic> {
    let bytes =
        bytes.map_err(|error| Diagnostic::error(format!("cannot read `{}`: {}", path.display(), describe(&error))))?;
    decode(&bytes).map_err(|problem| Diagnostic::error(format!("cannot read `{}`: {problem}", path.display())))
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

/// The text that `bytes` stand for: UTF-8, UTF-16 (LTspice), or else Windows-1252, of which Latin-1 is a part. Byte order
/// marks are left out; a lone carriage return, with which old Macintoshes ended lines, becomes a line feed.
pub fn decode(bytes: &[u8]) -> Result<String, String> {
    const LARGEST: u32 = u32::MAX;
    let too_large = || "it is larger than 4 GiB".to_string();
    if bytes.len() > LARGEST as usize {
        return Err(too_large());
    }
    let (text, _) = encoding(bytes).decode_with_bom_removal(bytes);
    if let Some(place) = text.bytes().position(|byte| byte == 0) {
        return Err(format!("it is no text: there is a zero byte after {place} others"));
    }
    // Letters beyond ASCII take more bytes in UTF-8.
    if text.len() > LARGEST as usize {
        return Err(too_large());
    }
    Ok(with_line_feeds(text.into_owned()))
}

/// From the byte order mark, from zeros where UTF-16 has them for ASCII characters, or from what is not UTF-8.
fn encoding(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    match bytes {
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => UTF_16LE,
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => UTF_16BE,
        _ if std::str::from_utf8(bytes).is_ok() => UTF_8,
        _ => WINDOWS_1252,
    }
}

/// Each line end has a line feed; no position moves.
fn with_line_feeds(text: String) -> String {
    let lone = |(at, byte): (usize, u8)| byte == b'\r' && text.as_bytes().get(at + 1) != Some(&b'\n');
    if !text.bytes().enumerate().any(lone) {
        return text;
    }
    let mut characters = text.chars().peekable();
    let mut result = String::with_capacity(text.len());
    while let Some(character) = characters.next() {
        let ends = character == '\r' && characters.peek() != Some(&'\n');
        result.push(if ends { '\n' } else { character });
    }
    result
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn encodings_give_the_same_text() {
        let text = "title\nc1 a 0 1µ\n.end\n";
        let wide: Vec<u16> = text.encode_utf16().collect();
        let little: Vec<u8> = wide.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = wide.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        let latin: Vec<u8> = text.chars().map(|character| u32::from(character) as u8).collect();
        let marked = |mark: &[u8], rest: &[u8]| [mark, rest].concat();
        let all = [
            text.as_bytes().to_vec(),
            marked(&[0xef, 0xbb, 0xbf], text.as_bytes()),
            marked(&[0xff, 0xfe], &little),
            marked(&[0xfe, 0xff], &big),
            little,
            big,
            latin,
            text.replace('\n', "\r").into_bytes(),
        ];
        for bytes in all {
            assert_eq!(decode(&bytes).as_deref(), Ok(text), "{bytes:x?}");
        }
        let dos = text.replace('\n', "\r\n");
        assert_eq!(decode(dos.as_bytes()), Ok(dos));
    }

    #[test]
    fn binary_files_are_no_text() {
        assert!(decode(b"abc\0\0def").is_err());
        assert_eq!(decode(b"").as_deref(), Ok(""));
    }
}
