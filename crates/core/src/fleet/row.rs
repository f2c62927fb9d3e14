//! One row of the fleet: what the list says of it, and what this computer knows besides. On the wire it wraps the list's row.
//! Nothing here is asked for: what no look has brought is not known.

use super::filter::FilterField;
use crate::labels::Label;
use crate::seen::Seen;
use chrono::{DateTime, Utc};
use nineheads_contract::instances::InstanceSummary;
use nineheads_contract::runtime::RuntimeStatus;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use specta::Type;
use std::ops::Deref;

/// A row as a screen sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FleetRow {
    /// What the platform's list says.
    pub instance: InstanceSummary,
    /// What a person noted of it.
    pub label: Option<Label>,
    /// The agent's last heartbeat as of the newest look at it.
    pub heartbeat: Option<Seen<DateTime<Utc>>>,
    /// The agent's version as of the newest look at it.
    pub version: Option<Seen<String>>,
    /// US dollars of 30 days as of the newest answer, as decimal text.
    pub cost30: Option<Seen<String>>,
}

/// A row is its instance, with more.
impl Deref for FleetRow {
    type Target = InstanceSummary;

    fn deref(&self) -> &InstanceSummary {
        &self.instance
    }
}

/// What looks at single instances brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Known {
    pub heartbeat: Option<Seen<DateTime<Utc>>>,
    /// Of the agent.
    pub version: Option<Seen<String>>,
    pub cost30: Option<Seen<Decimal>>,
    /// What the agent complained of at the newest look.
    pub complaint: Option<Seen<Complaint>>,
    /// This run looked at the agent.
    pub looked: bool,
}

/// An error as an agent or the platform tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Complaint {
    pub code: Option<String>,
    pub message: Option<String>,
}

impl Complaint {
    /// None where the agent complains of nothing.
    pub(crate) fn of(runtime: &RuntimeStatus) -> Option<Self> {
        let complaint = Self { code: runtime.error_code.clone(), message: runtime.error_message.clone() };
        (complaint != Self::default()).then_some(complaint)
    }
}

impl Known {
    /// For how many seconds the agent had been silent when it was looked at. Since then nobody knows.
    pub(crate) fn silence(&self) -> Option<i64> {
        let seen = self.heartbeat.as_ref()?;
        Some((seen.seen_at - seen.value).num_seconds().max(0))
    }

    pub(crate) fn cost(&self) -> Option<Decimal> {
        Some(self.cost30.as_ref()?.value)
    }
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Row {
    pub summary: InstanceSummary,
    pub label: Option<Label>,
    pub known: Known,
    pub text: RowText,
}

impl Row {
    pub(super) fn new(summary: InstanceSummary, label: Option<Label>, known: Known) -> Self {
        let text = RowText::of(&summary, label.as_ref());
        Self { summary, label, known, text }
    }

    /// What is read in it is another now.
    pub(super) fn read_anew(&mut self) {
        self.text = RowText::of(&self.summary, self.label.as_ref());
    }

    pub(super) fn shown(&self) -> FleetRow {
        let cost = |seen: &Seen<Decimal>| Seen {
            value: seen.value.to_string(),
            seen_at: seen.seen_at,
            source: seen.source,
        };
        FleetRow {
            instance: self.summary.clone(),
            label: self.label.clone(),
            heartbeat: self.known.heartbeat.clone(),
            version: self.known.version.clone(),
            cost30: self.known.cost30.as_ref().map(cost),
        }
    }
}

/// Everything a search looks at, in lower case, one line a field.
#[derive(Debug, Default)]
pub(crate) struct RowText {
    all: String,
    ends: [u32; LINES.len()],
}

fn push_lower(all: &mut String, line: &str) {
    let from = all.len();
    match line.is_ascii() {
        true => {
            all.push_str(line);
            all[from..].make_ascii_lowercase();
        }
        false => all.extend(line.chars().flat_map(char::to_lowercase)),
    }
}

/// The fields that are text, in the order of the lines.
const LINES: [FilterField; 13] = [
    FilterField::Name,
    FilterField::Host,
    FilterField::Id,
    FilterField::Region,
    FilterField::Ip,
    FilterField::Customer,
    FilterField::Tier,
    FilterField::Runtime,
    FilterField::Preset,
    FilterField::Provider,
    FilterField::Status,
    FilterField::Tag,
    FilterField::Note,
];

impl RowText {
    fn of(row: &InstanceSummary, label: Option<&Label>) -> Self {
        let tags = label.map(|label| label.tags.iter().map(String::as_str).collect::<Vec<_>>().join(" "));
        let mut text = Self { all: String::with_capacity(160), ..Self::default() };
        for (end, field) in text.ends.iter_mut().zip(LINES) {
            let line = match field {
                FilterField::Name => row.agent_name.as_deref(),
                FilterField::Host => row.hostname.as_deref(),
                FilterField::Id => Some(row.id.as_str()),
                FilterField::Region => row.region_id.as_deref(),
                FilterField::Ip => row.ip_address.as_deref(),
                FilterField::Customer => row.customer_email.as_deref(),
                FilterField::Tier => row.product_tier_name.as_deref(),
                FilterField::Runtime => row.runtime_type.as_deref(),
                FilterField::Preset => row.preset_id.as_deref(),
                FilterField::Provider => row.provider.as_deref(),
                FilterField::Status => row.status.as_ref().map(|status| status.0.as_str()),
                FilterField::Tag => tags.as_deref(),
                FilterField::Note => label.map(|label| label.note.as_str()),
                FilterField::Star | FilterField::Age | FilterField::Heartbeat | FilterField::Cost => None,
            };
            push_lower(&mut text.all, line.unwrap_or_default());
            *end = u32::try_from(text.all.len()).unwrap_or(u32::MAX);
            text.all.push('\n');
        }
        text
    }

    /// All lines.
    pub(crate) fn all(&self) -> &str {
        &self.all
    }

    /// One field's line; nothing where the row has none.
    pub(crate) fn of_field(&self, field: FilterField) -> &str {
        let Some(at) = LINES.iter().position(|line| *line == field) else { return "" };
        let from = if at == 0 { 0 } else { self.ends[at - 1] as usize + 1 };
        self.all.get(from..self.ends[at] as usize).unwrap_or_default()
    }
}
