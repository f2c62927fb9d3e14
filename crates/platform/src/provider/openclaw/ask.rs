//! One question to a gateway: the seam between what asks and what talks.

use serde_json::Value;

/// Somebody who can be asked by method name. Blocks until the answer is here or a limit has passed; to be called from a
/// thread that may wait.
pub(crate) trait Ask: Send + Sync {
    /// Asks, and waits for the payload of the answer.
    ///
    /// # Errors
    /// [`AskError`] when nobody answers, or the answer is no.
    fn ask(&self, method: &'static str, params: Value) -> Result<Value, AskError>;
}

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub(crate) enum AskError {
    /// There is no connection, for a reason for people.
    #[error("the agent is not there: {0}")]
    Away(String),
    /// The agent is there and did not answer in time.
    #[error("the agent did not answer in time")]
    Late,
    /// The agent said no.
    #[error("the agent refused ({code}): {message}")]
    Refused {
        /// Such as `INVALID_REQUEST`.
        code: String,
        /// Its own words.
        message: String,
        /// What it adds; null when nothing.
        details: Value,
    },
}
