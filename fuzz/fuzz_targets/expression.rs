#![no_main]

#[path = "../../tests/fuzz_targets/expression.rs"]
mod target;

#[path = "../../tests/fuzz_targets/netlist.rs"]
mod netlist;

libfuzzer_sys::fuzz_target!(|data: &[u8]| target::run(data));
