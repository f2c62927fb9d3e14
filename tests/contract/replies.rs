//! The twenty replies by name, each with a way to read and write it, and their examples.

use nineheads_contract::{
    Endpoint, Unreadable, admin, chat, config, consent, conversations, deploys, instances, logs,
    model_policy, platform_config, runtime, updates, usage,
};
use serde::Serialize;
use serde_json::Value;

/// How one operation's reply is read and written.
pub(crate) struct Reply {
    /// The operation's id.
    pub(crate) name: &'static str,
    /// Whether fields that nobody has heard of are kept.
    pub(crate) keeps_unknown: bool,
    read_and_write: fn(&[u8]) -> Result<Value, Unreadable>,
}

impl Reply {
    const fn of<E: Endpoint>() -> Self
    where
        E::Reply: Serialize,
    {
        Self { name: E::NAME, keeps_unknown: false, read_and_write: read_and_write::<E> }
    }

    const fn open<E: Endpoint>() -> Self
    where
        E::Reply: Serialize,
    {
        Self { keeps_unknown: true, ..Self::of::<E>() }
    }

    /// Reads a reply as the client does, and writes it as the server does.
    pub(crate) fn round_trip(&self, reply: &Value) -> Result<Value, Unreadable> {
        (self.read_and_write)(reply.to_string().as_bytes())
    }
}

fn read_and_write<E: Endpoint>(bytes: &[u8]) -> Result<Value, Unreadable>
where
    E::Reply: Serialize,
{
    Ok(serde_json::to_value(E::read(bytes)?).expect("what was read can be written"))
}

/// In the order of the API's own page.
pub(crate) const REPLIES: &[Reply] = &[
    Reply::of::<instances::ListInstances>(),
    Reply::of::<deploys::CreateInstance>(),
    Reply::of::<admin::RotateKey>(),
    Reply::of::<deploys::PollByKey>(),
    Reply::of::<admin::Cleanup>(),
    Reply::of::<instances::GetInstance>(),
    Reply::of::<instances::DeleteInstance>(),
    Reply::open::<chat::SendMessage>(),
    Reply::open::<config::GetConfig>(),
    Reply::open::<config::UpdateConfig>(),
    Reply::of::<consent::UpdateConsent>(),
    Reply::open::<conversations::ListConversations>(),
    Reply::open::<conversations::GetConversation>(),
    Reply::of::<logs::GetLogs>(),
    Reply::of::<model_policy::UpdateModelPolicy>(),
    Reply::open::<platform_config::GetPlatformConfig>(),
    Reply::open::<platform_config::PatchPlatformConfig>(),
    Reply::of::<runtime::GetRuntime>(),
    Reply::of::<updates::ApplyUpdates>(),
    Reply::of::<usage::GetUsage>(),
];

/// An operation's example reply; `null` where the API's page gives none.
pub(crate) fn fixture(name: &str) -> Value {
    let path = format!("{}/contract/fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).expect("JSON")
}

/// The same value without the fields that are null.
pub(crate) fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key, without_nulls(value)))
            .collect(),
        Value::Array(rows) => rows.into_iter().map(without_nulls).collect(),
        other => other,
    }
}
