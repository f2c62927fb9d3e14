//! What makes an instance a real agent of this computer: its permission, its model, the process that serves it.

use nineheads_contract::local::Permission;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

/// One real agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LocalAgent {
    pub(crate) instance: Uuid,
    pub(crate) permission: Permission,
    /// The name of a model provider.
    pub(crate) provider: String,
    pub(crate) model: String,
    pub(crate) process: Option<Process>,
}

/// The process that serves an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Process {
    pub(crate) port: u16,
    pub(crate) pid: u32,
    /// When it was started, in the system's own words: a pid is used again.
    pub(crate) started: String,
}

/// Writes a new agent.
pub(crate) fn insert(db: &Connection, agent: &LocalAgent) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO local_agents (instance_id, permission, provider, model) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![
        agent.instance.to_string(),
        agent.permission.name(),
        agent.provider,
        agent.model
    ])?;
    Ok(())
}

/// One agent; none for a simulated instance.
pub(crate) fn find(db: &Connection, instance: Uuid) -> rusqlite::Result<Option<LocalAgent>> {
    db.prepare_cached("SELECT * FROM local_agents WHERE instance_id = ?1")?
        .query_row([instance.to_string()], read)
        .optional()
}

/// Every agent.
pub(crate) fn all(db: &Connection) -> rusqlite::Result<Vec<LocalAgent>> {
    let mut statement = db.prepare_cached("SELECT * FROM local_agents ORDER BY instance_id")?;
    let rows = statement.query_map([], read)?;
    rows.collect()
}

/// Records what an agent may do from now on.
pub(crate) fn set_permission(
    db: &Connection,
    instance: Uuid,
    permission: Permission,
) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE local_agents SET permission = ?2 WHERE instance_id = ?1")?
        .execute(params![instance.to_string(), permission.name()])?;
    Ok(())
}

/// Records the process that serves an agent, or that none does.
pub(crate) fn set_process(
    db: &Connection,
    instance: Uuid,
    process: Option<&Process>,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE local_agents SET port = ?2, pid = ?3, pid_started = ?4 WHERE instance_id = ?1",
    )?
    .execute(params![
        instance.to_string(),
        process.map(|process| process.port),
        process.map(|process| process.pid),
        process.map(|process| &process.started),
    ])?;
    Ok(())
}

/// Forgets an agent.
pub(crate) fn delete(db: &Connection, instance: Uuid) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM local_agents WHERE instance_id = ?1")?.execute([instance.to_string()])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<LocalAgent> {
    let process = match (row.get("port")?, row.get("pid")?, row.get("pid_started")?) {
        (Some(port), Some(pid), Some(started)) => Some(Process { port, pid, started }),
        _ => None,
    };
    let instance: String = row.get("instance_id")?;
    let permission: String = row.get("permission")?;
    Ok(LocalAgent {
        instance: instance.parse().unwrap_or_default(),
        permission: match permission.as_str() {
            "whole_computer" => Permission::WholeComputer,
            "own_folder" => Permission::OwnFolder,
            _ => Permission::Talk,
        },
        provider: row.get("provider")?,
        model: row.get("model")?,
        process,
    })
}
