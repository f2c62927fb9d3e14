//! What comes to a row from elsewhere than the list: labels of this computer, and what looks at single instances brought.

use super::filter::Asked;
use super::{Complaint, Fleet, FleetQuery, GroupBy, Known, SortBy};
use crate::labels::{Label, Labels, TagUse, count_tags};
use crate::seen::{Seen, Source};
use crate::session::moved;
use chrono::{DateTime, TimeDelta, Utc};
use nineheads_contract::InstanceId;
use nineheads_contract::instances::InstanceSummary;
use rust_decimal::Decimal;
use std::collections::HashMap;

/// What people call an instance: its agent's name, else its host's, else its id.
pub(crate) fn name_of_row(row: &InstanceSummary) -> String {
    let named = [&row.agent_name, &row.hostname].into_iter().flatten().find(|name| !name.trim().is_empty());
    named.cloned().unwrap_or_else(|| row.id.to_string())
}

impl Known {
    /// The clock was set: what was seen in this run keeps its age.
    pub(super) fn restamp(&mut self, by: TimeDelta) {
        let heartbeat = self.heartbeat.iter_mut().map(|seen| (seen.source, &mut seen.seen_at));
        let version = self.version.iter_mut().map(|seen| (seen.source, &mut seen.seen_at));
        let complaint = self.complaint.iter_mut().map(|seen| (seen.source, &mut seen.seen_at));
        let cost = self.cost30.iter_mut().map(|seen| (seen.source, &mut seen.seen_at));
        for (source, at) in heartbeat.chain(version).chain(complaint).chain(cost) {
            if source == Source::Live {
                *at = moved(*at, by);
            }
        }
    }
}

impl Fleet {
    /// All labels of the profile.
    pub(crate) fn set_labels(&mut self, labels: Labels) {
        for row in &mut self.rows {
            let label = labels.get(&row.summary.id).cloned();
            if row.label != label {
                row.label = label;
                row.read_anew();
            }
        }
        self.labels = labels;
        self.tag_uses = None;
        self.arrange();
    }

    /// Every tag of the fleet, the most used first. Before the fleet is known, nothing is known to be gone from it.
    pub(crate) fn tag_uses(&mut self) -> Vec<TagUse> {
        let may_show = |id: &InstanceId| self.facts.seen_at.is_none() || self.places.contains_key(id);
        self.tag_uses.get_or_insert_with(|| count_tags(&self.labels, may_show)).clone()
    }

    /// One label, or that there is none any more.
    pub(crate) fn set_label(&mut self, id: &InstanceId, label: Option<Label>) {
        let before = match &label {
            Some(label) => self.labels.insert(id.clone(), label.clone()),
            None => self.labels.remove(id),
        };
        let tags = |label: &Option<Label>| label.as_ref().map(|label| label.tags.clone()).unwrap_or_default();
        if tags(&before) != tags(&label) {
            self.tag_uses = None;
        }
        if let Some(&at) = self.places.get(id) {
            self.rows[at].label = label;
            self.rows[at].read_anew();
            self.rearrange_where(|asks| asks.label);
        }
    }

    /// Whether what earlier looks brought was read.
    pub(crate) fn is_knowing(&self) -> bool {
        self.is_knowing
    }

    /// What earlier looks brought. What came in this run meanwhile is newer.
    pub(crate) fn set_known(&mut self, mut known: HashMap<InstanceId, Known>) {
        for (id, newer) in self.known.drain() {
            let kept = known.entry(id).or_default();
            kept.heartbeat = newer.heartbeat.or_else(|| kept.heartbeat.take());
            kept.version = newer.version.or_else(|| kept.version.take());
            kept.cost30 = newer.cost30.or_else(|| kept.cost30.take());
            if newer.looked {
                kept.complaint = newer.complaint;
            }
        }
        for row in &mut self.rows {
            row.known = known.get(&row.summary.id).cloned().unwrap_or_default();
        }
        (self.known, self.is_knowing) = (known, true);
        self.arrange();
    }

    /// A look at an agent. True where it may change which rows are shown.
    pub(crate) fn note_runtime(
        &mut self,
        id: &InstanceId,
        heartbeat: Option<Seen<DateTime<Utc>>>,
        version: Option<Seen<String>>,
    ) -> bool {
        self.note(id, |known| {
            (known.heartbeat, known.version) = (heartbeat, version);
        });
        let FleetQuery { sort, group, .. } = &self.query;
        let is_placed = *sort == SortBy::Heartbeat || *group == Some(GroupBy::Version);
        self.rearrange_where(|asks| asks.heartbeat || is_placed)
    }

    /// What the agent complained of at that look. No row shows it.
    pub(crate) fn note_complaint(&mut self, id: &InstanceId, complaint: Option<Seen<Complaint>>) {
        self.note(id, |known| (known.complaint, known.looked) = (complaint, true));
    }

    /// Every row of the list with what looks brought.
    pub(crate) fn known_rows(&self) -> impl Iterator<Item = (&InstanceSummary, &Known)> {
        self.rows.iter().map(|row| (&row.summary, &row.known))
    }

    /// An answer about usage. True where it may change which rows are shown.
    pub(crate) fn note_cost(&mut self, id: &InstanceId, cost: Option<Seen<Decimal>>) -> bool {
        self.note(id, |known| known.cost30 = cost);
        let is_placed = self.query.sort == SortBy::Cost;
        self.rearrange_where(|asks| asks.cost || is_placed)
    }

    /// Time went by. True where it changed which rows are shown.
    pub(crate) fn note_time(&mut self) -> bool {
        let before = (self.facts.matched, self.facts.unknown);
        self.rearrange_where(|asks| asks.age) && before != (self.facts.matched, self.facts.unknown)
    }

    fn note(&mut self, id: &InstanceId, change: impl FnOnce(&mut Known)) {
        let known = self.known.entry(id.clone()).or_default();
        change(known);
        if let Some(&at) = self.places.get(id) {
            self.rows[at].known = known.clone();
        }
    }

    fn rearrange_where(&mut self, is_asked: impl Fn(Asked) -> bool) -> bool {
        let is_asked = is_asked(self.filter.asks);
        if is_asked {
            self.arrange();
        }
        is_asked
    }
}
