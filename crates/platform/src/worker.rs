//! The worker: makes the rows of accepted deploys, moves provisionings on, notes fresh keys, tears down what is being
//! deleted. All it knows is in the database, so a platform that was killed goes on where the rows say it was.

use crate::call::{Platform, now};
use crate::demo;
use crate::hosting;
use crate::listen::told_to_stop;
use crate::provider::Outcome;
use crate::store::{Instance, deploys, instances, local_agents, logs, worklists};
use nineheads_contract::local::LocalRecipe;
use rusqlite::Connection;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Longest sleep. Everything that is due sooner is known from the rows.
const LONGEST_SLEEP_MS: i64 = 60_000;
/// How often a tear-down that has not come to its end is begun again.
const TEARDOWN_LOOK_MS: i64 = 5_000;

/// Works until it is told to stop.
pub(crate) async fn work(platform: Arc<Platform>, mut stop: watch::Receiver<bool>) {
    loop {
        let worked = {
            let platform = platform.clone();
            tokio::task::spawn_blocking(move || step(&platform, now())).await
        };
        let next = match worked {
            Ok(Ok(next)) => next,
            Ok(Err(error)) => {
                log::error!("the worker could not work: {error}");
                Some(now() + 1_000)
            }
            Err(error) => {
                log::error!("the worker broke: {error}");
                Some(now() + 1_000)
            }
        };
        let wait = next.map_or(LONGEST_SLEEP_MS, |at| (at - now()).clamp(0, LONGEST_SLEEP_MS));
        tokio::select! {
            () = platform.work.notified() => {}
            () = tokio::time::sleep(Duration::from_millis(wait.unsigned_abs())) => {}
            () = told_to_stop(&mut stop) => return,
        }
    }
}

/// Does everything that is due. Returns when something will be due again.
fn step(platform: &Platform, now: i64) -> rusqlite::Result<Option<i64>> {
    let provider = platform.provider.as_ref();
    let store = &platform.store;
    let mut next: Vec<i64> = Vec::new();
    for deploy in store.read(deploys::waiting)? {
        let at = provider.taken_up_at(deploy.created_at);
        if at > now {
            next.push(at);
            continue;
        }
        let seed = platform.options.seed;
        store.write(|db| {
            let mut instance = demo::order(db, seed, &deploy, now)?;
            if let Some(recipe) = deploy.body.recipe_id.as_deref().and_then(LocalRecipe::parse) {
                hosting::settle_here(db, &mut instance, recipe)?;
            }
            instances::insert(db, &instance)?;
            deploys::set_instance(db, &deploy, instance.id)
        })?;
        platform.counter.created();
    }
    for instance in store.read(worklists::moving)? {
        if let Some(host) = &platform.host
            && let Some(agent) = store.read(|db| local_agents::find(db, instance.id))?
        {
            // Both are told again and again, and begin once.
            match instance.status.as_str() {
                "deleting" => {
                    host.tear_down(agent);
                    next.push(now + TEARDOWN_LOOK_MS);
                }
                _ => host.begin(agent, false),
            }
            continue;
        }
        let due = match instance.status.as_str() {
            "deleting" => finish_delete(platform, &instance, now)?,
            _ => advance(platform, instance, now)?,
        };
        next.extend(due);
    }
    for instance in store.read(worklists::keyless)? {
        next.extend(fetch_key(platform, &instance, now)?);
    }
    Ok(next.into_iter().min())
}

fn finish_delete(platform: &Platform, instance: &Instance, now: i64) -> rusqlite::Result<Option<i64>> {
    let at = platform.provider.torn_down_at(instance);
    if at > now {
        return Ok(Some(at));
    }
    platform.store.write(|db| instances::finish_delete(db, instance.id, now))?;
    Ok(None)
}

/// The agent's part of a rotation: it notices, and fetches a fresh key.
fn fetch_key(platform: &Platform, instance: &Instance, now: i64) -> rusqlite::Result<Option<i64>> {
    let Some(at) = platform.provider.key_fetched_at(instance) else { return Ok(None) };
    if at > now {
        return Ok(Some(at));
    }
    let message = "the agent fetched a fresh key, its hash is stored".to_owned();
    let line = logs::Line { at, level: "info", stage: "rotate_key", message };
    platform.store.write(|db| {
        match instances::keep_agent_key(db, instance.id, &demo::agent_key_hash(instance.id, at))? {
            true => logs::add(db, instance.id, &line),
            false => Ok(()),
        }
    })?;
    Ok(None)
}

fn advance(platform: &Platform, mut instance: Instance, now: i64) -> rusqlite::Result<Option<i64>> {
    let progress = platform.provider.progress(&instance, now);
    let stored = platform.store.read(|db| logs::provisioning_count(db, instance.id))?;
    let fresh = progress.lines.get(usize::try_from(stored).unwrap_or_default()..).unwrap_or_default();
    if fresh.is_empty() {
        return Ok(progress.next_at);
    }
    instance.provisioning_stage = progress.stage.to_owned();
    instance.bootstrap_seq = progress.bootstrap_seq;
    instance.updated_at = now;
    if instance.ip_address.is_none() && progress.bootstrap_seq > 0 {
        instance.ip_address = Some(demo::public_address(instance.id));
    }
    match progress.outcome {
        Some(Outcome::Ready { at }) => {
            instance.status = "running".to_owned();
            instance.ready_at = Some(at);
            instance.agent_key_hash = Some(demo::agent_key_hash(instance.id, at));
        }
        Some(Outcome::Failed { code, message }) => {
            instance.status = "failed".to_owned();
            instance.error_code = Some(code);
            instance.error_message = Some(message);
        }
        None => {}
    }
    platform.store.write(|db| record(db, &instance, stored, fresh, now))?;
    Ok(progress.next_at)
}

/// Lines and row in one transaction: whoever sees a stage sees its lines.
fn record(
    db: &Connection,
    instance: &Instance,
    stored: i64,
    fresh: &[logs::Line],
    now: i64,
) -> rusqlite::Result<()> {
    if !instances::advance(db, instance)? {
        return Ok(());
    }
    logs::insert(db, instance.id, stored + 1, fresh)?;
    if instance.status != "provisioning" {
        instances::keep_snapshot(db, instance, now)?;
    }
    Ok(())
}
