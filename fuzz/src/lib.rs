//! The pure parts of the core, taken file by file so that a fuzzer builds in a minute, and what is asked of them.

pub mod bodies;

#[path = "../../crates/core/src/address.rs"]
#[allow(dead_code)]
mod address;
#[path = "../../crates/core/src/links.rs"]
mod links;
#[path = "../../crates/core/src/redact.rs"]
mod redact;

/// What the bodies are about; the ordinary tests, which read the corpus, give them the core's own.
mod asked {
    pub(crate) use crate::address::read_address;
    pub(crate) use crate::links::Link;
    pub(crate) use crate::redact::{plain, redact};
}

/// Of the core's errors what `address.rs` needs.
#[allow(dead_code)]
mod error {
    #[derive(Debug, Clone, Copy)]
    pub(crate) enum AddressProblem {
        NotAUrl,
        NotSecure,
        Userinfo,
        Query,
    }

    #[derive(Debug)]
    pub(crate) enum Code {
        BadAddress { problem: AddressProblem },
    }

    #[derive(Debug)]
    pub struct Failure {
        pub(crate) code: Code,
        pub(crate) detail: String,
    }

    impl Failure {
        pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
            Self { code, detail: detail.into() }
        }
    }
}
