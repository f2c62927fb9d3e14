//! The agent's own configuration (operations 9 and 10), and how it is saved without losing anybody's edit: re-read →
//! merge path by path → show what differs → send → read back → compare. The document is the platform's: what this
//! program does not know survives. Decisions are in `config/`; here is what is asked, sent and kept.

mod diff;
mod draft;
mod leaves;
mod masks;
mod merge;
mod path;
mod plan;
mod save;
mod schemas;
mod show;
mod versions;

pub(crate) use show::changes;
pub use show::{ConfigChange, ConfigChangeKind, ConfigConflict, ConfigWeight, mask_secrets};

pub(crate) use diff::diff;
pub(crate) use leaves::{Leaf, leaves, veil};
pub(crate) use masks::{agrees, holds_mask, refuse_masks};
pub(crate) use plan::StoredPlan;

use crate::client::Condition;
use crate::error::{Code, Failure};
use crate::seen::Source;
use crate::session::Session;
use chrono::{DateTime, Utc};
use nineheads_contract::InstanceId;
use nineheads_contract::config::GetConfig;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;

/// Where the cache keeps which version was last seen, and when.
pub(crate) const SEEN: &str = "config_seen";

/// Whether a platform's write merges into the document or replaces it. Not documented: learned by reading back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ConfigWrites {
    /// Not learned yet.
    #[default]
    Unknown,
    /// What is not named stays.
    Merge,
    /// What is not named is gone.
    Replace,
}

/// Where a kept version comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ConfigOrigin {
    /// It was read and differed from what was known.
    Fetched,
    /// This app wrote it.
    Saved,
}

/// A document as it was at some time, kept on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConfigVersion {
    /// Grows with time.
    #[specta(type = specta_typescript::Number)]
    pub id: i64,
    /// When it was first seen.
    pub seen_at: DateTime<Utc>,
    /// Where it comes from.
    pub origin: ConfigOrigin,
    /// Bytes of compact JSON.
    pub bytes: u32,
    /// How many places differ from the version before; 0 for the first.
    pub changes: u32,
}

/// The newest document, as far as is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConfigView {
    /// The version that is shown; a draft names it as its base.
    pub version: ConfigVersion,
    /// JSON, indented by two spaces.
    pub document: String,
    /// What is known of this platform's writes.
    pub writes: ConfigWrites,
    /// Places of masked secrets.
    pub masked: Vec<Vec<String>>,
    /// Just answered, or from the cache.
    pub source: Source,
    /// Why the newest look failed.
    pub failure: Option<Failure>,
}

/// One edit of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ConfigEdit {
    /// Where; in a list the key is the index.
    pub path: Vec<String>,
    /// JSON text; none removes what is there.
    pub value: Option<String>,
}

/// What was typed: edits on top of a text, or of the base version where there is no text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ConfigDraft {
    /// The version that was edited.
    #[specta(type = specta_typescript::Number)]
    pub base: i64,
    /// A whole document as it was typed.
    pub text: Option<String>,
    /// In order.
    pub edits: Vec<ConfigEdit>,
}

/// Whose value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ConfigSide {
    /// The draft's.
    Mine,
    /// The server's.
    Theirs,
}

/// A choice about one conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ConfigChoice {
    /// The conflict's place.
    pub path: Vec<String>,
    /// Whose value stands.
    pub side: ConfigSide,
}

/// What goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ConfigSends {
    /// Only the changed places, nested.
    Patch,
    /// The whole merged document.
    Document,
}

/// Why a plan can not be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum ConfigObstacle {
    /// The server has it already.
    NothingChanged,
    /// Somebody has to choose.
    Conflicts,
    /// A mask stands where there was none: it would be stored as a value.
    MaskAsValue {
        /// Where.
        paths: Vec<Vec<String>>,
    },
    /// What has to be sent holds masks, and this server is not known to put the real values back.
    MasksCanNotBeKept {
        /// Where.
        paths: Vec<Vec<String>>,
    },
    /// A configuration is a JSON object.
    NotAnObject,
}

/// What saving a draft would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConfigPlan {
    /// To send exactly this.
    pub id: String,
    /// What the server has now.
    pub current: ConfigVersion,
    /// Somebody else wrote after the draft's base was read.
    pub changed_meanwhile: bool,
    /// What they wrote.
    pub their_changes: Vec<ConfigChange>,
    /// Where both wrote.
    pub conflicts: Vec<ConfigConflict>,
    /// What the server's document will become.
    pub changes: Vec<ConfigChange>,
    /// What goes out.
    pub sends: ConfigSends,
    /// Bytes of what goes out.
    pub bytes: u32,
    /// Why it can not go out.
    pub obstacle: Option<ConfigObstacle>,
    /// The document shrinks by more than half: ask first.
    pub shrinks: bool,
}

/// What a save came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConfigSaved {
    /// What the server has now.
    pub version: ConfigVersion,
    /// The document was read back.
    pub verified: bool,
    /// Places that read back otherwise than they were sent.
    pub differs: Vec<Vec<String>>,
    /// What is known now of this platform's writes.
    pub writes: ConfigWrites,
}

impl Session {
    /// Reads the document; where that fails, the newest kept version is shown with the reason.
    pub(crate) async fn open_config(&self, id: &InstanceId) -> Result<ConfigView, Failure> {
        let (version, document, source, failure) = match self.fetch_config(id).await {
            Ok((version, document, _)) => (version, document, Source::Live, None),
            Err(failure) => {
                let may_show = failure.is_outage() || matches!(failure.code, Code::Conflict { .. });
                let Some(kept) = self.cache.newest_config(id)?.filter(|_| may_show) else {
                    return Err(failure);
                };
                (kept.0, kept.1, Source::Cached, Some(failure))
            }
        };
        Ok(ConfigView {
            version,
            masked: masks::mask_paths(&document),
            document: pretty(&document),
            writes: self.config_writes(),
            source,
            failure,
        })
    }

    /// Reads the server's document, keeps it as a version where it is new, and returns its validator.
    async fn fetch_config(&self, id: &InstanceId) -> Result<(ConfigVersion, Value, Option<String>), Failure> {
        let answer = self.call_with(&GetConfig { id: id.clone() }, Condition::None).await?;
        let document = answer.read::<GetConfig>()?;
        let version = self.keep_config(id, &document, ConfigOrigin::Fetched)?;
        self.cache.write_seen(SEEN, id.as_str(), &version.id, self.now());
        self.note_settings(id);
        Ok((version, document, answer.etag().map(str::to_owned)))
    }

    /// The text of a draft.
    pub(crate) fn render_config(&self, id: &InstanceId, draft: &ConfigDraft) -> Result<String, Failure> {
        let base = self.cache.config_version(id, draft.base)?;
        Ok(pretty(&draft::apply(&base, draft)?))
    }
}

/// As a person reads it.
fn pretty(document: &Value) -> String {
    serde_json::to_string_pretty(document).unwrap_or_default()
}

#[cfg(test)]
pub(crate) mod tests {
    //! What the property tests of this folder are fed with.

    use super::path::Path;
    use proptest::prelude::*;
    use serde_json::{Map, Value};

    fn key() -> impl Strategy<Value = String> {
        prop_oneof!["[a-d]", Just("token".to_owned()), Just("__proto__".to_owned())]
    }

    /// A JSON object with little variety, so that edits meet.
    pub(crate) fn json_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (0..4_i64).prop_map(Value::from),
            "[x-z]{0,2}".prop_map(Value::from),
            Just(Value::from("***")),
        ];
        let node = leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::vec((key(), inner), 0..4)
                    .prop_map(|entries| Value::from(entries.into_iter().collect::<Map<_, _>>())),
            ]
        });
        prop::collection::vec((key(), node), 0..4)
            .prop_map(|entries| Value::from(entries.into_iter().collect::<Map<_, _>>()))
    }

    /// Some edits.
    pub(crate) fn edits() -> impl Strategy<Value = Vec<(Path, Option<Value>)>> {
        let value =
            prop_oneof![Just(None), json_value().prop_map(Some), (0..9_i64).prop_map(|n| Some(n.into()))];
        prop::collection::vec((prop::collection::vec(key(), 1..3), value), 0..4)
    }
}
