//! ngspice's start-up file `.spiceinit`: process kits set there how their libraries are to be read.

use std::path::{Path, PathBuf};

/// What `set key=value` lines of the start-up file set, as `key=value`; of the file in the current folder, or else of the user's.
pub fn settings() -> Vec<String> {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE")).map(PathBuf::from);
    let folders = [Some(PathBuf::from(".")), home].into_iter().flatten();
    let found = folders.map(|folder| folder.join(".spiceinit")).find(|path| path.is_file());
    found.map_or_else(Vec::new, |path| read(&path))
}

/// Other commands of the file are about windows and plots, or about what is always so here.
fn read(path: &Path) -> Vec<String> {
    let text = std::fs::read(path).unwrap_or_default();
    String::from_utf8_lossy(&text).lines().filter_map(setting).collect()
}

fn setting(line: &str) -> Option<String> {
    let line = line.split([';', '$']).next()?.trim();
    let assigned = line.strip_prefix("set")?.strip_prefix([' ', '\t'])?;
    let (key, value) = assigned.split_once('=')?;
    Some(format!("{}={}", key.trim(), value.trim().trim_matches('"')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignments_are_taken_and_nothing_else() {
        assert_eq!(setting("set ngbehavior=hsa   ; as the kit wants it"), Some("ngbehavior=hsa".into()));
        assert_eq!(setting("  set filetype = \"ascii\""), Some("filetype=ascii".into()));
        for other in ["* set a=b", "set nomoremode", "settype voltage a=b", "option rshunt=1", "", "unset ngbehavior"] {
            assert_eq!(setting(other), None, "{other}");
        }
    }
}
