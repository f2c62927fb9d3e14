//! Conversations that an agent had: operations 12 and 13. Readable only while consent holds.

use crate::endpoint::{Endpoint, NoBody, Repeat, Scope};
use crate::{ConversationId, InstanceId};
use http::Method;
use serde_json::Value;

/// How many conversations come when no number is asked for. Documented: 1 to 100.
pub const DEFAULT_LIMIT: u8 = 20;

/// Operation 12: `GET /v1/instances/{id}/conversations`. The reply is not documented.
#[derive(Debug, Clone)]
pub struct ListConversations {
    /// Which one.
    pub id: InstanceId,
    /// 1 to 100; see [`DEFAULT_LIMIT`].
    pub limit: u8,
}

impl Endpoint for ListConversations {
    const NAME: &'static str = "list_conversations";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/v1/instances/{instance_id}/conversations";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Read;
    type Body = NoBody;
    type Reply = Value;

    fn segments(&self) -> Vec<&str> {
        vec![self.id.as_str()]
    }

    fn query(&self) -> Vec<(&'static str, String)> {
        vec![("limit", self.limit.to_string())]
    }
}

/// Operation 13: `GET /v1/instances/{id}/conversations/{conversation_id}`. The reply is not documented.
#[derive(Debug, Clone)]
pub struct GetConversation {
    /// Which one.
    pub id: InstanceId,
    /// Which conversation.
    pub conversation: ConversationId,
}

impl Endpoint for GetConversation {
    const NAME: &'static str = "get_conversation";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/v1/instances/{instance_id}/conversations/{conversation_id}";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Read;
    type Body = NoBody;
    type Reply = Value;

    fn segments(&self) -> Vec<&str> {
        vec![self.id.as_str(), self.conversation.as_str()]
    }
}
