//! Bus ranges in node lists: `wl[0:3]` is `wl0 wl1 wl2 wl3`.

use crate::diagnostic::Diagnostic;

/// More nodes than this from one range are surely a mistake.
pub const LIMIT: u64 = 1 << 20;

/// The range in `word`: its base, and the first and last index. A plain name, such as `a[3]`, has none.
pub fn parse(word: &str) -> Option<(&str, u64, u64)> {
    let (base, range) = word.strip_suffix(']')?.split_once('[')?;
    let (first, last) = range.split_once(':')?;
    let index = |digits: &str| digits.trim().parse::<u64>().ok();
    Some((base, index(first)?, index(last)?))
}

/// Calls `visit` with each name that `word` stands for.
///
/// # Errors
/// There would be more than `most`, or more than anyone means.
pub fn expand(word: &str, most: usize, mut visit: impl FnMut(&str)) -> Result<(), Diagnostic> {
    let Some((base, first, last)) = parse(word) else {
        visit(word);
        return Ok(());
    };
    let count = first.abs_diff(last).saturating_add(1);
    let most = LIMIT.min(most as u64);
    if count > most {
        let error = Diagnostic::error(format!("`{word}` would be {count} nodes"));
        return Err(error.hint(format!("at most {most} are possible here")));
    }
    for step in 0..count {
        let index = if first <= last { first + step } else { first - step };
        visit(&format!("{base}{index}"));
    }
    Ok(())
}
