//! See `bodies::text`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| nineheads_fuzz::bodies::text(bytes));
