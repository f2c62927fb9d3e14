//! What a real agent says of its updates. It never updates itself: the program is this computer's, and is renewed there.

use super::super::ask::{Ask, AskError};
use serde_json::{Value, json};

/// A newer version, where the agent has heard of one.
pub(crate) fn newer_version(agent: &dyn Ask) -> Result<Option<String>, AskError> {
    Ok(read(&agent.ask("update.status", json!({}))?))
}

fn read(status: &Value) -> Option<String> {
    let newer = &status["updateAvailable"];
    let version = ["latestVersion", "version"].iter().find_map(|key| newer[*key].as_str());
    version.or_else(|| newer.as_str()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::super::recorded::payload;
    use super::*;

    #[test]
    fn a_newer_version_is_told_and_none_is_none() {
        assert_eq!(read(&payload!("update_status")), None);
        let newer = json!({"updateAvailable": {"currentVersion": "2026.9.6", "latestVersion": "2026.10.1"}});
        assert_eq!(read(&newer).as_deref(), Some("2026.10.1"));
    }
}
