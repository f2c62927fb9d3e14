//! Which rows a person wants to see, and in which order. Pure.

use super::facts::{FleetGroup, UnknownRows};
use super::filter::{self, Compiled, FilterField, Verdict};
use super::phase;
use super::row::Row;
use chrono::{DateTime, Utc};
use nineheads_contract::instances::{InstanceSummary, Phase};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};
use specta::Type;
use std::cmp::Ordering;
use std::collections::HashMap;

/// A filter and an order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FleetQuery {
    /// In the language of `filter`.
    pub text: String,
    /// Phases to show; empty shows all.
    pub phases: Vec<Phase>,
    /// The column to sort by.
    pub sort: SortBy,
    /// Last first.
    pub descending: bool,
    /// What lies together.
    pub group: Option<GroupBy>,
}

/// What rows of a group have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum GroupBy {
    /// The status as the platform writes it.
    Status,
    /// Whose it is.
    Customer,
    /// Where it runs.
    Region,
    /// The agent's version, as far as it was looked at.
    Version,
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
    /// Whose it is.
    Customer,
    /// Heard of most recently first, as far as it was looked at.
    Heartbeat,
    /// Cheapest first, as far as it was asked.
    Cost,
}

/// Whether a query is about what only looks at single instances bring.
pub(crate) fn asks_known(query: &FleetQuery) -> bool {
    let FleetQuery { text, sort, group, .. } = query;
    matches!(sort, SortBy::Heartbeat | SortBy::Cost)
        || *group == Some(GroupBy::Version)
        || filter::asks_known(text)
}

/// The rows that fit.
#[derive(Debug, Default)]
pub(super) struct Arranged {
    /// Their places, in order.
    pub order: Vec<u32>,
    pub groups: Vec<FleetGroup>,
    pub unknown: UnknownRows,
}

fn is_of_phase(query: &FleetQuery, row: &Row) -> bool {
    query.phases.is_empty() || query.phases.contains(&phase(&row.summary))
}

/// How many rows fit, whatever their order.
pub(super) fn count(query: &FleetQuery, filter: &Compiled, rows: &[Row], now: DateTime<Utc>) -> u32 {
    let fits = |row: &&Row| is_of_phase(query, row) && filter.judge(row, now) == Verdict::Fits;
    crate::logs::count(rows.iter().filter(fits).count())
}

/// Filters, sorts and groups.
pub(super) fn arrange(query: &FleetQuery, filter: &Compiled, rows: &[Row], now: DateTime<Utc>) -> Arranged {
    let mut unknown = UnknownRows::default();
    let mut fitting: Vec<(u32, SortKey<'_>, &Row)> = (0u32..)
        .zip(rows)
        .filter(|(_, row)| is_of_phase(query, row))
        .filter(|(_, row)| match filter.judge(row, now) {
            Verdict::Fits => true,
            Verdict::Not => false,
            Verdict::Unknown(of) => {
                unknown.rows += 1;
                unknown.age += u32::from(of.age);
                unknown.heartbeat += u32::from(of.heartbeat);
                unknown.cost += u32::from(of.cost);
                false
            }
        })
        .map(|(at, row)| (at, sort_key(query.sort, row), row))
        .collect();
    fitting.sort_by(|(_, a, left), (_, b, right)| {
        let order = a.missing.cmp(&b.missing).then_with(|| {
            let order = a.number.cmp(&b.number).then_with(|| a.text.cmp(b.text));
            if query.descending { order.reverse() } else { order }
        });
        let (left, right) = (&left.summary, &right.summary);
        order.then_with(|| by_name(left, right)).then_with(|| left.id.cmp(&right.id))
    });
    let groups = query.group.map(|by| group(by, query, &mut fitting)).unwrap_or_default();
    Arranged { order: fitting.into_iter().map(|(at, ..)| at).collect(), groups, unknown }
}

/// Lays rows of a group together. Groups come in the order of what they have in common, so that one stays where it is while its
/// rows move; the one of which that is not known comes last.
fn group(by: GroupBy, query: &FleetQuery, sorted: &mut [(u32, SortKey<'_>, &Row)]) -> Vec<FleetGroup> {
    let mut found: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<(i64, FleetGroup)> = Vec::new();
    let mut group_of = HashMap::with_capacity(sorted.len());
    for (at, _, row) in sorted.iter() {
        let label = common(by, row);
        let key = label.to_lowercase();
        let place = *found.entry(key.clone()).or_insert_with(|| {
            let rank = if by == GroupBy::Status { urgency(phase(&row.summary)) } else { 0 };
            groups.push((rank, FleetGroup { key, label: label.to_owned(), count: 0, offset: 0 }));
            groups.len() - 1
        });
        groups[place].1.count += 1;
        group_of.insert(*at, place);
    }
    let is_turned = query.descending && by.sorts() == Some(query.sort);
    let mut turns: Vec<usize> = (0..groups.len()).collect();
    turns.sort_by(|&a, &b| {
        let ((a_rank, a), (b_rank, b)) = (&groups[a], &groups[b]);
        let order = a_rank.cmp(b_rank).then_with(|| by_parts(&a.key, &b.key));
        a.key.is_empty().cmp(&b.key.is_empty()).then(if is_turned { order.reverse() } else { order })
    });
    let mut turn_of = vec![0; groups.len()];
    let mut offset = 0;
    for (turn, &place) in turns.iter().enumerate() {
        turn_of[place] = turn;
        groups[place].1.offset = offset;
        offset += groups[place].1.count;
    }
    // Stable: within a group the order stays.
    sorted.sort_by_key(|(at, ..)| group_of.get(at).map(|&place| turn_of[place]));
    groups.sort_by_key(|(_, group)| group.offset);
    groups.into_iter().map(|(_, group)| group).collect()
}

impl GroupBy {
    /// The column that sorts by the same.
    fn sorts(self) -> Option<SortBy> {
        match self {
            Self::Status => Some(SortBy::Status),
            Self::Customer => Some(SortBy::Customer),
            Self::Region => Some(SortBy::Region),
            Self::Version => None,
        }
    }
}

/// `2026.9.1` before `2026.10.1`: numbers within a text count as numbers.
fn by_parts(a: &str, b: &str) -> Ordering {
    let split = |text: &str| -> Vec<(Option<u64>, String)> {
        let parts = text.split_inclusive(|letter: char| !letter.is_ascii_digit());
        parts
            .map(|part| {
                let end = part.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(part.len());
                (part[..end].parse().ok(), part[end..].to_owned())
            })
            .collect()
    };
    split(a).cmp(&split(b)).then_with(|| a.cmp(b))
}

fn common(by: GroupBy, row: &Row) -> &str {
    let summary = &row.summary;
    let value = match by {
        GroupBy::Status => summary.status.as_ref().map(|status| status.0.as_str()),
        GroupBy::Customer => summary.customer_email.as_deref(),
        GroupBy::Region => summary.region_id.as_deref(),
        GroupBy::Version => row.known.version.as_ref().map(|seen| seen.value.as_str()),
    };
    value.unwrap_or_default().trim()
}

/// Unknown values come last in both directions.
struct SortKey<'a> {
    missing: bool,
    number: i64,
    text: &'a str,
}

fn sort_key(sort: SortBy, row: &Row) -> SortKey<'_> {
    let Row { summary: row, text: in_lower_case, known, .. } = row;
    let number_key =
        |number: Option<i64>| SortKey { missing: number.is_none(), number: number.unwrap_or(0), text: "" };
    match sort {
        SortBy::Name => {
            let name = row.agent_name.as_ref().map(|_| in_lower_case.of_field(FilterField::Name));
            text_key(name)
        }
        SortBy::Host => text_key(row.hostname.as_deref()),
        SortBy::Region => text_key(row.region_id.as_deref()),
        SortBy::Tier => text_key(row.product_tier_name.as_deref()),
        SortBy::Runtime => text_key(row.runtime_type.as_deref()),
        SortBy::Status => SortKey { missing: false, number: urgency(phase(row)), text: "" },
        SortBy::Age => number_key(row.created_at.map(|at| -at.timestamp_millis())),
        SortBy::Customer => SortKey {
            missing: row.customer_email.is_none(),
            number: 0,
            text: in_lower_case.of_field(FilterField::Customer),
        },
        SortBy::Heartbeat => number_key(known.heartbeat.as_ref().map(|seen| -seen.value.timestamp_millis())),
        SortBy::Cost => number_key(known.cost().map(micros)),
    }
}

/// Millionths of a dollar; more than a number holds counts as the most it holds.
fn micros(cost: Decimal) -> i64 {
    (cost * Decimal::from(1_000_000)).to_i64().unwrap_or(i64::MAX)
}

fn text_key(value: Option<&str>) -> SortKey<'_> {
    let text = value.unwrap_or_default();
    SortKey { missing: value.is_none(), number: first_letters(text), text }
}

/// In the order of the texts, as far as their first seven bytes tell it: most comparisons need no more.
fn first_letters(text: &str) -> i64 {
    let mut first = [0; 8];
    let length = text.len().min(7);
    first[1..=length].copy_from_slice(&text.as_bytes()[..length]);
    i64::from_be_bytes(first)
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
