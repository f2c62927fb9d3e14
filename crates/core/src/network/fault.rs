//! Why no answer came, told by the types of what went wrong and never by its words.

use chrono::{DateTime, Utc};
use rustls::CertificateError;
use rustls::pki_types::UnixTime;
use std::error::Error;
use std::io;

/// What is wrong with the certificate that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TlsFault {
    /// It was valid until then.
    Expired(Option<DateTime<Utc>>),
    /// It is valid from then on; or this computer's clock is wrong.
    NotYetValid(Option<DateTime<Utc>>),
    /// It is for another host.
    WrongHost,
    /// Nobody whom this computer trusts has signed it.
    UnknownIssuer,
    /// It is not as a certificate should be.
    BadCertificate,
    /// No common language.
    Handshake,
}

/// What TLS has against the other side; none when the fault lies elsewhere.
pub(crate) fn tls_fault(error: &(dyn Error + 'static)) -> Option<TlsFault> {
    let found = find(error)?;
    let at = |time: &UnixTime| DateTime::from_timestamp(i64::try_from(time.as_secs()).ok()?, 0);
    let rustls::Error::InvalidCertificate(certificate) = found else { return Some(TlsFault::Handshake) };
    Some(match certificate {
        CertificateError::Expired => TlsFault::Expired(None),
        CertificateError::ExpiredContext { not_after, .. } => TlsFault::Expired(at(not_after)),
        CertificateError::NotValidYet => TlsFault::NotYetValid(None),
        CertificateError::NotValidYetContext { not_before, .. } => TlsFault::NotYetValid(at(not_before)),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            TlsFault::WrongHost
        }
        CertificateError::UnknownIssuer => TlsFault::UnknownIssuer,
        _ => TlsFault::BadCertificate,
    })
}

fn find<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut cause = Some(error);
    while let Some(inner) = cause {
        if let Some(found) = inner.downcast_ref::<rustls::Error>() {
            return Some(found);
        }
        // An `io::Error` hands out the cause of what it wraps, and not what it wraps.
        let wrapped = inner.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        cause = match wrapped {
            Some(wrapped) => Some(wrapped as &(dyn Error + 'static)),
            None => inner.source(),
        };
    }
    None
}

/// The whole chain of causes, since the outermost says only "error sending request".
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut detail = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        detail = format!("{detail}: {inner}");
        cause = inner.source();
    }
    detail
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn wrapped(error: rustls::Error) -> io::Error {
        io::Error::other(io::Error::other(error))
    }

    #[test]
    fn a_refused_certificate_is_found_however_deep_it_lies_and_names_its_date() {
        let (time, not_after) = (
            UnixTime::since_unix_epoch(Duration::from_secs(99)),
            UnixTime::since_unix_epoch(Duration::from_secs(60)),
        );
        let expired = CertificateError::ExpiredContext { time, not_after };
        let fault = tls_fault(&wrapped(rustls::Error::InvalidCertificate(expired)));
        assert_eq!(fault, Some(TlsFault::Expired(DateTime::from_timestamp(60, 0))));
        for (error, fault) in [
            (CertificateError::UnknownIssuer, TlsFault::UnknownIssuer),
            (CertificateError::NotValidForName, TlsFault::WrongHost),
            (CertificateError::NotValidYet, TlsFault::NotYetValid(None)),
            (CertificateError::BadSignature, TlsFault::BadCertificate),
        ] {
            assert_eq!(tls_fault(&wrapped(rustls::Error::InvalidCertificate(error))), Some(fault));
        }
        assert_eq!(tls_fault(&wrapped(rustls::Error::HandshakeNotComplete)), Some(TlsFault::Handshake));
        assert_eq!(tls_fault(&io::Error::other("certificate")), None, "words prove nothing");
    }
}
