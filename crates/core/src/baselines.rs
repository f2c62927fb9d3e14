//! Baselines: what an instance's settings were when somebody called them right, under a name, and who drifts from it.
//! Kept in the encrypted cache without a secret: of one only stays that it is set. Nothing is written to an instance
//! here; what differs is reviewed where it is edited anyway. How far one is from its baseline is told by what was read.

mod compare;
mod keep;
mod own;

use crate::Console;
use crate::bulk::BulkTargets;
use crate::config::{ConfigChange, ConfigDraft, ConfigEdit};
use crate::error::{Code, Failure};
use crate::events::Event;
use crate::session::Session;
use crate::sides::SidePart;
use chrono::{DateTime, Utc};
pub(crate) use compare::KnownSettings;
use compare::{Settings, count_places, edits_towards, part_changes};
use nineheads_contract::{FieldProblem, InstanceId};
use own::{Own, holds_own};
use serde::{Deserialize, Serialize};
use specta::Type;

/// Most characters of a name.
const NAME: usize = 60;
/// Most baselines of a profile.
const MOST: usize = 100;

/// One baseline, without what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Baseline {
    /// The screen's own id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Whose settings it was made from.
    pub from: InstanceId,
    /// What that one was called.
    pub from_name: String,
    /// When.
    pub saved_at: DateTime<Utc>,
    /// What of them was known then.
    pub parts: Vec<SidePart>,
    /// How many instances follow it.
    pub followers: u32,
    /// How many of them differ, as far as they were read.
    pub drifting: u32,
    /// How many of them were not read.
    pub unread: u32,
}

/// What of one part differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DriftPart {
    /// Which part.
    pub part: SidePart,
    /// When it was read of the instance; none where it never was: then nothing is known to differ.
    pub seen_at: Option<DateTime<Utc>>,
    /// `before` is how it is, `after` how the baseline has it.
    pub changes: Vec<ConfigChange>,
}

/// How far an instance is from its baseline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct DriftView {
    /// Which one it follows.
    pub baseline: Baseline,
    /// In how many places it differs, as far as it was read.
    pub places: u32,
    /// The parts that the baseline has.
    pub parts: Vec<DriftPart>,
}

/// The way back to a baseline, for the editor of the configuration: nothing is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct DriftDraft {
    /// Edits on top of the newest version.
    pub draft: ConfigDraft,
    /// Places that only a person can fill in: secrets, and names that are not known.
    pub secrets: Vec<Vec<String>>,
}

/// A baseline as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    name: String,
    from: InstanceId,
    from_name: String,
    saved_at: DateTime<Utc>,
    settings: Settings,
}

/// One that follows, and how far it was from its baseline when it was last read.
#[derive(Debug, Clone)]
pub(crate) struct Follower {
    pub id: InstanceId,
    /// The baseline's id.
    pub baseline: String,
    pub places: Option<u32>,
    pub seen_at: Option<DateTime<Utc>>,
}

fn refused(kind: &str, msg: String) -> Failure {
    let field = FieldProblem { loc: vec!["name".into()], msg: msg.clone(), kind: kind.into() };
    Failure::new(Code::Invalid { message: None, fields: vec![field] }, msg)
}

impl Session {
    fn list_baselines(&self) -> Result<Vec<Baseline>, Failure> {
        let followers = self.cache.followers()?;
        let mut all: Vec<_> = self
            .cache
            .baselines()?
            .into_iter()
            .map(|(id, kept)| {
                let own = || followers.iter().filter(|follower| follower.baseline == id);
                Baseline {
                    followers: crate::logs::count(own().count()),
                    drifting: crate::logs::count(own().filter(|own| own.places > Some(0)).count()),
                    unread: crate::logs::count(own().filter(|own| own.places.is_none()).count()),
                    name: kept.name,
                    from: kept.from,
                    from_name: kept.from_name,
                    saved_at: kept.saved_at,
                    parts: kept.settings.parts(),
                    id,
                }
            })
            .collect();
        all.sort_by_key(|baseline| (baseline.name.to_lowercase(), baseline.id.clone()));
        Ok(all)
    }

    /// Keeps what is known of an instance's settings under a name. The instance follows it from now on.
    fn save_baseline(&self, id: &str, name: &str, from: &InstanceId) -> Result<Vec<Baseline>, Failure> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > NAME {
            return Err(refused("length", format!("a baseline's name has 1 to {NAME} characters")));
        }
        let others: Vec<_> = self.cache.baselines()?.into_iter().filter(|(known, _)| known != id).collect();
        if others.iter().any(|(_, kept)| kept.name.to_lowercase() == name.to_lowercase()) {
            return Err(refused("taken", "another baseline has this name".into()));
        }
        if others.len() >= MOST {
            return Err(refused("tooMany", format!("there are {MOST} baselines already")));
        }
        let settings = Settings::of(self.general_settings(from)?);
        if settings.parts().is_empty() {
            return Err(refused("unread", "nothing of its settings was read yet".into()));
        }
        let kept = Kept {
            name: name.to_owned(),
            from: from.clone(),
            from_name: self.name_of(from),
            saved_at: self.now(),
            settings,
        };
        self.cache.write_baseline(id, &kept)?;
        self.cache.follow(Some(id), std::slice::from_ref(from))?;
        for follower in self.cache.followers()?.iter().filter(|follower| follower.baseline == id) {
            self.judge_drift(&follower.id, &kept)?;
        }
        self.announce(Event::BaselinesChanged);
        self.list_baselines()
    }

    fn own_names(&self, id: &InstanceId) -> Own {
        Own::of(self.fleet().get(id))
    }

    /// What is known of an instance's settings, but for what is its own.
    fn general_settings(&self, id: &InstanceId) -> Result<KnownSettings, Failure> {
        let own = self.own_names(id);
        let mut known = self.known_settings(id)?;
        for (document, _) in known.iter_mut().filter_map(|(_, known)| known.as_mut()) {
            own.leave_out(document);
        }
        Ok(known)
    }

    fn delete_baseline(&self, id: &str) -> Result<Vec<Baseline>, Failure> {
        self.cache.delete_baseline(id)?;
        self.announce(Event::BaselinesChanged);
        self.list_baselines()
    }

    /// Has instances follow a baseline, or none.
    fn follow_baseline(&self, id: Option<&str>, targets: &BulkTargets) -> Result<Vec<Baseline>, Failure> {
        let kept = id.map(|id| self.cache.baseline(id)).transpose()?;
        let ids = self.targets_of(targets);
        self.cache.follow(id, &ids)?;
        if let Some(kept) = kept {
            ids.iter().try_for_each(|id| self.judge_drift(id, &kept).map(drop))?;
        }
        self.announce(Event::BaselinesChanged);
        self.list_baselines()
    }

    /// Reckons how far an instance is from a baseline, from what is known, and keeps that. True where it is news.
    fn judge_drift(&self, id: &InstanceId, kept: &Kept) -> Result<bool, Failure> {
        let known = self.general_settings(id)?;
        let seen_at = kept.settings.oldest_of(&known);
        let places = seen_at.map(|_| count_places(&known, &kept.settings));
        self.cache.write_drift(id, places, seen_at)
    }

    /// Something of an instance's settings was read.
    pub(crate) fn note_settings(&self, id: &InstanceId) {
        let judged = || -> Result<bool, Failure> {
            let Some(follower) = self.cache.follower(id)? else { return Ok(false) };
            self.judge_drift(id, &self.cache.baseline(&follower.baseline)?)
        };
        match judged() {
            Ok(true) => self.announce(Event::BaselinesChanged),
            Ok(false) => {}
            Err(failure) => log::warn!("how far an instance is from its baseline was not kept: {failure}"),
        }
    }

    fn drift(&self, id: &InstanceId) -> Result<Option<DriftView>, Failure> {
        let Some(follower) = self.cache.follower(id)? else { return Ok(None) };
        let kept = self.cache.baseline(&follower.baseline)?;
        let baseline = self.list_baselines()?.into_iter().find(|one| one.id == follower.baseline);
        let Some(baseline) = baseline else { return Ok(None) };
        let known = self.general_settings(id)?;
        let parts = part_changes(&known, &kept.settings);
        Ok(Some(DriftView { baseline, places: count_places(&known, &kept.settings), parts }))
    }

    fn draft_drift(&self, id: &InstanceId) -> Result<DriftDraft, Failure> {
        let nothing = || Failure::new(Code::NotFound { message: None }, "nothing is known to differ");
        let follower = self.cache.follower(id)?.ok_or_else(nothing)?;
        let kept = self.cache.baseline(&follower.baseline)?;
        let (version, document) = self.cache.newest_config(id)?.ok_or_else(nothing)?;
        let mut wanted = kept.settings.get(SidePart::Config).cloned().ok_or_else(nothing)?;
        self.own_names(id).put_in(&mut wanted);
        let (edits, mut secrets) = edits_towards(document, &wanted);
        let unnamed = |edit: &ConfigEdit| edit.value.as_deref().is_some_and(holds_own);
        let (others, edits): (Vec<_>, Vec<_>) = edits.into_iter().partition(unnamed);
        secrets.extend(others.into_iter().map(|edit| edit.path));
        Ok(DriftDraft { draft: ConfigDraft { base: version.id, text: None, edits }, secrets })
    }
}

#[allow(
    clippy::missing_errors_doc,
    reason = "for all: no session, or storage; saving refuses a name as views do"
)]
impl Console {
    /// All baselines of the open profile, by name.
    pub fn baselines(&self) -> Result<Vec<Baseline>, Failure> {
        self.session()?.list_baselines()
    }

    /// Reads an instance's settings and keeps them under a name; a known id is replaced, and its followers stay.
    pub async fn save_baseline(
        &self,
        id: &str,
        name: &str,
        from: &InstanceId,
    ) -> Result<Vec<Baseline>, Failure> {
        let session = self.session()?;
        // What can not be read now is taken as it was read last, if ever.
        let _ = tokio::join!(session.open_config(from), session.platform_config(from));
        let (id, name, from) = (id.to_owned(), name.to_owned(), from.clone());
        self.aside(move |session| session.save_baseline(&id, &name, &from)).await
    }

    /// Forgets one; whoever followed it follows nothing.
    pub fn delete_baseline(&self, id: &str) -> Result<Vec<Baseline>, Failure> {
        self.session()?.delete_baseline(id)
    }

    /// Has instances follow a baseline, or none.
    pub async fn follow_baseline(
        &self,
        id: Option<String>,
        targets: BulkTargets,
    ) -> Result<Vec<Baseline>, Failure> {
        self.aside(move |session| session.follow_baseline(id.as_deref(), &targets)).await
    }

    /// How far an instance is from its baseline; none where it follows none.
    pub fn drift(&self, id: &InstanceId) -> Result<Option<DriftView>, Failure> {
        self.session()?.drift(id)
    }

    /// The way back, as a draft for the editor. Nothing is sent.
    pub fn draft_drift(&self, id: &InstanceId) -> Result<DriftDraft, Failure> {
        self.session()?.draft_drift(id)
    }
}
