//! What the fleet's rows know besides the list: the newest heartbeat and cost of each instance that was ever looked at.
//! Nothing is asked of the platform for it; what no look brought is not known.

use crate::error::Failure;
use crate::fleet::{Complaint, FleetQuery, FleetWindow, Known, Suggestion, asks_known};
use crate::seen::{Seen, Source};
use crate::session::Session;
use chrono::{DateTime, Utc};
use nineheads_contract::InstanceId;
use nineheads_contract::runtime::RuntimeStatus;
use rust_decimal::Decimal;
use std::collections::HashMap;
use std::sync::Arc;

impl Session {
    /// Reads what earlier runs knew, beside whatever else goes on.
    pub(super) fn start_known(self: &Arc<Self>) {
        let session = self.clone();
        tokio::task::spawn_blocking(move || {
            if session.load_known() {
                session.announce_list();
            }
        });
    }

    /// True where there was something.
    fn load_known(&self) -> bool {
        let read = || -> Result<HashMap<InstanceId, Known>, Failure> {
            let mut known: HashMap<InstanceId, Known> = HashMap::new();
            for (id, runtime, seen_at) in self.cache.read_all_seen_at::<RuntimeStatus>("runtime")? {
                let known = known.entry(id.into()).or_default();
                let seen = |value| Seen { value, seen_at, source: Source::Cached };
                known.heartbeat = runtime.last_heartbeat.map(seen);
                let complaint = Complaint::of(&runtime);
                known.complaint = complaint.map(|value| Seen { value, seen_at, source: Source::Cached });
                known.version =
                    runtime.openclaw_version.map(|value| Seen { value, seen_at, source: Source::Cached });
            }
            for (id, value, seen_at) in self.known_costs()? {
                known.entry(id).or_default().cost30 = Some(Seen { value, seen_at, source: Source::Cached });
            }
            Ok(known)
        };
        match read() {
            Ok(known) => {
                let is_news = !known.is_empty();
                self.fleet().set_known(known);
                is_news
            }
            Err(failure) => {
                log::warn!("what is known of the instances was not read: {failure}");
                false
            }
        }
    }

    pub(crate) fn show_fleet(&self, query: FleetQuery, offset: u32, limit: u32) -> FleetWindow {
        self.know_for(&query);
        self.fleet().show(query, offset, limit, self.now())
    }

    pub(crate) fn matched_ids(&self, query: &FleetQuery) -> Vec<InstanceId> {
        self.know_for(query);
        self.fleet().matched_ids(query)
    }

    pub(crate) fn count_matched(&self, query: &FleetQuery) -> u32 {
        self.know_for(query);
        self.fleet().count_matched(query)
    }

    pub(crate) fn count_matched_of(&self, query: &FleetQuery, ids: &[InstanceId]) -> u32 {
        self.know_for(query);
        self.fleet().count_matched_of(query, ids)
    }

    pub(crate) fn complete_filter(&self, text: &str, cursor: u32) -> Vec<Suggestion> {
        self.fleet().complete_filter(text, cursor)
    }

    /// A question for what is known must not be answered before it was read.
    fn know_for(&self, query: &FleetQuery) {
        let is_knowing = self.fleet().is_knowing();
        if !is_knowing && asks_known(query) {
            self.load_known();
        }
    }

    /// A look at an agent brought this.
    pub(super) fn note_runtime(&self, id: &InstanceId, runtime: &Seen<RuntimeStatus>) {
        let (seen_at, source) = (runtime.seen_at, runtime.source);
        let complaint = Complaint::of(&runtime.value).map(|value| Seen { value, seen_at, source });
        self.fleet().note_complaint(id, complaint);
        let RuntimeStatus { last_heartbeat: heartbeat, openclaw_version: version, .. } = &runtime.value;
        let heartbeat = heartbeat.map(|value| Seen { value, seen_at, source });
        let version = version.clone().map(|value| Seen { value, seen_at, source });
        let is_news = self.fleet().note_runtime(id, heartbeat, version);
        if is_news {
            self.announce_list();
        }
    }

    /// An answer about usage brought this.
    pub(crate) fn note_cost(&self, id: &InstanceId, cost: Option<Decimal>, now: DateTime<Utc>) {
        let is_news = self.fleet().note_cost(id, cost.map(|cost| Seen::live(cost, now)));
        if is_news {
            self.announce_list();
        }
    }
}
