//! `conversations`: what an agent talked about (operations 12 and 13), while consent holds. Each look is a line in the
//! ledger.

use crate::desk::Desk;
use crate::failure::Stop;
use crate::table::{lines, moment, or_none};
use clap::{Args, Subcommand};
use nineheads_core::contract::ConversationId;
use nineheads_core::conversations::ConversationRow;
use nineheads_core::seen::Source;
use nineheads_core::{Code, Failure};
use serde_json::{Value, json};

#[derive(Subcommand)]
pub(crate) enum Conversations {
    /// Lists the newest.
    List(List),
    /// Shows one, message by message.
    Show(Show),
}

#[derive(Args)]
pub(crate) struct List {
    /// Its id, its agent's name or its host's.
    instance: String,
    /// At most so many.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u8).range(1..=100))]
    limit: u8,
}

#[derive(Args)]
pub(crate) struct Show {
    /// Its id, its agent's name or its host's.
    instance: String,
    /// The conversation's id.
    conversation: String,
}

pub(crate) async fn run(desk: &Desk, command: Conversations) -> Result<(), Stop> {
    match command {
        Conversations::List(List { instance, limit }) => list(desk, &instance, limit).await,
        Conversations::Show(Show { instance, conversation }) => {
            show(desk, &instance, &ConversationId::from(conversation)).await
        }
    }
}

/// The platform refuses both without consent and without the scope, in the same way.
fn refused(failure: Failure) -> Stop {
    let is_refusal = matches!(failure.code, Code::NotAllowed { .. });
    let stop = Stop::from(failure);
    match is_refusal {
        true => {
            let message = format!("{} Access is granted with nineheads consent grant.", stop.message);
            Stop { message, ..stop }
        }
        false => stop,
    }
}

fn live<T>(view: T, source: Source) -> Result<T, Stop> {
    match source {
        Source::Live => Ok(view),
        Source::Cached => Err(Failure::new(Code::Offline, "only what is kept could be had").into()),
    }
}

async fn list(desk: &Desk, text: &str, limit: u8) -> Result<(), Stop> {
    let target = desk.instance(text).await?;
    let view = desk.console.list_conversations(&target.id, limit).await.map_err(refused)?;
    let source = view.source;
    let view = live(view, source)?;
    let each = |row: &ConversationRow| {
        json!({
            "id": row.id, "participant": row.participant, "started_at": row.started_at, "last_message_at": row.last_message_at,
            "message_count": row.message_count, "summary": row.summary,
        })
    };
    let documents: Vec<Value> = view.rows.iter().map(each).collect();
    let shown = |row: &ConversationRow| {
        let newest = row.last_message_at.map(|at| at.format("%Y-%m-%d %H:%M").to_string());
        vec![
            or_none(newest),
            or_none(row.message_count),
            or_none(row.participant.as_ref()),
            or_none(row.summary.as_ref()),
            row.id.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = view.rows.iter().map(shown).collect();
    let document = json!({ "instance_id": target.id, "total": view.total, "conversations": documents, "other": view.other });
    desk.output.rows(document, &["newest (utc)", "messages", "with", "about", "id"], &rows)
}

async fn show(desk: &Desk, text: &str, conversation: &ConversationId) -> Result<(), Stop> {
    let target = desk.instance(text).await?;
    let view = desk.console.conversation(&target.id, conversation).await.map_err(refused)?;
    let source = view.source;
    let view = live(view, source)?;
    if desk.output.is_json() {
        return desk.output.document(json!({ "instance_id": target.id, "conversation_id": conversation, "messages": view.messages, "whole": view.whole }));
    }
    for message in &view.messages {
        let words = message.text.clone().unwrap_or_else(|| message.other.to_string());
        desk.output.text(&format!(
            "{}  {}\n{}\n\n",
            moment(message.at),
            lines(&or_none(message.role.as_ref())),
            lines(&words)
        ))?;
    }
    match view.messages.is_empty() {
        true => {
            desk.output.text(&format!("{}\n", serde_json::to_string_pretty(&view.whole).unwrap_or_default()))
        }
        false => Ok(()),
    }
}
