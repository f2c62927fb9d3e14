//! Certificates from a PEM file, checked before they are trusted. A file with a private key is refused: it belongs
//! nowhere near a profile.

use crate::error::{Code, Failure};
use crate::profiles::CertificateLabel;
use crate::secrets::hex;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use sha2::{Digest, Sha256};

/// Largest file in bytes: a whole bundle of a system fits.
const LARGEST: usize = 1 << 20;

/// See the module.
#[derive(Clone, Default)]
pub(crate) struct Certificates(Vec<CertificateDer<'static>>);

impl Certificates {
    /// # Errors
    /// [`Code::Invalid`] with what is wrong with the file.
    pub(crate) fn read(pem: &str) -> Result<Self, Failure> {
        if pem.len() > LARGEST {
            return Err(invalid("the file is too large for certificates"));
        }
        if pem.contains("PRIVATE KEY") {
            return Err(invalid("the file holds a private key: choose the certificate alone"));
        }
        let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
        let all = all.map_err(|error| invalid(error.to_string()))?;
        if all.is_empty() {
            return Err(invalid("the file holds no certificate in PEM form"));
        }
        let read = Self(all);
        // Only who builds a client with them knows whether they are certificates at all.
        let built = reqwest::Client::builder().no_proxy().tls_certs_only(read.for_client()).build();
        built.map_err(|error| invalid(crate::network::fault::chain(&error)))?;
        Ok(read)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn label(&self) -> Option<CertificateLabel> {
        let first = self.0.first()?;
        let count = u16::try_from(self.0.len()).unwrap_or(u16::MAX);
        Some(CertificateLabel { count, sha256: hex(&Sha256::digest(first)) })
    }

    pub(crate) fn for_client(&self) -> Vec<reqwest::Certificate> {
        self.0.iter().filter_map(|der| reqwest::Certificate::from_der(der).ok()).collect()
    }
}

fn invalid(detail: impl Into<String>) -> Failure {
    let detail = detail.into();
    Failure::new(Code::Invalid { message: Some(detail.clone()), fields: Vec::new() }, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_file_of_certificates_is_taken() {
        let garbage = "-----BEGIN CERTIFICATE-----\nAAECAwQFBgc=\n-----END CERTIFICATE-----\n";
        let key = "-----BEGIN PRIVATE KEY-----\nAAECAwQFBgc=\n-----END PRIVATE KEY-----\n";
        let open = "-----BEGIN CERTIFICATE-----\nAAEC";
        for bad in ["", "hello", garbage, key, open, &" ".repeat(LARGEST + 1)] {
            assert!(matches!(
                Certificates::read(bad).map(|_| ()).expect_err("refused").code,
                Code::Invalid { .. }
            ));
        }
    }
}
