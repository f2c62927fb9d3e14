//! Whether the platform may read conversations (operation 11). There is no way to ask: it is known from the last answer
//! to a change, or from the list of conversations, which is refused without it. Every change says why, in the ledger.

use crate::error::{Code, Failure};
use crate::session::Session;
use chrono::{DateTime, Utc};
use nineheads_contract::InstanceId;
use nineheads_contract::consent::{Consent, UpdateConsent};
use serde::{Deserialize, Serialize};
use serde_json::json;
use specta::Type;

/// The name of its kind in the cache.
const KIND: &str = "consent";
/// Least and most characters of a purpose.
const PURPOSE: std::ops::RangeInclusive<usize> = 3..=200;

/// How it stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ConsentState {
    /// Nobody has said.
    #[default]
    Unknown,
    /// Conversations can be read.
    Granted,
    /// They can not.
    Locked,
}

/// Where it is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ConsentSource {
    /// The answer to a change.
    Answer,
    /// The list of conversations came, or was refused.
    Conversations,
}

/// What is known of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConsentView {
    /// How it stands.
    pub state: ConsentState,
    /// When that was said.
    pub known_at: Option<DateTime<Utc>>,
    /// By what.
    pub from: Option<ConsentSource>,
    /// What it was granted for, where this app granted it.
    pub purpose: Option<String>,
    /// When this app granted it.
    pub granted_at: Option<DateTime<Utc>>,
    /// Cached conversations that were purged just now.
    pub purged: u32,
}

impl Session {
    pub(crate) fn consent(&self, id: &InstanceId) -> ConsentView {
        self.cache.read_seen::<ConsentView>(KIND, id.as_str()).map(|(view, _)| view).unwrap_or_default()
    }

    /// Grants or revokes. Nothing is sent that could not be recorded.
    pub(crate) async fn set_consent(
        &self,
        id: &InstanceId,
        granted: bool,
        purpose: &str,
    ) -> Result<ConsentView, Failure> {
        let purpose = purpose.trim();
        if granted && !PURPOSE.contains(&purpose.chars().count()) {
            let msg = "a purpose has 3 to 200 characters";
            let loc = vec!["purpose".to_owned()];
            let field = nineheads_contract::FieldProblem { loc, msg: msg.into(), kind: "length".into() };
            return Err(Failure::new(Code::Invalid { message: None, fields: vec![field] }, msg));
        }
        let act = if granted { "grant_consent" } else { "revoke_consent" };
        let entry = self.enter_strictly(act, id, json!({ "purpose": purpose }))?;
        let consent = Consent { consent_debug_access: granted };
        let sent = self.call(&UpdateConsent { id: id.clone(), consent }).await;
        entry.end(&sent);
        // Revoked is revoked here, whatever the platform says of it.
        let purged = if granted { 0 } else { self.cache.forget_conversations(id)? };
        let holds = sent?.consent_debug_access;
        let now = self.now();
        let view = ConsentView {
            state: if holds { ConsentState::Granted } else { ConsentState::Locked },
            known_at: Some(now),
            from: Some(ConsentSource::Answer),
            purpose: (granted && holds).then(|| purpose.to_owned()),
            granted_at: (granted && holds).then_some(now),
            purged,
        };
        self.keep_consent(id, &view);
        self.note_act(id, act, (!purpose.is_empty()).then(|| purpose.to_owned()));
        Ok(view)
    }

    /// What the list of conversations said of consent.
    pub(crate) fn learn_consent(&self, id: &InstanceId, granted: bool) {
        let known = self.consent(id);
        let purged = match granted {
            true => 0,
            false => self.cache.forget_conversations(id).unwrap_or_default(),
        };
        let keeps = granted && known.state == ConsentState::Granted;
        let view = ConsentView {
            state: if granted { ConsentState::Granted } else { ConsentState::Locked },
            known_at: Some(self.now()),
            from: Some(ConsentSource::Conversations),
            purpose: known.purpose.filter(|_| keeps),
            granted_at: known.granted_at.filter(|_| keeps),
            purged,
        };
        self.keep_consent(id, &view);
    }

    fn keep_consent(&self, id: &InstanceId, view: &ConsentView) {
        self.cache.write_seen(KIND, id.as_str(), view, self.now());
    }
}
