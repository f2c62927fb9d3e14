//! What needs a person, out of what is known of the whole fleet: failed, stuck, silent, without a key, warned of, over
//! budget, drifting. Nothing is asked of the platform for it, and what is not known is not listed but counted. The
//! decision is `needs/decide`, pure; what it is made from is gathered in `needs/evidence`.

mod decide;
mod evidence;
mod keys;

use crate::Console;
use crate::error::Failure;
use crate::session::Session;
use chrono::{DateTime, Utc};
use decide::{find_needs, tally};
pub(crate) use evidence::OverBudget;
use nineheads_contract::instances::Status;
use nineheads_contract::{IdempotencyKey, InstanceId};
use serde::{Deserialize, Serialize};
use specta::Type;

/// Most needs of one window.
pub const NEEDS_LIMIT: u32 = 200;

/// What is wrong, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum NeedKind {
    /// A key was refused, is missing or was lost.
    Key,
    /// It failed.
    Failed,
    /// Something takes much longer than it usually does.
    Stuck,
    /// No heartbeat for long.
    Silent,
    /// The platform warns of it.
    Warned,
    /// It cost more than its budget.
    Budget,
    /// It differs from the baseline that it follows.
    Drift,
}

impl NeedKind {
    /// The worst first.
    pub const ALL: [Self; 7] =
        [Self::Key, Self::Failed, Self::Stuck, Self::Silent, Self::Warned, Self::Budget, Self::Drift];
}

/// What exactly is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum NeedReason {
    /// The platform refused the profile's key.
    PlatformKeyRefused,
    /// There is no key for the profile.
    PlatformKeyMissing,
    /// A model's provider refused the agent's key, or there is none.
    ModelKey {
        /// The agent's own words.
        message: Option<String>,
    },
    /// The agent never got its own key, or lost it.
    AgentKey {
        /// The agent's own words.
        message: Option<String>,
    },
    /// The platform says that it failed.
    Failed {
        /// Its words, where they are known.
        message: Option<String>,
    },
    /// A deploy never arrived, and it is too late to send it again unasked.
    DeployAbsent,
    /// It has been on its way for long.
    Late {
        /// For how many seconds.
        #[specta(type = specta_typescript::Number)]
        seconds: i64,
        /// How long it usually takes, in seconds.
        usual_seconds: Option<u32>,
    },
    /// It has been going for long.
    DeletingLong {
        /// For how many seconds.
        #[specta(type = specta_typescript::Number)]
        seconds: i64,
    },
    /// No heartbeat, as of the newest look.
    Silent {
        /// For how many seconds then.
        #[specta(type = specta_typescript::Number)]
        seconds: i64,
    },
    /// The platform warns.
    Warned {
        /// Its words.
        title: Option<String>,
        /// It calls it critical.
        critical: bool,
    },
    /// This month cost more than its budget.
    OverBudget {
        /// US dollars so far, as decimal text.
        spent: String,
        /// US dollars a month, as decimal text.
        monthly_usd: String,
    },
    /// It differs from its baseline.
    Drifted {
        /// The baseline's name.
        baseline: String,
        /// In how many places.
        places: u32,
    },
}

/// The one next act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum NeedAct {
    /// Give the profile a key.
    GiveKey,
    /// Read the instance's log.
    ReadLog,
    /// Edit the agent's configuration.
    EditConfig,
    /// Have the agent fetch a fresh key.
    RotateKey,
    /// Walk from the platform's name to the agent.
    Diagnose,
    /// Look at what it used.
    ReadUsage,
    /// The wizard, with the fields of this deploy.
    DeployAgain {
        /// Which one.
        key: IdempotencyKey,
    },
    /// The deploy, where it can be sent once more.
    OpenDeploy {
        /// Which one.
        key: IdempotencyKey,
    },
    /// Review what differs from the baseline.
    ReviewDrift,
}

/// One thing that needs a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Need {
    /// The same as long as it is the same thing: an instance's id, `deploy:` and a key, `fleet`, `profile`.
    pub key: String,
    /// The worst of what is wrong with it.
    pub kind: NeedKind,
    /// What exactly.
    pub reason: NeedReason,
    /// What else is wrong with it.
    pub also: Vec<NeedKind>,
    /// The one next act.
    pub act: NeedAct,
    /// Which instance; none for a deploy that has none yet, for the fleet and for the profile.
    pub instance_id: Option<InstanceId>,
    /// What people call it; empty for the fleet and for the profile.
    pub name: String,
    /// The server's name.
    pub host: Option<String>,
    /// As the list has it.
    pub status: Option<Status>,
    /// Since when; none where this app did not see it begin.
    pub since: Option<DateTime<Utc>>,
    /// As of which look.
    pub seen_at: Option<DateTime<Utc>>,
}

/// How many of a kind there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct NeedCount {
    /// Which kind.
    pub kind: NeedKind,
    /// How many have it as their worst.
    pub count: u32,
}

/// What is true of all of them, and how much of the fleet they are judged from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NeedsFacts {
    /// How many need a person.
    pub count: u32,
    /// The kinds that there are, the worst first.
    pub kinds: Vec<NeedCount>,
    /// Instances of the fleet.
    pub total: u32,
    /// Those whose status is known and says something.
    pub looked: u32,
    /// Running ones whose heartbeat no look has brought.
    pub unheard: u32,
    /// Instances with a budget whose usage no answer has brought.
    pub unpriced: u32,
    /// Instances that follow a baseline and were not read since.
    pub unread: u32,
    /// When the list was last confirmed; none when it never was.
    pub seen_at: Option<DateTime<Utc>>,
    /// When the platform's alerts were last asked; none where it offers none.
    pub alerts_at: Option<DateTime<Utc>>,
}

/// Some of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct NeedsWindow {
    /// See [`NeedsFacts`].
    pub facts: NeedsFacts,
    /// The first one's place.
    pub offset: u32,
    /// At most [`NEEDS_LIMIT`], by kind, those that wait longest first.
    pub rows: Vec<Need>,
    /// Where the asked one is now; none when it is no more.
    pub anchor_at: Option<u32>,
}

impl Session {
    fn show_needs(&self, anchor: Option<&str>, offset: u32, limit: u32) -> Result<NeedsWindow, Failure> {
        let (mut needs, facts) = self.needs()?;
        let place = |key: &str| needs.iter().position(|need| need.key == key);
        let anchor_at = anchor.and_then(place).and_then(|at| u32::try_from(at).ok());
        let (offset_at, limit) = (offset as usize, limit.min(NEEDS_LIMIT) as usize);
        let mut rows: Vec<Need> = needs.drain(offset_at.min(needs.len())..).take(limit).collect();
        for need in &mut rows {
            self.tell_why(need);
        }
        Ok(NeedsWindow { facts, offset, rows, anchor_at })
    }

    fn needs(&self) -> Result<(Vec<Need>, NeedsFacts), Failure> {
        let known = self.gather_evidence()?;
        let fleet = self.fleet();
        let rows: Vec<_> = fleet.known_rows().collect();
        let evidence = known.over(&rows, self.now());
        let needs = find_needs(&evidence);
        let facts = NeedsFacts {
            seen_at: fleet.facts().seen_at,
            alerts_at: known.alerts_at(),
            ..tally(&needs, &evidence)
        };
        Ok((needs, facts))
    }
}

impl Console {
    /// What needs a person, and where one of them is now.
    ///
    /// # Errors
    /// [`Code::NoSession`](crate::Code::NoSession), [`Code::Storage`](crate::Code::Storage).
    pub async fn show_needs(
        &self,
        anchor: Option<String>,
        offset: u32,
        limit: u32,
    ) -> Result<NeedsWindow, Failure> {
        self.aside(move |session| session.show_needs(anchor.as_deref(), offset, limit)).await
    }
}

#[cfg(test)]
mod tests;
