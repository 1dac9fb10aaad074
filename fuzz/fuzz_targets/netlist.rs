#![no_main]

#[path = "../../tests/fuzz_targets/netlist.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|data: &[u8]| target::run(data));
