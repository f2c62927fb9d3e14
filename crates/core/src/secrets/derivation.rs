//! Keys from passphrases (Argon2id). The parameters are kept beside what they open, so that they can grow.

use crate::error::{Code, Failure};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Argon2id with 64 MiB and three passes: half a second on a small computer, and dear to guess.
pub(super) const MEMORY_KIB: u32 = 64 << 10;
const PASSES: u32 = 3;
const LANES: u32 = 1;
/// A file that asks for more was not written here.
const MOST_MEMORY_KIB: u32 = 1 << 20;
const MOST_PASSES: u32 = 16;
/// How a key is made from a passphrase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Derivation {
    pub(super) algorithm: String,
    pub(super) memory_kib: u32,
    pub(super) passes: u32,
    pub(super) lanes: u32,
    pub(super) salt: String,
}

/// 64 bytes of a passphrase: one half seals, the other is only ever compared.
pub(super) struct Keys {
    pub seal: Zeroizing<[u8; 32]>,
    pub check: String,
}

impl Derivation {
    pub(crate) fn fresh() -> Self {
        let salt: [u8; 16] = rand::random();
        Self {
            algorithm: "argon2id".into(),
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            lanes: LANES,
            salt: hex(&salt),
        }
    }

    /// What a passphrase comes to, for comparing alone.
    ///
    /// # Errors
    /// [`Code::VaultBroken`] for parameters that nobody here wrote.
    pub(crate) fn check(&self, passphrase: &SecretString) -> Result<String, Failure> {
        Ok(self.derive(passphrase)?.check)
    }

    pub(super) fn derive(&self, passphrase: &SecretString) -> Result<Keys, Failure> {
        let sane = self.algorithm == "argon2id"
            && (8..=MOST_MEMORY_KIB).contains(&self.memory_kib)
            && (1..=MOST_PASSES).contains(&self.passes)
            && (1..=16).contains(&self.lanes);
        if !sane {
            return Err(broken("its parameters are not usable"));
        }
        let salt = unhex(&self.salt).ok_or_else(|| broken("its salt is not readable"))?;
        let unusable = |error: argon2::Error| broken(error.to_string());
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(64)).map_err(unusable)?;
        let mut out = Zeroizing::new([0_u8; 64]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.expose_secret().as_bytes(), &salt, out.as_mut_slice())
            .map_err(unusable)?;
        let mut seal = Zeroizing::new([0_u8; 32]);
        seal.copy_from_slice(&out[..32]);
        Ok(Keys { seal, check: hex(&Sha256::digest(&out[32..])) })
    }
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

fn broken(detail: impl Into<String>) -> Failure {
    Failure::new(Code::VaultBroken, detail)
}
