//! What a person notes of instances on this computer: tags, a note, a star. Of one profile, durable (`notebook.db`), and
//! never sent to any platform. A label outlives its instance: it is out of sight then, and back should the id come back;
//! it goes only with its profile. Does not belong here: what a platform keeps of an instance.

use nineheads_contract::InstanceId;
use serde::{Deserialize, Serialize};
use specta::Type;
use std::collections::{BTreeSet, HashMap};

/// Most tags of one instance.
pub const TAGS: usize = 20;
/// Most characters of a tag.
pub const TAG: usize = 32;
/// Most characters of a note.
pub const NOTE: usize = 2000;

/// What is noted of one instance.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Label {
    /// Lower case, `[a-z0-9._-]`, 1 to [`TAG`] characters each, at most [`TAGS`].
    pub tags: BTreeSet<String>,
    /// At most [`NOTE`] characters.
    pub note: String,
    /// Whether it has a star.
    pub starred: bool,
}

/// By instance; one without a label is not in it.
pub type Labels = HashMap<InstanceId, Label>;
