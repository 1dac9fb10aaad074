//! Inputs on which fuzzing once found something: none of them ends the program, or takes long, again.

#[path = "fuzz_targets/expression.rs"]
mod expression;
#[path = "fuzz_targets/idx.rs"]
mod idx;
#[path = "fuzz_targets/netlist.rs"]
mod netlist;
#[path = "fuzz_targets/npy.rs"]
mod npy;
#[path = "fuzz_targets/raw.rs"]
mod raw;
#[path = "fuzz_targets/safetensors.rs"]
mod safetensors;
#[path = "fuzz_targets/study.rs"]
mod study;

/// Runs `target` on every file of its folder.
fn replay(name: &str, target: fn(&[u8])) {
    let folder = format!("tests/fuzz_inputs/{name}");
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{folder} is empty");
    for file in files {
        // The name of the file that fails is what one needs to know.
        let bytes = std::fs::read(&file).unwrap();
        let result = std::panic::catch_unwind(|| target(&bytes));
        assert!(result.is_ok(), "{} fails", file.display());
    }
}

macro_rules! targets {
    ($($name:ident),*) => {
        $(#[test]
        fn $name() {
            replay(stringify!($name), self::$name::run);
        })*
    };
}

targets!(expression, idx, netlist, npy, raw, safetensors, study);
