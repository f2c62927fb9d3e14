//! An attempt without an answer, read from the library's error: whether anything can have left, and who is to blame.

use crate::address::BaseUrl;
use crate::error::{CertificateProblem, Code, Failure};
use crate::network::fault::{TlsFault, chain, tls_fault};
use chrono::{DateTime, Utc};
use std::error::Error;

/// An attempt without an answer.
#[derive(Debug, Clone)]
pub(crate) struct NoAnswer {
    /// True when not one byte of the request can have left: name, connection or handshake failed.
    pub never_sent: bool,
    pub failure: Failure,
}

impl NoAnswer {
    /// Bytes have left, and nothing usable came back.
    pub(super) fn lost(detail: String) -> Self {
        Self { never_sent: false, failure: Failure::new(Code::Offline, detail) }
    }

    pub(super) fn read(error: &reqwest::Error, base: &BaseUrl) -> Self {
        let code = match certificate_of(error) {
            Some((problem, at)) => Code::BadCertificate { problem, host: base.host(), at },
            None => Code::Offline,
        };
        let never_sent = error.is_connect() || error.is_builder();
        Self { never_sent, failure: Failure::new(code, chain(error)) }
    }
}

/// What is wrong with the certificate, where that is the cause; and the date that it names.
fn certificate_of(error: &(dyn Error + 'static)) -> Option<(CertificateProblem, Option<DateTime<Utc>>)> {
    match tls_fault(error)? {
        TlsFault::Expired(at) => Some((CertificateProblem::Expired, at)),
        TlsFault::NotYetValid(at) => Some((CertificateProblem::NotYetValid, at)),
        TlsFault::WrongHost => Some((CertificateProblem::WrongHost, None)),
        TlsFault::UnknownIssuer => Some((CertificateProblem::NotTrusted, None)),
        TlsFault::BadCertificate => Some((CertificateProblem::Other, None)),
        // That may pass; a certificate does not.
        TlsFault::Handshake => None,
    }
}
