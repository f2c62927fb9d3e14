//! Conversations that an agent had (operations 12 and 13). Shown and cached only while consent holds: a refusal purges
//! what is cached. Every look is a line in the ledger before it is taken.

mod read;

pub use read::{ConversationRow, TranscriptMessage};

use crate::cache::Cache;
use crate::error::{Code, Failure};
use crate::seen::Source;
use crate::session::Session;
use chrono::{DateTime, Utc};
use nineheads_contract::conversations::{GetConversation, ListConversations};
use nineheads_contract::{ConversationId, Endpoint, InstanceId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use specta::Type;

/// The names of their kinds in the cache; both go when consent goes.
const LIST: &str = "conversations";
const ONE: &str = "conversation";

/// Documented bounds of the list.
const LIMIT: std::ops::RangeInclusive<u8> = 1..=100;

/// The list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ConversationsView {
    /// As the platform ordered them.
    pub rows: Vec<ConversationRow>,
    /// How many there are in all, where the platform says.
    pub total: Option<u32>,
    /// The answer where it is no list that is known.
    #[specta(type = specta_typescript::Unknown)]
    pub other: Value,
    /// When.
    pub seen_at: DateTime<Utc>,
    /// Just answered, or from the cache.
    pub source: Source,
}

/// One conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TranscriptView {
    /// In order; none where the shape is not known.
    pub messages: Vec<TranscriptMessage>,
    /// The whole answer.
    #[specta(type = specta_typescript::Unknown)]
    pub whole: Value,
    /// When.
    pub seen_at: DateTime<Utc>,
    /// Just answered, or from the cache.
    pub source: Source,
}

impl Session {
    pub(crate) async fn list_conversations(
        &self,
        id: &InstanceId,
        limit: u8,
    ) -> Result<ConversationsView, Failure> {
        let limit = limit.clamp(*LIMIT.start(), *LIMIT.end());
        self.need_key_or_kept(LIST, id.as_str())?;
        let entry = self.enter_strictly("list_conversations", id, json!({ "limit": limit }))?;
        let asked = ListConversations { id: id.clone(), limit };
        let looked = self.look(&asked, id, LIST, id.as_str()).await;
        entry.end(&looked);
        let (whole, seen_at, source) = looked?;
        let (rows, total) = read::list(&whole);
        let other = if rows.is_empty() && total.is_none() { whole } else { Value::Null };
        Ok(ConversationsView { rows, total, other, seen_at, source })
    }

    pub(crate) async fn conversation(
        &self,
        id: &InstanceId,
        conversation: &ConversationId,
    ) -> Result<TranscriptView, Failure> {
        if !read::is_readable(conversation.as_str()) {
            let detail = "a conversation's id matches ^[A-Za-z0-9:_-]{1,128}$";
            return Err(Failure::new(Code::NotFound { message: None }, detail));
        }
        let key = format!("{id}/{conversation}");
        self.need_key_or_kept(ONE, &key)?;
        let entry = self.enter_strictly("get_conversation", id, json!({ "conversation": conversation }))?;
        let asked = GetConversation { id: id.clone(), conversation: conversation.clone() };
        let looked = self.look(&asked, id, ONE, &key).await;
        entry.end(&looked);
        let (whole, seen_at, source) = looked?;
        Ok(TranscriptView { messages: read::transcript(&whole), whole, seen_at, source })
    }

    /// Without a key, what is not kept here can not be seen: then nothing happened that a ledger would tell.
    ///
    /// # Errors
    /// [`Code::NoKey`]
    fn need_key_or_kept(&self, kind: &str, key: &str) -> Result<(), Failure> {
        self.need_key().or_else(|failure| self.cache.read_seen::<Value>(kind, key).map(drop).ok_or(failure))
    }

    /// Asks; what a refusal or an outage means for the cache is the same for both.
    async fn look<E: Endpoint<Reply = Value>>(
        &self,
        asked: &E,
        id: &InstanceId,
        kind: &str,
        key: &str,
    ) -> Result<(Value, DateTime<Utc>, Source), Failure> {
        match self.call(asked).await {
            Ok(whole) => {
                let now = self.now();
                self.learn_consent(id, true);
                self.cache.write_seen(kind, key, &whole, now);
                Ok((whole, now, Source::Live))
            }
            Err(failure) => {
                if matches!(failure.code, Code::NotAllowed { .. }) {
                    self.learn_consent(id, false);
                }
                let cached = failure.is_outage().then(|| self.cache.read_seen(kind, key)).flatten();
                cached.map(|(whole, at)| (whole, at, Source::Cached)).ok_or(failure)
            }
        }
    }
}

impl Cache {
    /// Purges every cached conversation of an instance; returns how many things went.
    pub(crate) fn forget_conversations(&self, id: &InstanceId) -> Result<u32, Failure> {
        let connection = self.lock();
        let gone = connection.execute(
            "delete from seen where (kind = ?2 and id = ?1) or (kind = ?3 and substr(id, 1, length(?1) + 1) = ?1 || '/')",
            [id.as_str(), LIST, ONE],
        )?;
        Ok(crate::logs::count(gone))
    }
}
