//! The rules of `docs/architecture.md` as tests: which crate may use which, where a thing may be said, how large a file
//! may grow. A rule that nobody breaks costs nothing; one that has to change is changed here and there together.

mod commands;
mod crates;
mod faults;
mod files;
mod operations;
mod packages;
mod policy;
mod tree;
