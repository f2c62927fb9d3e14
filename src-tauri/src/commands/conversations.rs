//! Conversations an agent had, and whether they may be read.

use nineheads_core::consent::ConsentView;
use nineheads_core::contract::{ConversationId, InstanceId};
use nineheads_core::conversations::{ConversationsView, TranscriptView};

ask_console! {
    get_consent(id: InstanceId) -> ConsentView => |console| console.consent(&id);
    set_consent(id: InstanceId, granted: bool, purpose: String) -> ConsentView => |console| console.set_consent(&id, granted, &purpose).await;
    list_conversations(id: InstanceId, limit: u8) -> ConversationsView => |console| console.list_conversations(&id, limit).await;
    get_conversation(id: InstanceId, conversation: ConversationId) -> TranscriptView => |console| console.conversation(&id, &conversation).await;
}
