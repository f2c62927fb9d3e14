//! Certificates of every kind, for a server on this computer. A process that is to trust the authority gets its file.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use std::path::Path;
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Who vouches for certificates in a test.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

/// What a server shows, and its key.
pub struct Served {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Authority {
    /// A new one.
    ///
    /// # Panics
    /// When a key can not be made; so for all below.
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "Nineheads test authority");
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(params, key).expect("a certificate"))
    }

    /// Writes its certificate for whoever shall trust it.
    pub fn write(&self, file: &Path) {
        std::fs::write(file, self.0.pem()).expect("it can be written");
    }

    /// A certificate for these names that holds now.
    pub fn vouch(&self, names: &[&str]) -> Served {
        self.vouch_between(names, 2020, 2090)
    }

    /// One that holds from the first day of a year to the first day of another.
    pub fn vouch_between(&self, names: &[&str], from: i32, to: i32) -> Served {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("good names");
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(to, 1, 1);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.0).expect("a certificate");
        Served { chain: vec![certificate.der().clone()], key: key.into() }
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

impl Served {
    /// A certificate that vouches for itself.
    pub fn self_signed(name: &str) -> Self {
        let params = CertificateParams::new(vec![name.to_owned()]).expect("a good name");
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate");
        Self { chain: vec![certificate.der().clone()], key: key.into() }
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        let (chain, key) = (self.chain.clone(), self.key.clone_key());
        let config = ServerConfig::builder_with_provider(Arc::new(
            tokio_rustls::rustls::crypto::aws_lc_rs::default_provider(),
        ))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("a good pair");
        TlsAcceptor::from(Arc::new(config))
    }
}
