//! Bus ranges in node lists: `wl[0:3]` is `wl0 wl1 wl2 wl3`.

/// More nodes than this from one range are surely a mistake.
pub const LIMIT: u64 = 1 << 20;

/// The range in `word`: its base, and the first and last index. A plain name, such as `a[3]`, has none.
pub fn parse(word: &str) -> Option<(&str, u64, u64)> {
    let (base, range) = word.strip_suffix(']')?.split_once('[')?;
    let (first, last) = range.split_once(':')?;
    let index = |digits: &str| digits.trim().parse::<u64>().ok();
    Some((base, index(first)?, index(last)?))
}

/// Calls `visit` with each name that `word` stands for, or tells how many there would be.
pub fn expand(word: &str, mut visit: impl FnMut(&str)) -> Result<(), u64> {
    let Some((base, first, last)) = parse(word) else {
        visit(word);
        return Ok(());
    };
    let count = first.abs_diff(last).saturating_add(1);
    if count > LIMIT {
        return Err(count);
    }
    for step in 0..count {
        let index = if first <= last { first + step } else { first - step };
        visit(&format!("{base}{index}"));
    }
    Ok(())
}
