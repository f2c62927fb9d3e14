//! An attempt without an answer, read from the library's error: whether anything can have left, and who is to blame.

use crate::address::BaseUrl;
use crate::error::{CertificateProblem, Code, Failure};
use chrono::{DateTime, Utc};
use rustls::CertificateError;
use rustls::pki_types::UnixTime;
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

/// The whole chain of causes, since the outermost says only "error sending request".
fn chain(error: &reqwest::Error) -> String {
    let mut detail = error.to_string();
    let mut cause = Error::source(error);
    while let Some(inner) = cause {
        detail = format!("{detail}: {inner}");
        cause = inner.source();
    }
    detail
}

/// What is wrong with the certificate, where that is the cause; and the date that it names.
fn certificate_of(error: &(dyn Error + 'static)) -> Option<(CertificateProblem, Option<DateTime<Utc>>)> {
    let mut cause = Some(error);
    while let Some(inner) = cause {
        if let Some(rustls::Error::InvalidCertificate(problem)) = inner.downcast_ref::<rustls::Error>() {
            return Some(read_problem(problem));
        }
        // An I/O error names as its source not what it wraps, but what that was caused by; and one may wrap another.
        let wrapped = inner.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        cause = wrapped.map(|wrapped| wrapped as _).or_else(|| inner.source());
    }
    None
}

fn read_problem(problem: &CertificateError) -> (CertificateProblem, Option<DateTime<Utc>>) {
    let date =
        |at: &UnixTime| i64::try_from(at.as_secs()).ok().and_then(|at| DateTime::from_timestamp(at, 0));
    match problem {
        CertificateError::Expired => (CertificateProblem::Expired, None),
        CertificateError::ExpiredContext { not_after, .. } => (CertificateProblem::Expired, date(not_after)),
        CertificateError::NotValidYet => (CertificateProblem::NotYetValid, None),
        CertificateError::NotValidYetContext { not_before, .. } => {
            (CertificateProblem::NotYetValid, date(not_before))
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            (CertificateProblem::WrongHost, None)
        }
        CertificateError::UnknownIssuer => (CertificateProblem::NotTrusted, None),
        _ => (CertificateProblem::Other, None),
    }
}
