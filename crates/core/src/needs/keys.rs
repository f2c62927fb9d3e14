//! Whether what an agent complains about is a key. Pure. Agents and providers have no code of their own for it in common:
//! this looks for the phrases that they use.

use crate::fleet::Complaint;

/// Whose key it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LostKey {
    /// Of a model's provider.
    Model,
    /// The agent's own, for the platform.
    Agent,
}

const OF_THE_AGENT: [&str; 2] = ["agent_key_lost", "agent_key_already_issued"];
const OF_A_MODEL: [&str; 8] = [
    "authentication_error",
    "invalid x-api-key",
    "incorrect api key provided",
    "invalid_api_key",
    "has no key",
    "has no api key",
    "no api key found for provider",
    "api key is missing",
];

/// Which key a complaint is about; none where it is about something else.
pub(super) fn lost_key(complaint: &Complaint) -> Option<LostKey> {
    let text = [&complaint.code, &complaint.message]
        .into_iter()
        .flatten()
        .map(|text| text.to_lowercase())
        .collect::<Vec<_>>()
        .join("\n");
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| text.contains(phrase));
    match () {
        () if says(&OF_THE_AGENT) => Some(LostKey::Agent),
        () if says(&OF_A_MODEL) => Some(LostKey::Model),
        () => None,
    }
}
