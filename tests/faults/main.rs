//! The fault matrix as tests, and hostile input: each row of `docs/reliability.md` by its number and name.

mod answers;
mod bench;
mod certificates;
mod computer;
mod contents;
mod process;
mod refusals;
mod wire;
