//! What would happen: to which ones, in which stages, how fast, and who is left out why. Pure but for one look at what the
//! session knows. Sends nothing.

use super::exclusion::{Exclusion, Target, exclusion};
use super::stages::{STAGES, sizes};
use super::{BulkAct, BulkOrder, BulkTargets, BulkVerb};
use crate::config::refuse_masks;
use crate::error::{Code, Failure};
use crate::fleet::{WINDOW_LIMIT, phase};
use crate::logs::count;
use crate::redact::redact;
use crate::session::{Session, lock};
use chrono::{DateTime, TimeDelta, Utc};
use nineheads_contract::consent::UpdateConsent;
use nineheads_contract::instances::{DeleteInstance, InstanceSummary, Phase};
use nineheads_contract::local::LOCAL_PROVIDER;
use nineheads_contract::model_policy::UpdateModelPolicy;
use nineheads_contract::neighbours::KeyContext;
use nineheads_contract::platform_config::PatchPlatformConfig;
use nineheads_contract::updates::ApplyUpdates;
use nineheads_contract::{Endpoint, FieldProblem, InstanceId, Scope};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::collections::{BTreeMap, HashSet};

/// Requests a minute where the key tells no limit: a little less than all looks of a profile together may take.
const USUAL_RATE: u32 = 240;
/// How old what was read may be to leave an instance out for holding it already.
const FRESH: TimeDelta = TimeDelta::minutes(10);
/// Fields of the platform's configuration that may hold no secret: what is kept of a job is plain text.
const FIELDS: [&str; 4] = ["skills", "integrations", "recipe_id", "workflow_slugs"];

/// How many are left out for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PlannedExclusion {
    /// The reason.
    pub why: Exclusion,
    /// How many.
    pub count: u32,
}

/// A target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PlannedRow {
    /// Which one.
    pub id: InstanceId,
    /// What people call it.
    pub name: String,
    /// As the list has it.
    pub status: Option<String>,
    /// Whose it is.
    pub customer: Option<String>,
    /// From 0; none for one that is left out.
    pub stage: Option<u32>,
    /// Why it is left out.
    pub excluded: Option<Exclusion>,
}

/// What would happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BulkPlan {
    /// What is done.
    pub verb: BulkVerb,
    /// To how many.
    pub included: u32,
    /// Of them running.
    pub running: u32,
    /// Of them real agents on this computer.
    pub on_this_computer: u32,
    /// How many are left out, by reason.
    pub excluded: Vec<PlannedExclusion>,
    /// How many each stage has.
    pub stages: Vec<u32>,
    /// Requests that one takes.
    pub requests: u32,
    /// Requests a minute.
    pub per_minute: u32,
    /// How long that takes, about.
    pub seconds: u32,
    /// What must be typed, in lower case; none when a click is enough.
    pub words_to_type: Option<String>,
    /// When the list was last confirmed.
    pub as_of: Option<DateTime<Utc>>,
    /// Place of the first row.
    pub offset: u32,
    /// In the order of work; those that are left out come last.
    pub rows: Vec<PlannedRow>,
}

/// A plan with all its rows.
#[derive(Debug)]
pub(super) struct Planned {
    pub verb: BulkVerb,
    /// In the order of work; those that are left out come last.
    pub rows: Vec<(InstanceId, String, Option<Exclusion>)>,
    pub per_minute: u32,
    summaries: Vec<Option<InstanceSummary>>,
    as_of: Option<DateTime<Utc>>,
}

impl Planned {
    /// What the preview showed of a row.
    pub(super) fn phase_at(&self, place: usize) -> Option<Phase> {
        self.summaries.get(place)?.as_ref().map(phase)
    }

    pub(super) fn included_ids(&self) -> Vec<InstanceId> {
        let included = self.rows.iter().filter(|(_, _, excluded)| excluded.is_none());
        included.map(|(id, _, _)| id.clone()).collect()
    }

    pub(super) fn included(&self) -> u32 {
        count(self.rows.iter().filter(|(_, _, excluded)| excluded.is_none()).count())
    }

    /// Deleting takes the count and the word, so that nobody deletes more than they read.
    pub(super) fn words_to_type(&self) -> Option<String> {
        (self.verb == BulkVerb::Delete).then(|| format!("delete {}", self.included()))
    }

    pub(super) fn shown(&self, offset: u32, limit: u32) -> BulkPlan {
        let included = self.included() as usize;
        let mut excluded: BTreeMap<Exclusion, u32> = BTreeMap::new();
        for why in self.rows.iter().filter_map(|(_, _, excluded)| *excluded) {
            *excluded.entry(why).or_default() += 1;
        }
        let kept = || self.summaries.iter().take(included).flatten();
        let rows = self.rows.iter().zip(&self.summaries).enumerate();
        let rows = rows.skip(offset as usize).take(limit.min(WINDOW_LIMIT) as usize);
        let rows = rows.map(|(place, ((id, name, excluded), row))| PlannedRow {
            id: id.clone(),
            name: name.clone(),
            status: row.as_ref().and_then(|row| row.status.as_ref().map(ToString::to_string)),
            customer: row.as_ref().and_then(|row| row.customer_email.clone()),
            stage: Some(super::stages::stage_of(place, included)).filter(|stage| *stage < STAGES).map(count),
            excluded: *excluded,
        });
        let requests = requests_of(self.verb);
        let seconds = u64::from(requests) * included as u64 * 60 / u64::from(self.per_minute);
        BulkPlan {
            verb: self.verb,
            included: count(included),
            running: count(kept().filter(|row| phase(row) == Phase::Running).count()),
            on_this_computer: count(
                kept().filter(|row| row.provider.as_deref() == Some(LOCAL_PROVIDER)).count(),
            ),
            excluded: excluded.into_iter().map(|(why, count)| PlannedExclusion { why, count }).collect(),
            stages: sizes(included).into_iter().filter(|size| *size > 0).map(count).collect(),
            requests,
            per_minute: self.per_minute,
            seconds: u32::try_from(seconds).unwrap_or(u32::MAX),
            words_to_type: self.words_to_type(),
            as_of: self.as_of,
            offset,
            rows: rows.collect(),
        }
    }
}

/// Requests that one item takes: some acts read back what they wrote.
pub(super) fn requests_of(verb: BulkVerb) -> u32 {
    match verb {
        BulkVerb::PatchPlatformConfig | BulkVerb::UpdateModelPolicy => 2,
        BulkVerb::ApplyUpdates | BulkVerb::RevokeConsent | BulkVerb::Delete => 1,
    }
}

/// Requests a minute: half of what the key may, so that the screens stay fresh meanwhile.
pub(super) fn rate_of(context: Option<&KeyContext>, requests: u64) -> u32 {
    let positive =
        |limit: Option<i64>| limit.and_then(|limit| u32::try_from(limit).ok()).filter(|limit| *limit > 0);
    let minute = context.and_then(|context| positive(context.rate_limit_per_minute));
    let hour = context.and_then(|context| positive(context.rate_limit_per_hour));
    // What fits into half an hour's worth need not be stretched over the hour.
    let hour = hour.filter(|hour| requests > u64::from(*hour) / 2).map(|hour| hour / 120);
    let limits = [minute.map(|minute| minute / 2), hour, Some(USUAL_RATE)];
    limits.into_iter().flatten().min().unwrap_or(USUAL_RATE).max(1)
}

/// Refuses an act that changes nothing, or whose content must not be written down.
///
/// # Errors
/// [`Code::Invalid`]
pub(super) fn refuse_unfit(act: &BulkAct) -> Result<(), Failure> {
    let (fields, place) = match act {
        BulkAct::PatchPlatformConfig { fields } => (&fields.0, "fields"),
        BulkAct::UpdateModelPolicy { policy } => (&policy.0, "policy"),
        _ => return Ok(()),
    };
    let invalid = |msg: String| {
        let field = FieldProblem { loc: vec![place.to_owned()], msg: msg.clone(), kind: "value".into() };
        Err(Failure::new(Code::Invalid { message: None, fields: vec![field] }, msg))
    };
    refuse_masks(fields)?;
    if fields.is_empty() {
        return invalid("nothing would be changed".into());
    }
    let unknown = fields.keys().find(|key| place == "fields" && !FIELDS.contains(&key.as_str()));
    if let Some(unknown) = unknown {
        return invalid(format!("{unknown} is not changed in bulk: it may hold a secret"));
    }
    let text = serde_json::to_string(fields).unwrap_or_default();
    if redact(&text) != text {
        return invalid("this looks like a secret, and a job is written down in plain text".into());
    }
    Ok(())
}

fn need_of(verb: BulkVerb) -> (&'static str, Scope) {
    fn of<E: Endpoint>() -> (&'static str, Scope) {
        (E::NAME, E::SCOPE)
    }
    match verb {
        BulkVerb::ApplyUpdates => of::<ApplyUpdates>(),
        BulkVerb::PatchPlatformConfig => of::<PatchPlatformConfig>(),
        BulkVerb::UpdateModelPolicy => of::<UpdateModelPolicy>(),
        BulkVerb::RevokeConsent => of::<UpdateConsent>(),
        BulkVerb::Delete => of::<DeleteInstance>(),
    }
}

/// Whether a key's scopes hold one. A list without any scope of this API tells nothing, and forbids nothing.
pub(super) fn holds_scope(scopes: &[String], wanted: &str) -> bool {
    let known = scopes.iter().any(|scope| scope == "*" || scope.starts_with("instances:"));
    !known || scopes.iter().any(|scope| [wanted, "instances:*", "*"].contains(&scope.as_str()))
}

impl Session {
    pub(super) fn planned(&self, order: &BulkOrder) -> Planned {
        let ids = self.targets_of(&order.targets);
        let verb = order.act.verb();
        let (operation, scope) = need_of(verb);
        let context = lock(&self.key_context).clone();
        let scopes = context.as_ref().map(|context| context.scopes.as_slice()).unwrap_or_default();
        let may = holds_scope(scopes, scope.name()) && !self.is_denied(operation);
        let (mut work, mut left) = (Vec::new(), Vec::new());
        for id in ids {
            let row = self.fleet().get(&id).cloned();
            let target = Target { row: row.as_ref(), holds_already: self.holds_already(&order.act, &id) };
            let excluded = exclusion(&order.act, &target, may);
            let name = self.name_of(&id);
            if excluded.is_none() { &mut work } else { &mut left }.push(((id, name, excluded), row));
        }
        let requests = work.len() as u64 * u64::from(requests_of(verb));
        let (rows, summaries) = work.into_iter().chain(left).unzip();
        let as_of = self.fleet().facts().seen_at;
        Planned { verb, rows, summaries, per_minute: rate_of(context.as_ref(), requests), as_of }
    }

    /// Each once, in their order.
    pub(crate) fn targets_of(&self, targets: &BulkTargets) -> Vec<InstanceId> {
        let mut seen = HashSet::new();
        match targets {
            BulkTargets::Ids { ids } => ids.iter().filter(|id| seen.insert(*id)).cloned().collect(),
            BulkTargets::Matching { query, except } => {
                let except: HashSet<&InstanceId> = except.iter().collect();
                let matched = self.matched_ids(query);
                matched.into_iter().filter(|id| !except.contains(id)).collect()
            }
        }
    }

    fn holds_already(&self, act: &BulkAct, id: &InstanceId) -> bool {
        let fresh = |at: DateTime<Utc>| (self.now() - at).abs() < FRESH;
        match act {
            BulkAct::PatchPlatformConfig { fields } => {
                self.known_platform_config(id).is_some_and(|(config, at)| {
                    fresh(at) && crate::platform_config::differing(&fields.0, &config).is_empty()
                })
            }
            BulkAct::UpdateModelPolicy { policy } => {
                self.answered_policy(id).is_some_and(|(known, at)| fresh(at) && known == policy.0)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::Fields;
    use serde_json::json;

    fn act(value: serde_json::Value) -> BulkAct {
        BulkAct::PatchPlatformConfig { fields: Fields(value.as_object().cloned().expect("an object")) }
    }

    #[test]
    fn half_of_what_the_key_may_is_used() {
        let context = |minute, hour| KeyContext {
            rate_limit_per_minute: minute,
            rate_limit_per_hour: hour,
            ..KeyContext::default()
        };
        assert_eq!(rate_of(None, 500), USUAL_RATE);
        assert_eq!(rate_of(Some(&context(Some(120), None)), 500), 60);
        assert_eq!(rate_of(Some(&context(Some(100_000), None)), 500), USUAL_RATE);
        assert_eq!(rate_of(Some(&context(None, Some(1200))), 500), USUAL_RATE, "it fits");
        assert_eq!(rate_of(Some(&context(None, Some(1200))), 601), 10);
        assert_eq!(rate_of(Some(&context(Some(0), Some(-1))), 500), USUAL_RATE);
    }

    #[test]
    fn what_may_hold_a_secret_is_not_written_down() {
        assert!(refuse_unfit(&act(json!({"skills": ["notes"], "recipe_id": null}))).is_ok());
        for fields in [
            json!({}),
            json!({"channels": {}}),
            json!({"skills": ["sk-0123456789abcdef"]}),
            json!({"skills": ["***"]}),
        ] {
            assert!(
                matches!(
                    refuse_unfit(&act(fields.clone())).map_err(|failure| failure.code),
                    Err(Code::Invalid { .. })
                ),
                "{fields}"
            );
        }
    }

    #[test]
    fn scopes_that_say_nothing_forbid_nothing() {
        let scopes = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert!(
            holds_scope(&[], "instances:delete") && holds_scope(&scopes(&["fleet:read"]), "instances:delete")
        );
        assert!(!holds_scope(&scopes(&["instances:read"]), "instances:delete"));
        assert!(holds_scope(&scopes(&["instances:*"]), "instances:delete"));
    }
}
