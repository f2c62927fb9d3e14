//! `logs`: an instance's provisioning log (operation 14), once or as it grows.

use crate::desk::{Desk, Target};
use crate::failure::Stop;
use crate::table::{cell, or_none};
use clap::Args;
use nineheads_core::contract::logs::LogLine;
use nineheads_core::logs::LogQuery;
use nineheads_core::{Code, Event, Failure};
use serde_json::json;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// Rows read at a time.
const PAGE: u32 = 500;
/// How long an announcement that was missed may go unnoticed.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

#[derive(Args)]
pub(crate) struct Logs {
    /// Its id, its agent's name or its host's.
    instance: String,
    /// Goes on as lines come, until it is stopped or the instance is gone.
    #[arg(long, short)]
    follow: bool,
    /// Only the newest so many.
    #[arg(long, short = 'n', value_name = "LINES")]
    tail: Option<u32>,
    /// Only lines with this text.
    #[arg(long, value_name = "TEXT", default_value = "")]
    search: String,
    /// Only these levels; may be given more than once.
    #[arg(long)]
    level: Vec<String>,
}

/// What was read, and how far.
struct Read {
    lines: Vec<LogLine>,
    total: u32,
    matched: u32,
}

pub(crate) async fn run(desk: &Desk, command: Logs) -> Result<(), Stop> {
    let Logs { instance, follow, tail, search, level } = command;
    let target = desk.instance(&instance).await?;
    let query = LogQuery { text: search, levels: level, ..LogQuery::default() };
    let events = desk.console.events();
    desk.console.watch_logs(&target.id).await?;
    let read = read(desk, &target, &query, 0).await?;
    let first = tail.map_or(0, |tail| read.lines.len().saturating_sub(tail as usize));
    let lines = &read.lines[first..];
    if desk.output.is_json() && !follow {
        return desk.output.document(
            json!({ "instance_id": target.id, "total": read.total, "matched": read.matched, "lines": lines }),
        );
    }
    show(desk, lines)?;
    match follow {
        true => follow_on(desk, &target, &query, read.matched, events).await,
        false => Ok(()),
    }
}

/// Goes on with what comes after so many lines.
async fn follow_on(
    desk: &Desk,
    target: &Target,
    query: &LogQuery,
    mut from: u32,
    mut events: Receiver<Event>,
) -> Result<(), Stop> {
    loop {
        match tokio::time::timeout(LOOK_AGAIN, events.recv()).await {
            Ok(Ok(Event::InstanceGone { id })) if id == target.id => {
                desk.output.note("The instance is gone.");
                return Ok(());
            }
            Ok(Err(RecvError::Closed)) => return Ok(()),
            _ => {}
        }
        match read(desk, target, query, from).await {
            Ok(more) => {
                show(desk, &more.lines)?;
                from = more.matched.max(from);
            }
            Err(Failure { code: Code::NotFound { .. }, .. }) => {
                desk.output.note("The instance is gone.");
                return Ok(());
            }
            // Somebody who follows waits for the platform to come back, and for nothing else.
            Err(failure) if failure.is_outage() && !matches!(failure.code, Code::NoKey) => {}
            Err(failure) => return Err(failure.into()),
        }
        desk.check_asking()?;
    }
}

async fn read(desk: &Desk, target: &Target, query: &LogQuery, from: u32) -> Result<Read, Failure> {
    let mut read = Read { lines: Vec::new(), total: 0, matched: from };
    loop {
        let window = desk.console.show_logs(&target.id, query, read.matched, PAGE).await?;
        if let Some(failure) = window.failure {
            return Err(failure);
        }
        if window.seen_at.is_none() {
            return Err(Failure::new(Code::Offline, "the log was not answered in time"));
        }
        read.total = window.total;
        read.matched += u32::try_from(window.rows.len()).unwrap_or(u32::MAX);
        let is_last = window.rows.is_empty() || read.matched >= window.matched;
        read.lines.extend(window.rows.into_iter().filter_map(|row| row.line));
        if is_last {
            return Ok(read);
        }
    }
}

fn show(desk: &Desk, lines: &[LogLine]) -> Result<(), Stop> {
    for line in lines {
        if desk.output.is_json() {
            desk.output.line(json!({ "line": line }))?;
            continue;
        }
        let at = line.created_at.map(|at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        let (level, message) = (or_none(line.level.as_ref()), or_none(line.message.as_ref()));
        desk.output.text(&format!("{}  {:7}  {}\n", or_none(at), cell(&level), cell(&message)))?;
    }
    Ok(())
}
