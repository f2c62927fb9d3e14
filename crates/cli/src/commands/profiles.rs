//! `profiles`: which ones the app knows.

use crate::failure::Stop;
use crate::output::Output;
use nineheads_core::Console;
use serde_json::{Value, json};

pub(crate) fn run(console: &Console, output: Output) -> Result<(), Stop> {
    let (all, last) = (console.profiles(), console.last_profile().map(|last| last.id));
    let is_last = |id: &str| last.as_deref() == Some(id);
    let documents: Vec<Value> = all
        .iter()
        .map(|profile| {
            json!({
                "id": profile.id, "name": profile.name, "url": profile.base_url, "safety": profile.safety,
                "last": is_last(&profile.id),
            })
        })
        .collect();
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|profile| {
            let mark = if is_last(&profile.id) { "last" } else { "" };
            vec![profile.name.clone(), profile.base_url.clone(), profile.id.clone(), mark.to_owned()]
        })
        .collect();
    output.rows(json!({ "profiles": documents }), &["name", "address", "id", ""], &rows)
}
