//! What could follow where the cursor stands: fields by their names, values by what occurs in the fleet. Pure.

use super::matching::phase_word;
use super::parse::{RawTerm, scan};
use super::{FilterField, Kind, Pattern, place};
use crate::fleet::phase;
use crate::fleet::row::Row;
use serde::{Deserialize, Serialize};
use specta::Type;
use std::collections::HashMap;

/// Most that are offered at once.
const MOST: usize = 12;

/// Something that can be put into the text of a filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Suggestion {
    /// What is put in.
    pub text: String,
    /// The place of the first character that it replaces.
    pub from: u32,
    /// The place after the last one.
    pub to: u32,
    /// What is shown.
    pub label: String,
    /// The field itself; none for one of its values.
    pub field: Option<FilterField>,
    /// How many rows have it; none where nobody counts.
    pub count: Option<u32>,
}

/// What fits at a place of the text, best first.
pub(crate) fn complete(text: &str, cursor: u32, rows: &[Row]) -> Vec<Suggestion> {
    let letters: Vec<char> = text.chars().collect();
    let cursor = (cursor as usize).min(letters.len());
    let term = scan(&letters).into_iter().find(|term| term.from <= cursor && cursor <= term.to);
    match term {
        Some(RawTerm { field: Some(word), negated, from, items, .. }) => {
            let colon = from + usize::from(negated) + word.chars().count();
            if cursor <= colon {
                let typed: String =
                    word.chars().take(cursor.saturating_sub(from + usize::from(negated))).collect();
                return fields(&typed, from + usize::from(negated), colon + 1);
            }
            let Some(field) = FilterField::of(&word) else { return Vec::new() };
            let Some(item) = items.iter().find(|item| item.from <= cursor && cursor <= item.to) else {
                return Vec::new();
            };
            values(field, &item.pattern.typed(), item.from, item.to, rows)
        }
        Some(RawTerm { negated, from, to, items, .. }) => match items.first() {
            Some(item) if !item.quoted => fields(&item.pattern.typed(), from + usize::from(negated), to),
            _ => Vec::new(),
        },
        None => fields("", cursor, cursor),
    }
}

fn fields(typed: &str, from: usize, to: usize) -> Vec<Suggestion> {
    let typed = typed.to_lowercase();
    let fitting = FilterField::ALL.into_iter().filter(|field| field.word().starts_with(&typed));
    fitting
        .map(|field| {
            let label = format!("{}:", field.word());
            Suggestion {
                text: label.clone(),
                from: place(from),
                to: place(to),
                label,
                field: Some(field),
                count: None,
            }
        })
        .collect()
}

fn values(field: FilterField, typed: &str, from: usize, to: usize, rows: &[Row]) -> Vec<Suggestion> {
    let offer = |value: &str, label: &str, count| Suggestion {
        text: value.to_owned(),
        from: place(from),
        to: place(to),
        label: label.to_owned(),
        field: None,
        count,
    };
    let fixed: &[&str] = match field.kind() {
        Kind::Time if field == FilterField::Age => &[">1d", ">7d", ">4w", "<1h", "<1d", "<7d"],
        Kind::Time => &[">5m", ">1h", ">1d", "<5m"],
        Kind::Money => &[">0", ">1", ">10", ">100", "<1"],
        Kind::YesNo => &["yes", "no"],
        _ => &[],
    };
    if !fixed.is_empty() {
        return fixed
            .iter()
            .filter(|value| value.starts_with(typed))
            .map(|value| offer(value, value, None))
            .collect();
    }
    let mut found: Vec<(bool, &str, u32)> = count_values(field, rows)
        .into_iter()
        .filter_map(|(value, count)| {
            let lower = value.to_lowercase();
            lower.contains(typed).then(|| (!lower.starts_with(typed), value, count))
        })
        .collect();
    found.sort_by(|one, other| {
        one.0.cmp(&other.0).then_with(|| other.2.cmp(&one.2)).then_with(|| one.1.cmp(other.1))
    });
    found.truncate(MOST);
    found
        .into_iter()
        .map(|(_, value, count)| offer(&Pattern::of_text(value).to_string(), value, Some(count)))
        .collect()
}

/// The values that occur, as they are written, with how many rows have each.
fn count_values(field: FilterField, rows: &[Row]) -> HashMap<&str, u32> {
    let mut counts = HashMap::new();
    for row in rows {
        let summary = &row.summary;
        let value = match field {
            FilterField::Tag => {
                for tag in row.label.iter().flat_map(|label| &label.tags) {
                    *counts.entry(tag.as_str()).or_default() += 1;
                }
                None
            }
            FilterField::Status => {
                let word = summary.status.as_ref().map(|status| status.0.as_str());
                let phase = phase_word(phase(summary));
                if word != Some(phase) {
                    *counts.entry(phase).or_default() += 1;
                }
                word
            }
            FilterField::Name => summary.agent_name.as_deref(),
            FilterField::Id => Some(summary.id.as_str()),
            FilterField::Host => summary.hostname.as_deref(),
            FilterField::Ip => summary.ip_address.as_deref(),
            FilterField::Region => summary.region_id.as_deref(),
            FilterField::Tier => summary.product_tier_name.as_deref(),
            FilterField::Runtime => summary.runtime_type.as_deref(),
            FilterField::Preset => summary.preset_id.as_deref(),
            FilterField::Provider => summary.provider.as_deref(),
            FilterField::Customer => summary.customer_email.as_deref(),
            FilterField::Note
            | FilterField::Star
            | FilterField::Age
            | FilterField::Heartbeat
            | FilterField::Cost => None,
        };
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            *counts.entry(value).or_default() += 1;
        }
    }
    counts
}
