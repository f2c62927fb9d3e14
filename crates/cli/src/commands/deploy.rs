//! `deploy`: one confirmation, at most one server (operations 2 and 4). What was confirmed is in the journal before a byte
//! leaves; its key takes it up again.

use crate::confirm::Change;
use crate::desk::Desk;
use crate::failure::{Exit, Stop};
use crate::table::or_none;
use clap::Args;
use nineheads_core::choices::Choice;
use nineheads_core::contract::IdempotencyKey;
use nineheads_core::contract::deploys::NewInstance;
use nineheads_core::deploys::{Deploy as Deployed, DeployState};
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

/// How long an announcement that was missed may go unnoticed.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

#[derive(Args)]
pub(crate) struct Deploy {
    /// Where: a region's id.
    #[arg(long, required_unless_present_any = ["key", "choices"])]
    region: Option<String>,
    /// How large: a tier's UUID, or its name where the platform lists it.
    #[arg(long, required_unless_present_any = ["key", "choices"])]
    tier: Option<String>,
    /// The agent's name.
    #[arg(long)]
    name: Option<String>,
    /// What it is made from.
    #[arg(long)]
    preset: Option<String>,
    /// Which runtime.
    #[arg(long)]
    manifest: Option<String>,
    /// A recipe of the platform.
    #[arg(long)]
    recipe: Option<String>,
    /// For whom; else for yourself.
    #[arg(long, value_name = "ID")]
    customer: Option<String>,
    /// How the agent addresses its user.
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// A website's template.
    #[arg(long, value_name = "SLUG")]
    website_template: Option<String>,
    /// A workflow to install; may be given more than once.
    #[arg(long, value_name = "SLUG")]
    workflow: Vec<String>,
    /// Waits until the instance runs, or failed.
    #[arg(long)]
    wait: bool,
    /// Takes up a deploy that was begun before, by the key it was given.
    #[arg(long, conflicts_with_all = ["region", "tier", "choices"])]
    key: Option<String>,
    /// With --key: sends it once more where the platform never got it.
    #[arg(long, requires = "key")]
    resend: bool,
    /// Lists the regions and tiers that are known, and deploys nothing.
    #[arg(long)]
    choices: bool,
}

pub(crate) async fn run(desk: &Desk, command: Deploy) -> Result<(), Stop> {
    desk.wait_for_fleet().await?;
    if command.choices {
        return choices(desk).await;
    }
    let deploy = match &command.key {
        Some(key) => take_up(desk, &IdempotencyKey::from(key.as_str()), &command).await?,
        None => start(desk, &command).await?,
    };
    desk.output.note(&format!("Key of this deploy: {}", deploy.key));
    let deploy = if command.wait { wait(desk, deploy).await? } else { deploy };
    show(desk, &deploy, command.wait)
}

async fn take_up(desk: &Desk, key: &IdempotencyKey, command: &Deploy) -> Result<Deployed, Stop> {
    let known = desk.console.deploy(key)?;
    if command.resend && known.state == DeployState::Absent {
        desk.ask(&Change { act: format!("Send the deploy {key} once more"), lost: "", name: None })?;
        return Ok(desk.console.resend_deploy(key).await?);
    }
    Ok(if command.wait { desk.console.check_deploy(key)? } else { known })
}

async fn start(desk: &Desk, command: &Deploy) -> Result<Deployed, Stop> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let request = NewInstance {
        region_id: text(&command.region),
        tier_id: tier(desk, &text(&command.tier)).await?,
        agent_name: command.name.clone(),
        customer_id: command.customer.clone(),
        idempotency_key: None,
        manifest_id: command.manifest.clone(),
        preset_id: command.preset.clone(),
        recipe_id: command.recipe.clone(),
        user_display_name: command.user.clone(),
        website_template_slug: command.website_template.clone(),
        workflow_slugs: Some(command.workflow.clone()),
    };
    let name = request.agent_name.as_deref().unwrap_or("an agent");
    desk.ask(&Change {
        act: format!("Deploy {name} in {}", request.region_id),
        lost: "It costs from then on",
        name: None,
    })?;
    Ok(desk.console.start_deploy(request).await?)
}

/// A tier's name is never sent: it is looked up.
async fn tier(desk: &Desk, text: &str) -> Result<String, Stop> {
    if Uuid::try_parse(text).is_ok() {
        return Ok(text.to_owned());
    }
    let tiers = desk.console.choices().await?.tiers;
    let called = |tier: &&Choice| tier.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(text));
    let found = tiers.iter().find(called);
    found.map(|tier| tier.id.clone()).ok_or_else(|| {
        Stop::usage(format!("No tier is called {text:?}. nineheads deploy --choices lists them."))
    })
}

async fn choices(desk: &Desk) -> Result<(), Stop> {
    let choices = desk.console.choices().await?;
    let fields = [
        ("region", &choices.regions),
        ("tier", &choices.tiers),
        ("preset", &choices.presets),
        ("manifest", &choices.manifests),
        ("recipe", &choices.recipes),
        ("workflow", &choices.workflows),
    ];
    let each = || fields.iter().flat_map(|(field, all)| all.iter().map(move |choice| (*field, choice)));
    let documents: Vec<Value> = each().map(|(field, choice)| json!({ "field": field, "id": choice.id, "name": choice.name, "note": choice.note })).collect();
    let rows: Vec<Vec<String>> = each()
        .map(|(field, choice)| {
            vec![
                field.to_owned(),
                choice.id.clone(),
                or_none(choice.name.as_ref()),
                or_none(choice.note.as_ref()),
            ]
        })
        .collect();
    desk.output.rows(json!({ "choices": documents }), &["for", "id", "name", "note"], &rows)
}

async fn wait(desk: &Desk, mut deploy: Deployed) -> Result<Deployed, Stop> {
    let mut events = desk.console.events();
    let stage = |deploy: &Deployed| {
        deploy.stages.last().map(|mark| mark.stage.clone()).unwrap_or_else(|| word(deploy.state))
    };
    desk.output.note(&stage(&deploy));
    while !deploy.state.is_settled() {
        let _ = tokio::time::timeout(LOOK_AGAIN, events.recv()).await;
        let now = desk.console.deploy(&deploy.key)?;
        if now == deploy {
            desk.check_asking()?;
            continue;
        }
        if stage(&now) != stage(&deploy) {
            desk.output.note(&stage(&now));
        }
        deploy = now;
        if desk.output.is_json() && !deploy.state.is_settled() {
            desk.output.line(document(&deploy))?;
        }
    }
    Ok(deploy)
}

/// The deploy, and what its state means for whoever waits for it.
fn show(desk: &Desk, deploy: &Deployed, as_line: bool) -> Result<(), Stop> {
    let shown = [
        ("key", deploy.key.to_string()),
        ("state", word(deploy.state)),
        ("instance", or_none(deploy.instance_id.as_ref())),
        ("host", or_none(deploy.hostname.as_ref())),
        ("error", or_none(deploy.error_message.as_ref())),
    ];
    match as_line && desk.output.is_json() {
        true => desk.output.line(document(deploy))?,
        false => desk.output.fields(document(deploy), &shown)?,
    }
    let key = &deploy.key;
    match deploy.state {
        DeployState::Ready | DeployState::Accepted => Ok(()),
        DeployState::Failed | DeployState::Rejected => {
            Err(Stop::new(Exit::Failed, "deployFailed", "The platform tried and failed."))
        }
        DeployState::Absent => Err(Stop::new(
            Exit::Failed,
            "deployAbsent",
            format!(
                "The platform never got it. Send it once more: nineheads deploy --key {key} --resend --wait"
            ),
        )),
        DeployState::Intent | DeployState::Sent | DeployState::Unknown => Err(Stop::new(
            Exit::Unknown,
            "mayHaveArrived",
            format!(
                "Nobody knows yet whether it arrived. Take it up again: nineheads deploy --key {key} --wait"
            ),
        )),
    }
}

fn word(state: DeployState) -> String {
    serde_json::to_value(state).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

fn document(deploy: &Deployed) -> Value {
    json!({ "deploy": {
        "key": deploy.key, "state": deploy.state, "instance_id": deploy.instance_id, "hostname": deploy.hostname,
        "status": deploy.status, "stages": deploy.stages, "confirmed_at": deploy.confirmed_at,
        "settled_at": deploy.settled_at, "error_message": deploy.error_message, "request": deploy.request,
    }})
}
