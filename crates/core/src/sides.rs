//! Two to six instances side by side: detail, configuration, platform configuration, skills, model policy and usage, as far
//! as they were read, with what differs marked. What is compared is what is known; a look at one of them reads it anew.
//! How documents are laid beside each other is `sides/align`, pure. No secret is in it: of one only stays that it is set.

mod align;

use crate::Console;
use crate::baselines::KnownSettings;
use crate::config::veil;
use crate::error::{Code, Failure};
use crate::fleet::name_of_row;
use crate::session::Session;
use align::{Sheet, align};
use chrono::{DateTime, TimeDelta, Utc};
use nineheads_contract::InstanceId;
use nineheads_contract::instances::{InstanceSummary, Status};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use specta::Type;

/// Fewest and most instances of one comparison.
const COLUMNS: std::ops::RangeInclusive<usize> = 2..=6;
/// Most rows of one answer.
const ROWS: usize = 2000;
/// How many days of usage are compared, today included.
const DAYS: i64 = 30;

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SidePart {
    /// What the platform and the agent say of the instance.
    Detail,
    /// The agent's own configuration.
    Config,
    /// What the platform keeps for it, but for its skills.
    Platform,
    /// Its skills.
    Skills,
    /// Its model policy.
    Policy,
    /// What it used in thirty days.
    Usage,
}

impl SidePart {
    /// In the order of the screen.
    pub const ALL: [Self; 6] =
        [Self::Detail, Self::Config, Self::Platform, Self::Skills, Self::Policy, Self::Usage];
}

/// When a part was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SideSeen {
    /// Which part.
    pub part: SidePart,
    /// When; none where it never was.
    pub seen_at: Option<DateTime<Utc>>,
}

/// One instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SideColumn {
    /// Which one.
    pub id: InstanceId,
    /// What people call it.
    pub name: String,
    /// The server's name.
    pub host: Option<String>,
    /// As far as is known.
    pub status: Option<Status>,
    /// It is no more, or never was.
    pub gone: bool,
    /// What of it was read when.
    pub parts: Vec<SideSeen>,
}

/// What one instance has at a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum SideCell {
    /// This.
    Value {
        /// As text, cut.
        text: String,
    },
    /// A secret; only that it is set is known.
    Secret,
    /// Nothing.
    Absent,
    /// The part was not read.
    Unread,
}

/// One place in all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SideRow {
    /// Where.
    pub part: SidePart,
    /// Where in it.
    pub path: Vec<String>,
    /// In the order of the columns.
    pub cells: Vec<SideCell>,
    /// Those that were read are not all the same.
    pub differs: bool,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SideBySide {
    /// As they were asked for.
    pub columns: Vec<SideColumn>,
    /// By part.
    pub rows: Vec<SideRow>,
    /// How many places were compared.
    pub compared: u32,
    /// In how many of them they differ.
    pub differing: u32,
    /// How many rows were left off, since there are too many.
    pub left_off: u32,
}

/// Why a part was not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SideFailure {
    /// Which one.
    pub part: SidePart,
    /// Why.
    pub failure: Failure,
}

/// One instance as it is known: its column, and a document for each part.
struct Known {
    column: SideColumn,
    sheet: Sheet,
}

impl Session {
    fn show_sides(&self, ids: &[InstanceId], only_differences: bool) -> Result<SideBySide, Failure> {
        if !COLUMNS.contains(&ids.len()) {
            let why = "two to six instances are compared";
            return Err(Failure::new(Code::Invalid { message: None, fields: Vec::new() }, why));
        }
        let known = ids.iter().map(|id| self.known_side(id)).collect::<Result<Vec<_>, _>>()?;
        let (columns, sheets): (Vec<_>, Vec<_>) =
            known.into_iter().map(|known| (known.column, known.sheet)).unzip();
        let mut rows = align(&sheets);
        let compared = crate::logs::count(rows.len());
        let differing = crate::logs::count(rows.iter().filter(|row| row.differs).count());
        rows.retain(|row| row.differs || !only_differences);
        let left_off = crate::logs::count(rows.len().saturating_sub(ROWS));
        rows.truncate(ROWS);
        Ok(SideBySide { columns, rows, compared, differing, left_off })
    }

    /// What is kept of an instance. Nothing is asked.
    fn known_side(&self, id: &InstanceId) -> Result<Known, Failure> {
        let view = self.instance(id);
        let usage = self.known_usage(id);
        let mut parts = Vec::new();
        let mut sheet = Sheet::new();
        let mut put = |part, known: Option<(Value, DateTime<Utc>)>| {
            parts.push(SideSeen { part, seen_at: known.as_ref().map(|(_, at)| *at) });
            sheet.push(known.map(|(mut document, _)| {
                veil(&mut document);
                document
            }));
        };
        let list_seen_at = self.fleet().facts().seen_at;
        let detail = match (&view.detail, &view.summary) {
            (Some(detail), _) => {
                let runtime = view.runtime.as_ref().map(|seen| json!(seen.value)).unwrap_or_default();
                Some((described(json!(detail.value), &runtime), detail.seen_at))
            }
            (None, Some(summary)) => list_seen_at.map(|at| (described(json!(summary), &Value::Null), at)),
            (None, None) => None,
        };
        put(SidePart::Detail, detail);
        for (part, known) in self.known_settings(id)? {
            put(part, known);
        }
        put(SidePart::Usage, usage);
        let row: Option<InstanceSummary> = view.summary.clone();
        let known = view.detail.as_ref().map(|seen| &seen.value);
        let status = known.and_then(|detail| detail.status.clone());
        let column = SideColumn {
            id: id.clone(),
            name: row
                .as_ref()
                .map(name_of_row)
                .or_else(|| known?.agent_name.clone())
                .unwrap_or_else(|| id.to_string()),
            host: row.as_ref().and_then(|row| row.hostname.clone()),
            status: row.as_ref().and_then(|row| row.status.clone()).or(status),
            gone: view.gone || (row.is_none() && known.is_none() && list_seen_at.is_some()),
            parts,
        };
        Ok(Known { column, sheet })
    }

    /// What is kept of an instance's settings, each part veiled and with when it was read. Nothing is asked.
    pub(crate) fn known_settings(&self, id: &InstanceId) -> Result<KnownSettings, Failure> {
        let config = self.known_config(id)?;
        let policy = self.known_policy(id, config.as_ref().map(|(document, at)| (document, *at)));
        let (skills, platform) = match self.known_platform_config(id) {
            Some((config, at)) => {
                let mut document = json!(config);
                let skills = document.as_object_mut().and_then(|map| {
                    map.shift_remove("instance_id");
                    map.shift_remove("skills")
                });
                (Some((by_name(skills), at)), Some((document, at)))
            }
            None => (None, None),
        };
        let policy = policy.map(|(policy, at)| (Value::Object(policy), at));
        let parts = [
            (SidePart::Config, config),
            (SidePart::Platform, platform),
            (SidePart::Skills, skills),
            (SidePart::Policy, policy),
        ];
        let veiled = |(mut document, at)| {
            veil(&mut document);
            (document, at)
        };
        Ok(parts.into_iter().map(|(part, known)| (part, known.map(veiled))).collect())
    }

    /// The newest document that was read, and when it was last confirmed.
    pub(crate) fn known_config(&self, id: &InstanceId) -> Result<Option<(Value, DateTime<Utc>)>, Failure> {
        let Some((version, document)) = self.cache.newest_config(id)? else { return Ok(None) };
        let confirmed: Option<(i64, _)> = self.cache.read_seen(crate::config::SEEN, id.as_str());
        let at = confirmed.filter(|(known, _)| *known == version.id).map_or(version.seen_at, |(_, at)| at);
        Ok(Some((document, at)))
    }

    fn known_usage(&self, id: &InstanceId) -> Option<(Value, DateTime<Utc>)> {
        let (totals, at) = self.recent_totals(id)?;
        let mut used = Map::new();
        for (key, value) in [
            ("cost", totals.cost.map(Value::from)),
            ("requests", totals.requests.map(Value::from)),
            ("tokens", totals.tokens.map(Value::from)),
        ] {
            used.extend(value.map(|value| (key.to_owned(), value)));
        }
        Some((Value::Object(used), at))
    }

    /// Reads everything of one instance anew; tells what could not be read.
    async fn look_at_side(&self, id: &InstanceId) -> Vec<SideFailure> {
        let today = self.now().date_naive();
        let (from, to) = ((today - TimeDelta::days(DAYS - 1)).to_string(), today.to_string());
        let (detail, config, platform, usage) = tokio::join!(
            self.refresh_instance(id),
            self.open_config(id),
            self.platform_config(id),
            self.usage(id, &from, &to),
        );
        let failed = |part, failure: Option<Failure>| failure.map(|failure| SideFailure { part, failure });
        [
            failed(SidePart::Detail, detail.failure),
            failed(SidePart::Config, config.map_or_else(Some, |view| view.failure)),
            failed(SidePart::Platform, platform.map_or_else(Some, |view| view.failure)),
            failed(SidePart::Usage, usage.map_or_else(Some, |view| view.failure)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl Console {
    /// Two to six instances side by side, from what is known of them.
    ///
    /// # Errors
    /// [`Code::NoSession`]; [`Code::Invalid`] for fewer or more.
    pub async fn show_sides(
        &self,
        ids: &[InstanceId],
        only_differences: bool,
    ) -> Result<SideBySide, Failure> {
        let ids = ids.to_vec();
        self.aside(move |session| session.show_sides(&ids, only_differences)).await
    }

    /// Reads everything of one of them anew; tells what could not be read.
    ///
    /// # Errors
    /// [`Code::NoSession`]
    pub async fn look_at_side(&self, id: &InstanceId) -> Result<Vec<SideFailure>, Failure> {
        Ok(self.session()?.look_at_side(id).await)
    }
}

/// What says something about an instance beside its name; what no two ever share is left out.
fn described(detail: Value, runtime: &Value) -> Value {
    let mut told = Map::new();
    const OF_THE_PLATFORM: [&str; 12] = [
        "status",
        "health_status",
        "provisioning_stage",
        "error_message",
        "provider",
        "region_id",
        "product_tier_name",
        "server_type_plan",
        "runtime_type",
        "preset_id",
        "customer_email",
        "capabilities",
    ];
    const OF_THE_AGENT: [&str; 4] = ["openclaw_version", "node_version", "error_code", "bootstrap_stage"];
    for (from, keys) in [(&detail, OF_THE_PLATFORM.as_slice()), (runtime, OF_THE_AGENT.as_slice())] {
        for key in keys {
            match from.get(*key) {
                None | Some(Value::Null) => {}
                Some(value) => drop(told.insert((*key).to_owned(), value.clone())),
            }
        }
    }
    Value::Object(told)
}

/// Skills by their names: one that is on has a place of its own.
fn by_name(skills: Option<Value>) -> Value {
    let Some(Value::Array(skills)) = skills else { return Value::Object(Map::new()) };
    let mut named = Map::new();
    for skill in skills {
        let name = crate::platform_config::skill_name(&skill).unwrap_or_else(|| skill.to_string());
        let rest = match skill {
            Value::Object(mut map) if map.len() > 1 => {
                ["name", "slug", "id"].iter().for_each(|key| drop(map.shift_remove(*key)));
                Value::Object(map)
            }
            _ => Value::Bool(true),
        };
        named.insert(name, rest);
    }
    Value::Object(named)
}
