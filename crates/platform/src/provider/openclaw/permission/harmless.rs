//! What of a configuration gives an agent no power over the computer. Everything that is not named here is taken for
//! power: what a later OpenClaw adds, another spelling of a key, a key that nobody knows.

use super::path::{at, leads_to, matches};
use serde_json::Value;

/// Looks, words, limits and rhythms: plain values, or lists of plain values.
const PLAIN: &[&str] = &[
    "ui.seamColor",
    "ui.prefs.*",
    "messages.ackReaction",
    "messages.ackReactionScope",
    "messages.responsePrefix",
    "messages.responseUsage",
    "messages.responseUsage.*",
    "messages.statusReactions.enabled",
    "messages.queue.mode",
    "messages.queue.cap",
    "messages.queue.drop",
    "messages.queue.byChannel.*",
    "messages.queue.debounceMsByChannel.*",
    "messages.inbound.debounceMs",
    "messages.inbound.byChannel.*",
    "messages.groupChat.historyLimit",
    "messages.groupChat.mentionPatterns",
    "session.reset.*",
    "session.resetByType.*.*",
    "session.resetByChannel.*.*",
    "session.resetTriggers",
    "session.notifyOnCreate",
    "session.maintenance.mode",
    "session.maintenance.pruneAfter",
    "session.maintenance.maxEntries",
    "session.maintenance.maxDiskBytes",
    "session.maintenance.preserveRecent",
    "session.maintenance.archiveDashboardAfter",
    "logging.level",
    "logging.consoleLevel",
    "logging.consoleStyle",
    "logging.maxFileBytes",
    "memory.citations",
    "attachments.ttlHours",
    "surfaces.*.silentReply.*",
    "skills.entries.*.enabled",
    "skills.limits.*",
    "agents.defaults.thinkingDefault",
    "agents.defaults.verboseDefault",
    "agents.defaults.reasoningDefault",
    "agents.defaults.fastModeDefault",
    "agents.defaults.toolProgressDetail",
    "agents.defaults.userTimezone",
    "agents.defaults.timeoutSeconds",
    "agents.defaults.typingIntervalSeconds",
    "agents.defaults.typingMode",
    "agents.defaults.humanDelay.*",
    "agents.defaults.blockStreamingDefault",
    "agents.defaults.blockStreamingBreak",
    "agents.defaults.blockStreamingChunk.*",
    "agents.defaults.blockStreamingCoalesce.*",
    "agents.defaults.silentReply.*",
    "agents.defaults.contextInjection",
    "agents.defaults.contextLimits.*",
    "agents.defaults.contextPruning.mode",
    "agents.defaults.contextPruning.ttl",
    "agents.defaults.bootstrapMaxChars",
    "agents.defaults.bootstrapTotalMaxChars",
    "agents.defaults.imageMaxDimensionPx",
    "agents.defaults.imageQuality",
    "agents.defaults.mediaMaxMb",
    "agents.defaults.pdfMaxMb",
    "agents.defaults.pdfMaxPages",
    "agents.defaults.maxConcurrent",
    "agents.defaults.startupContext.*",
    "agents.defaults.compaction.enabled",
    "agents.defaults.compaction.mode",
    "agents.defaults.compaction.notifyUser",
    "agents.defaults.compaction.thinkingLevel",
    "agents.defaults.compaction.timeoutSeconds",
    "agents.defaults.compaction.keepRecentTokens",
    "agents.defaults.compaction.recentTurnsPreserve",
    "agents.defaults.heartbeat.every",
    "agents.defaults.heartbeat.prompt",
    "agents.defaults.heartbeat.activeHours.*",
    "agents.defaults.heartbeat.timeoutSeconds",
    "agents.defaults.heartbeat.lightContext",
    "agents.defaults.heartbeat.isolatedSession",
    "agents.entries.*.name",
    "agents.entries.*.description",
    "agents.entries.*.identity.name",
    "agents.entries.*.identity.emoji",
    "agents.entries.*.identity.theme",
    "agents.entries.*.thinkingDefault",
    "agents.entries.*.reasoningDefault",
    "agents.entries.*.fastModeDefault",
    "agents.entries.*.toolProgressDetail",
    "agents.entries.*.contextInjection",
    "agents.entries.*.contextLimits.*",
    "agents.entries.*.bootstrapMaxChars",
    "agents.entries.*.bootstrapTotalMaxChars",
    "agents.entries.*.humanDelay.*",
    "agents.entries.*.groupChat.historyLimit",
    "agents.entries.*.groupChat.mentionPatterns",
];

/// Names of models. Some providers of OpenClaw's are programs with tools of their own, so only those count that the
/// configuration reaches over HTTP already.
const MODELS: &[&str] = &[
    "agents.defaults.model",
    "agents.defaults.model.primary",
    "agents.defaults.model.fallbacks",
    "agents.defaults.utilityModel",
    "agents.defaults.decisionModel",
    "agents.defaults.imageModel",
    "agents.defaults.imageModel.primary",
    "agents.defaults.imageModel.fallbacks",
    "agents.defaults.heartbeat.model",
    "agents.defaults.compaction.model",
    "agents.defaults.compaction.memoryFlush.model",
    "agents.entries.*.model",
    "agents.entries.*.model.primary",
    "agents.entries.*.model.fallbacks",
];

/// What a provider offers.
const MODEL_LIST: &str = "models.providers.*.models";
/// What a model is; neither where it is nor with which headers it is asked.
const MODEL_FACTS: &[&str] =
    &["id", "name", "reasoning", "input", "cost", "contextWindow", "contextTokens", "maxTokens"];

/// Whether it does no harm that a value stands at a place of this configuration.
pub(super) fn allows(document: &Value, path: &[String], value: &Value) -> bool {
    if value.as_object().is_some_and(serde_json::Map::is_empty) {
        return PLAIN.iter().chain(MODELS).any(|pattern| leads_to(path, pattern));
    }
    if PLAIN.iter().any(|pattern| matches(path, pattern)) {
        return is_plain(value);
    }
    if MODELS.iter().any(|pattern| matches(path, pattern)) {
        return names_known_models(document, value);
    }
    matches(path, MODEL_LIST)
        && is_asked_over_http(document, &path[2])
        && value.as_array().is_some_and(|models| models.iter().all(describes_a_model))
}

/// Whether a place is one of those that may hold something harmless: what stands there may go.
pub(super) fn names(path: &[String]) -> bool {
    PLAIN.iter().chain(MODELS).chain([&MODEL_LIST]).any(|pattern| matches(path, pattern))
}

/// Whether a place can be a trick, or belongs to an agent that is not there yet: whatever is written there is power.
pub(super) fn is_suspect(document: &Value, path: &[String]) -> bool {
    path.iter().any(|key| is_trick(key)) || !is_of_a_known_agent(document, path)
}

/// Keys that a reader of configurations or JavaScript takes for more than a name.
fn is_trick(key: &str) -> bool {
    key.starts_with('$') || ["__proto__", "constructor", "prototype"].contains(&key)
}

/// An agent that is not there yet would get a folder and rights of its own.
fn is_of_a_known_agent(document: &Value, path: &[String]) -> bool {
    let [agents, entries, id, ..] = path else { return true };
    let of_one = agents == "agents" && entries == "entries";
    !of_one || id == "main" || at(document, &path[..3]).is_some()
}

fn is_plain(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(is_scalar),
        value => is_scalar(value),
    }
}

/// A text that refers to the environment would bring a key into the open.
fn is_scalar(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.contains("${"),
        Value::Array(_) | Value::Object(_) => false,
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

fn names_known_models(document: &Value, value: &Value) -> bool {
    let known = |value: &Value| {
        let name = value.as_str().filter(|name| !name.contains("${")).and_then(|name| name.split_once('/'));
        name.is_some_and(|(provider, _)| is_asked_over_http(document, provider))
    };
    match value {
        Value::Array(names) => names.iter().all(known),
        name => known(name),
    }
}

/// Whether a provider of this configuration has an address, and no program that stands in for it.
fn is_asked_over_http(document: &Value, provider: &str) -> bool {
    let place = ["models", "providers", provider].map(str::to_owned);
    at(document, &place).is_some_and(|provider| {
        provider.get("baseUrl").is_some_and(Value::is_string) && provider.get("agentRuntime").is_none()
    })
}

fn describes_a_model(model: &Value) -> bool {
    let Some(model) = model.as_object() else { return false };
    model.iter().all(|(key, value)| {
        let plain = match (key.as_str(), value) {
            ("cost", Value::Object(cost)) => cost.values().all(Value::is_number),
            (_, value) => is_plain(value),
        };
        plain && MODEL_FACTS.contains(&key.as_str())
    })
}
