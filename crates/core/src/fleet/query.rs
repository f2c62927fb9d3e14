//! Which rows a person wants to see, and in which order. Pure.

use super::phase;
use nineheads_contract::instances::{InstanceSummary, Phase};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::cmp::Ordering;

/// A filter and an order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FleetQuery {
    /// Words that must all occur somewhere in the row.
    pub text: String,
    /// Phases to show; empty shows all.
    pub phases: Vec<Phase>,
    /// The column to sort by.
    pub sort: SortBy,
    /// Last first.
    pub descending: bool,
}

/// A column to sort by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SortBy {
    /// The agent's name.
    #[default]
    Name,
    /// What needs a look first.
    Status,
    /// The server's name.
    Host,
    /// The region.
    Region,
    /// The tier's name.
    Tier,
    /// The runtime.
    Runtime,
    /// Youngest first.
    Age,
}

/// What a search looks at, in lower case.
pub(super) fn search_text(row: &InstanceSummary) -> String {
    let status = row.status.as_ref().map(|status| status.0.as_str());
    let parts = [
        row.agent_name.as_deref(),
        row.hostname.as_deref(),
        Some(row.id.as_str()),
        row.region_id.as_deref(),
        row.ip_address.as_deref(),
        row.customer_email.as_deref(),
        row.product_tier_name.as_deref(),
        row.runtime_type.as_deref(),
        row.preset_id.as_deref(),
        row.provider.as_deref(),
        status,
    ];
    let mut text = String::with_capacity(160);
    for part in parts.into_iter().flatten() {
        text.extend(part.chars().flat_map(char::to_lowercase));
        text.push('\n');
    }
    text
}

/// The places of the rows that fit, in order.
pub(super) fn arrange<'a>(
    query: &FleetQuery,
    rows: impl Iterator<Item = (&'a InstanceSummary, &'a str)>,
) -> Vec<u32> {
    let lower = query.text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let mut fitting: Vec<(u32, SortKey<'a>, &'a InstanceSummary)> = (0u32..)
        .zip(rows)
        .filter(|(_, (row, _))| query.phases.is_empty() || query.phases.contains(&phase(row)))
        .filter(|(_, (_, text))| words.iter().all(|word| text.contains(word)))
        .map(|(at, (row, text))| (at, sort_key(query.sort, row, text), row))
        .collect();
    fitting.sort_by(|(_, a, left), (_, b, right)| {
        let order = a.missing.cmp(&b.missing).then_with(|| {
            let order = a.number.cmp(&b.number).then_with(|| a.text.cmp(b.text));
            if query.descending { order.reverse() } else { order }
        });
        order.then_with(|| by_name(left, right)).then_with(|| left.id.cmp(&right.id))
    });
    fitting.into_iter().map(|(at, ..)| at).collect()
}

/// Unknown values come last in both directions.
struct SortKey<'a> {
    missing: bool,
    number: i64,
    text: &'a str,
}

fn sort_key<'a>(sort: SortBy, row: &'a InstanceSummary, search_text: &'a str) -> SortKey<'a> {
    let text = |value: &'a Option<String>| SortKey {
        missing: value.is_none(),
        number: 0,
        text: value.as_deref().unwrap_or_default(),
    };
    match sort {
        // The search text begins with the name in lower case.
        SortBy::Name => SortKey {
            missing: row.agent_name.is_none(),
            number: 0,
            text: search_text.split('\n').next().unwrap_or_default(),
        },
        SortBy::Host => text(&row.hostname),
        SortBy::Region => text(&row.region_id),
        SortBy::Tier => text(&row.product_tier_name),
        SortBy::Runtime => text(&row.runtime_type),
        SortBy::Status => SortKey { missing: false, number: urgency(phase(row)), text: "" },
        SortBy::Age => SortKey {
            missing: row.created_at.is_none(),
            number: row.created_at.map_or(0, |at| -at.timestamp_millis()),
            text: "",
        },
    }
}

fn by_name(left: &InstanceSummary, right: &InstanceSummary) -> Ordering {
    left.agent_name.cmp(&right.agent_name)
}

fn urgency(phase: Phase) -> i64 {
    match phase {
        Phase::Failed => 0,
        Phase::Unknown => 1,
        Phase::OnItsWay => 2,
        Phase::Deleting => 3,
        Phase::Gone => 4,
        Phase::Running => 5,
    }
}
