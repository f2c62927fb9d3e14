//! What an agent on this computer may do: read, widened with a typed sentence, narrowed without one.
//!
//! Two places know it: the record here, which is put in force at each start, and the gateway that runs. Widening writes
//! the record first, narrowing the gateway, so that whoever dies in between leaves no agent with more than is recorded.
//! One that does not answer is narrowed in the record and ended: it comes back with what is recorded, or not at all.

use super::{logs, reply};
use crate::call::Call;
use crate::provider::openclaw::agent::Agent;
use crate::provider::openclaw::ask::Ask;
use crate::provider::openclaw::permission::{NotInForce, put_in_force};
use crate::refusal::{Answer, Invalid, Refusal};
use crate::store::local_agents::{self, LocalAgent};
use crate::store::{Instance, Store};
use axum::http::StatusCode;
use nineheads_contract::local::{LocalPermission, Permission, confirmation_for};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Changes come one after the other: two at once could leave record and gateway apart.
static CHANGES: Mutex<()> = Mutex::new(());

/// What an agent may do.
pub(crate) fn get(call: &Call) -> Answer {
    let (instance, agent) = real(call)?;
    reply(&told(call, &instance, agent.permission))
}

/// Changes it.
pub(crate) fn put(call: &Call) -> Answer {
    let (instance, _) = real(call)?;
    let mut check = call.check();
    let body = check.dictionary();
    check.finish()?;
    let permission = wanted(body.get("permission"))?;
    let typed = body.get("confirmation").and_then(Value::as_str);
    if permission == Permission::WholeComputer
        && typed.map(str::trim) != Some(&confirmation_for(instance.name()))
    {
        return Err(Refusal::forbidden(
            "To let an agent use the whole computer, its sentence has to be typed exactly",
        ));
    }
    let alone = CHANGES.lock().unwrap_or_else(PoisonError::into_inner);
    let (running, restart) = (running(call, &instance), restart(call, &instance));
    let workspace = workspace(call, &instance);
    change(call.store(), instance.id, permission, running.as_ref(), (restart.as_ref(), &workspace))?;
    drop(alone);
    logs::note(call, &instance, "permission", &format!("the agent may now: {}", permission.name()))?;
    reply(&told(call, &instance, permission))
}

/// Ends an agent's process and starts it again; returns as soon as that has begun.
type Restart = dyn Fn() -> Result<(), String>;

/// A gateway that runs.
struct Running {
    agent: Box<dyn Ask>,
    restart: Box<Restart>,
}

impl Running {
    fn force(&self, permission: Permission, workspace: &Path, ends: bool) -> Result<(), Refusal> {
        let done = put_in_force(self.agent.as_ref(), permission, workspace).map_err(refusal)?;
        if done.needs_restart || ends {
            start_again(self.restart.as_ref())?;
        }
        Ok(())
    }
}

fn start_again(restart: &Restart) -> Result<(), Refusal> {
    restart().map_err(|error| {
        log::warn!("an agent could not be started again: {error}");
        unreached()
    })
}

/// Records a permission and puts it in force, in the order that is safe.
fn change(
    store: &Store,
    instance: uuid::Uuid,
    permission: Permission,
    running: Option<&Running>,
    (restart, workspace): (&Restart, &Path),
) -> Result<(), Refusal> {
    let LocalAgent { process, permission: before, .. } = row(store, instance)?;
    let record = |permission| store.write(|db| local_agents::set_permission(db, instance, permission));
    if running.is_none() && process.is_some() {
        // It may run with what it was allowed before, and nobody can tell it. Taking away does not wait for it: its
        // process ends, and what is recorded holds before anybody may talk with the next one.
        if permission >= before {
            return Err(unreached());
        }
        record(permission)?;
        return start_again(restart).or_else(|refused| {
            record(before)?;
            Err(refused)
        });
    }
    let Some(running) = running else {
        record(permission)?;
        return Ok(());
    };
    if permission <= before {
        // A program that was begun with more rights goes on until the agent's process ends.
        let ends = before == Permission::WholeComputer && permission < before;
        running.force(permission, workspace, ends)?;
        record(permission)?;
        return Ok(());
    }
    record(permission)?;
    running.force(permission, workspace, false).map_err(|refused| {
        // What was half widened is narrowed again, and only then is the record what it was.
        if running.force(before, workspace, false).is_ok()
            && let Err(failed) = record(before)
        {
            return Refusal::Broken(failed.to_string());
        }
        refused
    })
}

fn row(store: &Store, instance: uuid::Uuid) -> Result<LocalAgent, Refusal> {
    store.read(|db| local_agents::find(db, instance))?.ok_or_else(|| Refusal::not_found("Instance"))
}

/// The instance of the path and what makes it real; a simulated one is as unknown here as none.
fn real(call: &Call) -> Result<(Instance, LocalAgent), Refusal> {
    let mut check = call.check();
    let id = check.instance_id();
    check.finish()?;
    let instance = call.find(id)?;
    let agent = row(call.store(), id)?;
    Ok((instance, agent))
}

fn wanted(value: Option<&Value>) -> Result<Permission, Refusal> {
    match value.and_then(Value::as_str) {
        Some("talk") => Ok(Permission::Talk),
        Some("own_folder") => Ok(Permission::OwnFolder),
        Some("whole_computer") => Ok(Permission::WholeComputer),
        _ => {
            let msg = "Input should be 'talk', 'own_folder' or 'whole_computer'".to_owned();
            Err(Refusal::Invalid(vec![Invalid {
                loc: vec![json!("body"), json!("permission")],
                msg,
                kind: "enum",
            }]))
        }
    }
}

fn told(call: &Call, instance: &Instance, permission: Permission) -> LocalPermission {
    LocalPermission {
        permission,
        confirmation: confirmation_for(instance.name()),
        folder: Some(workspace(call, instance).to_string_lossy().into_owned()),
    }
}

/// The gateway of an instance, where it runs and answers. An agent whose process does not is refused.
fn running(call: &Call, instance: &Instance) -> Option<Running> {
    let agent = call.platform.agents.get(instance.id).filter(Agent::is_ready)?;
    Some(Running { agent: Box::new(agent), restart: restart(call, instance) })
}

fn restart(call: &Call, instance: &Instance) -> Box<Restart> {
    let (platform, id) = (call.platform.clone(), instance.id);
    Box::new(move || platform.agents.restart(id))
}

/// The agent's own folder. The host makes it there.
fn workspace(call: &Call, instance: &Instance) -> PathBuf {
    let folder = call.platform.options.agents.as_ref().map(|agents| agents.folder.join("agents"));
    folder.unwrap_or_default().join(instance.id.to_string()).join("workspace")
}

fn unreached() -> Refusal {
    let detail = "The agent's program does not answer at the moment, so what it may do was not changed. \
                  Try again once it runs; deleting the agent ends it at once";
    Refusal::Detail(StatusCode::SERVICE_UNAVAILABLE, detail.to_owned())
}

fn refusal(error: NotInForce) -> Refusal {
    log::warn!("a permission could not be put in force: {error}");
    unreached()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::masks::merge;
    use crate::provider::openclaw::ask::AskError;
    use crate::store::local_agents::Process;
    use std::sync::Arc;
    use uuid::Uuid;

    const FOLDER: &str = "/agents/one/workspace";

    /// A gateway that notes what was recorded when it was written to, and everything in its order.
    struct Watched {
        store: Arc<Store>,
        instance: Uuid,
        document: Mutex<Value>,
        events: Arc<Mutex<Vec<String>>>,
        /// Which write is not answered, counted from one.
        lost: usize,
    }

    impl Ask for Watched {
        fn ask(&self, method: &'static str, params: Value) -> Result<Value, AskError> {
            let mut document = self.document.lock().expect("no panic");
            if method == "sessions.list" {
                return Ok(json!({ "sessions": [], "hasMore": false }));
            }
            if method == "config.get" {
                return Ok(json!({ "parsed": *document, "hash": "h" }));
            }
            let recorded = row(&self.store, self.instance).expect("a row").permission;
            let mut events = self.events.lock().expect("no panic");
            events.push(format!("written while {}", recorded.name()));
            let patch = serde_json::from_str(params["raw"].as_str().expect("text")).expect("JSON");
            merge(&mut document, patch);
            if events.iter().filter(|event| event.starts_with("written")).count() == self.lost {
                return Err(AskError::Late);
            }
            Ok(json!({ "sentinel": { "payload": { "stats": { "requiresRestart": false } } } }))
        }
    }

    struct Scene {
        store: Arc<Store>,
        instance: Uuid,
        events: Arc<Mutex<Vec<String>>>,
        running: Running,
    }

    fn scene(permission: Permission, lost: usize) -> Scene {
        let (store, instance) = (Arc::new(Store::open(None).expect("a store")), Uuid::from_u128(1));
        let process = None;
        let (provider, model) = ("p".to_owned(), "m".to_owned());
        let agent = LocalAgent { instance, permission, provider, model, process };
        store.write(|db| local_agents::insert(db, &agent)).expect("written");
        let events = Arc::new(Mutex::new(Vec::new()));
        let document = Mutex::new(json!({ "tools": { "exec": { "mode": "full" } } }));
        let watched = Watched { store: store.clone(), instance, document, events: events.clone(), lost };
        let told = events.clone();
        let restart = move || {
            told.lock().expect("no panic").push("started again".to_owned());
            Ok(())
        };
        Scene {
            store,
            instance,
            events,
            running: Running { agent: Box::new(watched), restart: Box::new(restart) },
        }
    }

    impl Scene {
        fn change(&self, permission: Permission) -> Result<(), Refusal> {
            self.change_with(Some(&self.running), self.running.restart.as_ref(), permission)
        }

        fn change_with(
            &self,
            running: Option<&Running>,
            restart: &Restart,
            permission: Permission,
        ) -> Result<(), Refusal> {
            change(&self.store, self.instance, permission, running, (restart, Path::new(FOLDER)))
        }

        fn recorded(&self) -> Permission {
            row(&self.store, self.instance).expect("a row").permission
        }

        fn events(&self) -> Vec<String> {
            self.events.lock().expect("no panic").clone()
        }
    }

    #[test]
    fn narrowing_is_in_force_before_it_is_recorded_and_ends_what_was_begun() {
        let scene = scene(Permission::WholeComputer, 0);
        scene.change(Permission::Talk).expect("changed");
        let wide = "written while whole_computer";
        assert_eq!(scene.events(), [wide, wide, "started again"]);
        assert_eq!(scene.recorded(), Permission::Talk);
    }

    #[test]
    fn widening_is_recorded_before_it_is_in_force() {
        let scene = scene(Permission::Talk, 0);
        scene.change(Permission::OwnFolder).expect("changed");
        assert!(scene.events().iter().all(|event| event == "written while own_folder"));
        assert_eq!(scene.recorded(), Permission::OwnFolder);
    }

    #[test]
    fn narrowing_that_got_lost_leaves_the_wider_record_and_can_be_tried_again() {
        for lost in 1..=2 {
            let scene = scene(Permission::WholeComputer, lost);
            let refused = scene.change(Permission::Talk).expect_err("refused");
            assert!(matches!(refused, Refusal::Detail(StatusCode::SERVICE_UNAVAILABLE, _)));
            assert_eq!(scene.recorded(), Permission::WholeComputer);
            scene.change(Permission::Talk).expect("changed");
            assert_eq!(scene.recorded(), Permission::Talk);
        }
    }

    #[test]
    fn widening_that_got_lost_is_taken_back_in_the_gateway_and_then_in_the_record() {
        let scene = scene(Permission::Talk, 1);
        scene.change(Permission::OwnFolder).expect_err("refused");
        assert_eq!(scene.recorded(), Permission::Talk);
        let read = scene.running.agent.ask("config.get", json!({})).expect("answered");
        assert_eq!(read["parsed"]["tools"]["deny"], json!(["*"]));
    }

    #[test]
    fn an_agent_that_does_not_answer_is_narrowed_by_ending_its_process_and_never_widened() {
        let scene = scene(Permission::OwnFolder, 0);
        let restart = scene.running.restart.as_ref();
        let process = Process { port: 1, pid: 2, started: "then".to_owned() };
        scene
            .store
            .write(|db| local_agents::set_process(db, scene.instance, Some(&process)))
            .expect("written");
        scene.change_with(None, restart, Permission::WholeComputer).expect_err("refused");
        scene.change_with(None, &|| Err("nobody can".to_owned()), Permission::Talk).expect_err("refused");
        assert_eq!((scene.recorded(), scene.events().len()), (Permission::OwnFolder, 0));
        scene.change_with(None, restart, Permission::Talk).expect("narrowed");
        assert_eq!((scene.recorded(), scene.events()), (Permission::Talk, vec!["started again".to_owned()]));
    }

    #[test]
    fn an_agent_without_a_process_is_changed_in_its_record_alone() {
        let scene = scene(Permission::WholeComputer, 0);
        scene.change_with(None, scene.running.restart.as_ref(), Permission::Talk).expect("recorded");
        assert_eq!((scene.recorded(), scene.events().len()), (Permission::Talk, 0));
    }
}
