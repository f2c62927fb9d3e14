//! `chat`: one message and its reply (operation 8), or one after the other from a terminal. Never sent again by itself.

use crate::confirm::Change;
use crate::desk::{Desk, Target};
use crate::failure::{Exit, Stop};
use crate::given::read_given;
use crate::table::lines;
use clap::Args;
use nineheads_core::Failure;
use nineheads_core::chat::{Exchange, ExchangeState};
use nineheads_core::contract::chat::{MESSAGE_LIMIT, ReplyPart};
use serde_json::json;
use std::io::{BufRead, IsTerminal};
use std::path::Path;
use uuid::Uuid;

#[derive(Args)]
pub(crate) struct Chat {
    /// Its id, its agent's name or its host's.
    instance: String,
    /// What to say. Without it: what comes on standard input; on a terminal each line is a message.
    message: Option<String>,
}

pub(crate) async fn run(desk: &Desk, command: Chat) -> Result<(), Stop> {
    let target = desk.instance(&command.instance).await?;
    match command.message {
        Some(message) => say(desk, &target, message).await,
        None if !std::io::stdin().is_terminal() => say(desk, &target, read_given(Path::new("-"))?).await,
        None => {
            desk.output.note(&format!("Talking with {}. An empty line ends it.", lines(&target.name)));
            loop {
                let mut message = String::new();
                std::io::stdin().lock().read_line(&mut message)?;
                if message.trim().is_empty() {
                    return Ok(());
                }
                say(desk, &target, message).await?;
            }
        }
    }
}

async fn say(desk: &Desk, target: &Target, message: String) -> Result<(), Stop> {
    let message = message.trim().to_owned();
    if !(1..=MESSAGE_LIMIT).contains(&message.chars().count()) {
        return Err(Stop::usage(format!("A message has 1 to {MESSAGE_LIMIT} characters.")));
    }
    desk.ask(&Change {
        act: format!("Send a message to {}", target.name),
        lost: "It may act on it",
        name: None,
    })?;
    let (output, mut broken) = (desk.output, None);
    let show = |part: ReplyPart| {
        let shown = match (part, output.is_json()) {
            (ReplyPart::Text(text), true) => output.line(json!({ "type": "text", "text": text })),
            (ReplyPart::Whole(text), true) => output.line(json!({ "type": "whole", "text": text })),
            (ReplyPart::Text(text), false) => output.text(&lines(&text)),
            (ReplyPart::Whole(text), false) => output.text(&format!("\n{}", lines(&text))),
            _ => Ok(()),
        };
        broken = broken.take().or(shown.err());
    };
    let exchange = desk.console.send_message(&target.id, Uuid::new_v4().to_string(), message, show).await?;
    if let Some(broken) = broken {
        return Err(broken);
    }
    end(desk, &exchange)
}

fn end(desk: &Desk, exchange: &Exchange) -> Result<(), Stop> {
    let (state, stop) = match &exchange.state {
        ExchangeState::Complete => ("complete", None),
        ExchangeState::Stopped => ("stopped", None),
        // Whose reply has begun has had the message.
        ExchangeState::Failed { failure } if exchange.reply.is_empty() || !failure.is_outage() => {
            ("failed", Some(Stop::from(Failure::clone(failure))))
        }
        ExchangeState::Failed { .. }
        | ExchangeState::MayHaveArrived
        | ExchangeState::Sending
        | ExchangeState::Answering => (
            "mayHaveArrived",
            Some(Stop::new(
                Exit::Unknown,
                "mayHaveArrived",
                "The connection was lost: the message may have arrived. Look at the agent before you say it again.",
            )),
        ),
    };
    match desk.output.is_json() {
        true => desk.output.line(json!({
            "type": "end", "state": state, "reply": exchange.reply, "took_ms": exchange.took_ms, "tokens": exchange.tokens,
        }))?,
        false if !exchange.reply.is_empty() => desk.output.text("\n")?,
        false => {}
    }
    stop.map_or(Ok(()), Err)
}
