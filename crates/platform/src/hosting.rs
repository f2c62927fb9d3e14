//! Where real agents meet the platform's rows: what a host tells is written, what it asks is read. Does not belong here:
//! processes and files (`provider/openclaw`), and HTTP.

use crate::call::now;
use crate::options::Options;
use crate::provider::openclaw::agent::{Agent, Agents};
use crate::provider::openclaw::child::Running;
use crate::provider::openclaw::host::Host;
use crate::provider::openclaw::supervise::{Door, Failure, Making, Record, Stage};
use crate::provider::openclaw::{model_providers, permission};
use crate::secrets::SecretStore;
use crate::store::local_agents::{LocalAgent, Process};
use crate::store::logs::{self, Line};
use crate::store::{Instance, Store, choices, instances, local_agents, model_providers as providers};
use nineheads_contract::local::{LOCAL_PROVIDER, LocalRecipe, Permission};
use rusqlite::Connection;
use serde_json::Value;
use std::io;
use std::path::Path;
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use uuid::Uuid;

/// The host of a platform that has real agents; none where it has none.
pub(crate) fn open(
    options: &Options,
    store: &Arc<Store>,
    work: &Arc<Notify>,
    talks: &Arc<Agents>,
) -> io::Result<Option<Host>> {
    let Some(agents) = &options.agents else { return Ok(None) };
    let record = Arc::new(Rows { store: store.clone(), work: work.clone() });
    let making = Arc::new(Kept { store: store.clone(), secrets: agents.secrets.clone() });
    let tokio = Handle::current();
    let door = Arc::new(Talks { agents: talks.clone(), store: store.clone(), tokio: tokio.clone() });
    Host::open(agents, record, door, making, tokio).map(Some)
}

/// Goes on with every agent that was ready before. Those being made or removed are the worker's.
pub(crate) fn resume(host: &Host, store: &Store) -> rusqlite::Result<()> {
    let agents = store.read(|db| {
        let mut ready = Vec::new();
        for agent in local_agents::all(db)? {
            let instance = instances::find(db, agent.instance)?;
            ready.extend(instance.filter(Instance::is_running).map(|_| agent));
        }
        Ok::<_, rusqlite::Error>(ready)
    })?;
    for agent in agents {
        host.begin(agent, true);
    }
    Ok(())
}

/// Makes the row of a deploy one of this computer, with the row of its agent.
pub(crate) fn settle_here(
    db: &Connection,
    instance: &mut Instance,
    recipe: LocalRecipe,
) -> rusqlite::Result<()> {
    instance.provider = LOCAL_PROVIDER.to_owned();
    instance.region_id = LOCAL_PROVIDER.to_owned();
    instance.provider_instance_id = None;
    instance.tier_name = None;
    instance.server_plan = None;
    instance.vpn_ip = None;
    "expressclaw".clone_into(&mut instance.runtime_type);
    let LocalRecipe { permission, provider, model } = recipe;
    local_agents::insert(
        db,
        &LocalAgent { instance: instance.id, permission, provider, model, process: None },
    )
}

struct Rows {
    store: Arc<Store>,
    work: Arc<Notify>,
}

impl Rows {
    fn write(&self, what: &str, change: impl FnOnce(&Connection) -> rusqlite::Result<()>) {
        if let Err(error) = self.store.write(|db| change(db)) {
            log::error!("{what} could not be written: {error}");
        }
    }
}

impl Record for Rows {
    fn reach(&self, agent: Uuid, stage: Stage, lines: &[Line]) {
        self.write("how far a deploy is", |db| {
            advance(db, agent, lines, |instance| {
                instance.provisioning_stage = stage.name().to_owned();
                instance.bootstrap_seq = stage.seq();
                if stage == Stage::Ready {
                    instance.status = "running".to_owned();
                    instance.ready_at = Some(now());
                }
            })
        });
    }

    fn fail(&self, agent: Uuid, failure: &Failure, lines: &[Line]) {
        self.write("that a deploy failed", |db| {
            advance(db, agent, lines, |instance| {
                instance.status = "failed".to_owned();
                instance.provisioning_stage = "failed".to_owned();
                instance.error_code = Some(failure.code.clone());
                instance.error_message = Some(failure.message.clone());
            })
        });
    }

    fn trouble(&self, agent: Uuid, failure: Option<&Failure>) {
        self.write("an agent's trouble", |db| {
            let told = failure.map(|failure| (failure.code.as_str(), failure.message.as_str()));
            instances::set_trouble(db, agent, told, now())
        });
    }

    fn note(&self, agent: Uuid, line: &Line) {
        self.write("a line", |db| logs::add(db, agent, line));
    }

    fn serve_by(&self, agent: Uuid, process: Option<&Process>) {
        self.write("an agent's process", |db| local_agents::set_process(db, agent, process));
    }

    fn forget(&self, agent: Uuid) {
        self.write("that an agent is gone", |db| {
            local_agents::delete(db, agent)?;
            instances::finish_delete(db, agent, now())
        });
        self.work.notify_one();
    }

    fn keeps_running(&self) -> bool {
        self.store.read(choices::keep_running).unwrap_or_else(|error| {
            log::error!("a choice could not be read: {error}");
            false
        })
    }
}

/// Lines and row in one transaction: whoever sees a stage sees its lines.
fn advance(
    db: &Connection,
    agent: Uuid,
    lines: &[Line],
    change: impl FnOnce(&mut Instance),
) -> rusqlite::Result<()> {
    let Some(mut instance) = instances::find(db, agent)? else { return Ok(()) };
    change(&mut instance);
    instance.updated_at = now();
    if !instances::advance(db, &instance)? {
        return Ok(());
    }
    let stored = logs::provisioning_count(db, agent)?;
    logs::insert(db, agent, stored + 1, lines)?;
    if instance.status != "provisioning" {
        instances::keep_snapshot(db, &instance, now())?;
    }
    Ok(())
}

struct Kept {
    store: Arc<Store>,
    secrets: Arc<dyn SecretStore>,
}

impl Making for Kept {
    fn sections(&self, agent: &LocalAgent, workspace: &Path) -> Result<Vec<Value>, String> {
        let found = self.store.read(|db| providers::find(db, &agent.provider));
        let provider = found.map_err(|error| error.to_string())?.ok_or_else(|| {
            let name = &agent.provider;
            format!(
                "The model provider {name} is not kept on this computer any more. Add it again, then deploy."
            )
        })?;
        Ok(vec![
            model_providers::section(&provider, &agent.model),
            permission::section(agent.permission, workspace),
        ])
    }

    fn model_key(&self, agent: &LocalAgent) -> Result<Option<String>, String> {
        model_providers::key(self.secrets.as_ref(), &agent.provider).map_err(|error| {
            format!(
                "The key of the model provider could not be read: {error}. Unlock the keystore and try again."
            )
        })
    }
}

/// Talks with gateways.
struct Talks {
    agents: Arc<Agents>,
    store: Arc<Store>,
    tokio: Handle,
}

impl Door for Talks {
    fn open(&self, agent: Uuid, gateway: &Running, workspace: &Path) {
        let (port, token, pid) = (gateway.port, gateway.token.clone(), gateway.pid);
        let talk = Agent::connect(agent, port, token, pid, workspace.to_owned(), self.tokio.clone());
        self.agents.put(agent, talk);
    }

    fn set_starting(&self, agent: Uuid, is_starting: bool) {
        self.agents.set_starting(agent, is_starting, now());
    }

    fn is_ready(&self, agent: Uuid) -> bool {
        self.agents.get(agent).is_some_and(|agent| agent.is_ready())
    }

    fn put_in_force(&self, agent: Uuid, workspace: &Path) -> Result<bool, String> {
        let row = self.store.read(|db| local_agents::find(db, agent)).map_err(|error| error.to_string())?;
        let recorded = row.map_or(Permission::Talk, |row| row.permission);
        if recorded == Permission::WholeComputer {
            // A person's own stricter choice stays.
            return Ok(true);
        }
        let talk = self.agents.get(agent).ok_or("nobody talks with it")?;
        let done = permission::put_in_force(&talk, recorded, workspace).map_err(|error| error.to_string())?;
        Ok(!done.needs_restart)
    }

    fn close(&self, agent: Uuid) {
        self.agents.remove(agent);
    }
}
