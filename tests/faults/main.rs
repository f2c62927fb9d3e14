//! The fault matrix as tests, and hostile input: each row of `docs/reliability.md` by its number and name.

mod answers;
mod bench;
mod certificates;
mod computer;
mod contents;
mod corpus;
mod disks;
mod documents;
mod hostile;
mod process;
mod refusals;
mod unchanged;
mod wire;

/// What the corpus is read by.
mod asked {
    pub(crate) use nineheads_core::links::Link;
    pub(crate) use nineheads_core::read_address;
    pub(crate) use nineheads_core::redact::{plain, redact};
}
