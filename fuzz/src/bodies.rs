//! What must hold for any bytes. Run by the fuzzer on what it makes up, and by the ordinary tests on the corpus.

use crate::asked::{Link, plain, read_address, redact};
use nineheads_contract::chat::{ReplyDecoder, ReplyPart};
use nineheads_contract::endpoint::encode_segment;
use nineheads_contract::problem::{FIELD_LIMIT, MESSAGE_LIMIT};
use nineheads_contract::{
    Endpoint, Problem, admin, chat, config, consent, conversations, deploys, instances, logs, model_policy,
    neighbours, platform_config, runtime, updates, usage,
};

/// Every reply of the twenty operations and of their neighbours, and every refusal: any bytes are read or refused.
pub fn replies(bytes: &[u8]) {
    macro_rules! read {
        ($($endpoint:ty),* $(,)?) => { $( let _ = <$endpoint>::read(bytes); )* };
    }
    read!(
        deploys::CreateInstance,
        admin::RotateKey,
        deploys::PollByKey,
        admin::Cleanup,
        instances::DeleteInstance,
        chat::SendMessage,
        config::GetConfig,
        config::UpdateConfig,
        consent::UpdateConsent,
        conversations::ListConversations,
        conversations::GetConversation,
        logs::GetLogs,
        model_policy::UpdateModelPolicy,
        platform_config::GetPlatformConfig,
        platform_config::PatchPlatformConfig,
        runtime::GetRuntime,
        updates::ApplyUpdates,
        usage::GetUsage,
        neighbours::GetKeyContext,
    );
    if let Ok(list) = instances::ListInstances::read(bytes) {
        assert!(list.instances.iter().all(|row| !row.id.as_str().is_empty()), "a row has an id");
        // What was read can be kept and read again.
        let kept = serde_json::to_vec(&list).expect("a list can be written");
        assert_eq!(instances::ListInstances::read(&kept).expect("and read again").instances, list.instances);
    }
    if let Ok(detail) = instances::GetInstance::read(bytes) {
        assert!(!detail.id.as_str().is_empty(), "an instance has an id");
    }
    for status in [400, 422, 500] {
        let problem = Problem::read(status, bytes);
        assert!(problem.message.is_none_or(|message| message.len() <= MESSAGE_LIMIT));
        assert!(problem.fields.len() <= FIELD_LIMIT);
        assert!(problem.fields.iter().all(|field| field.msg.len() <= MESSAGE_LIMIT));
    }
}

/// A reply of a chat, cut into pieces of a size that the first byte says: where it is cut makes no difference.
pub fn sse(bytes: &[u8]) {
    let Some((size, bytes)) = bytes.split_first() else { return };
    for kind in [Some("text/event-stream"), Some("application/json"), None] {
        let whole = decode(kind, bytes, bytes.len());
        assert_eq!(decode(kind, bytes, usize::from(*size % 64)), whole);
    }
}

fn decode(kind: Option<&str>, bytes: &[u8], size: usize) -> (String, Option<ReplyPart>) {
    let mut decoder = ReplyDecoder::new(kind);
    let mut parts: Vec<_> = bytes.chunks(size.max(1)).flat_map(|piece| decoder.push(piece)).collect();
    parts.extend(decoder.finish());
    let mut text = String::new();
    for part in &parts {
        match part {
            ReplyPart::Text(more) => text.push_str(more),
            ReplyPart::Whole(all) => text.clone_from(all),
            _ => {}
        }
    }
    (text, parts.pop())
}

/// Addresses of platforms, links of agents, ids in paths: what is accepted is what it seems to be.
pub fn urls(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(address) = read_address(text) {
        let url = url::Url::parse(&address).expect("what is kept is a URL");
        assert!(url.username().is_empty() && url.password().is_none(), "{address}");
        assert!(url.query().is_none() && url.fragment().is_none(), "{address}");
        let host = url.host_str().expect("a host");
        let loopback = host == "[::1]" || host.starts_with("127.");
        assert!(url.scheme() == "https" || (url.scheme() == "http" && loopback), "{address}");
        assert_eq!(read_address(&address).expect("it is read again"), address);
    }
    if let Some(Link { url, target }) = Link::read(text) {
        assert!(url.starts_with("https://") || url.starts_with("mailto:"), "{url}");
        assert!(
            !target.is_empty() && !target.chars().any(|letter| letter.is_control() || letter == '\u{202e}')
        );
        assert!(url.len() <= 3 * 2048 + 64, "{}", url.len());
    }
    let segment = encode_segment(text);
    let url = url::Url::parse(&format!("https://a.example/v1/instances/{segment}/logs")).expect("a URL");
    let parts: Vec<_> = url.path_segments().expect("a path").collect();
    assert_eq!((parts.len(), parts[1], parts[3]), (4, "instances", "logs"), "{segment}");
}

/// Lines of logs: no escape and no control leaves, and a key that stands alone is taken out.
pub fn text(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let clean = plain(&text);
    assert!(clean.chars().all(|letter| !letter.is_control() || letter == '\t'), "{clean:?}");
    assert_eq!(plain(&clean), clean);
    let key = "hc_live_0123456789abcdefABCDEF";
    for line in [format!("{clean} {key} {clean}"), format!("{clean}\n{key}\n"), key.to_owned()] {
        assert!(!redact(&line).contains(key), "{line:?}");
    }
}
