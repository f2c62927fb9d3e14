//! Operations 2 and 4: an accepted create, and how far it has come.

use super::{logs, reply};
use crate::auth::{PEOPLE, Person};
use crate::call::{Call, now};
use crate::refusal::{Answer, Refusal};
use crate::store::deploys::{self, Deploy};
use crate::store::{instances, model_providers};
use nineheads_contract::IdempotencyKey;
use nineheads_contract::deploys::{CreateAccepted, DEFAULT_PRESET, DeployProgress, NewInstance};
use nineheads_contract::local::{LOCAL_MANIFEST, LocalRecipe, Permission};
use uuid::Uuid;

/// Operation 2. Nothing exists when it answers; a key that was used before gets the first answer again.
pub(crate) fn create(call: &Call) -> Answer {
    let (body, customer) = read(call)?;
    // An empty key could never be asked for by its path: it counts as none.
    let key = body.idempotency_key.as_ref().map(|key| key.0.clone()).filter(|key| !key.is_empty());
    let tenant = call.caller.person.tenant;
    let key = key.unwrap_or_else(|| Uuid::new_v4().to_string());
    // What was accepted once is answered again, whatever holds by now.
    if call.store().read(|db| deploys::find(db, tenant, &key))?.is_none() {
        allow_here(call, &body)?;
    }
    let deploy = Deploy {
        tenant,
        key,
        task: Uuid::new_v4(),
        customer: customer.customer,
        customer_email: customer.email.to_owned(),
        body,
        created_at: now(),
        instance: None,
    };
    let accepted = call.store().write(|db| {
        Ok::<_, rusqlite::Error>(match deploys::insert(db, &deploy)? {
            true => deploy,
            false => deploys::find(db, deploy.tenant, &deploy.key)?.unwrap_or(deploy),
        })
    })?;
    call.platform.work.notify_one();
    reply(&CreateAccepted {
        idempotency_key: Some(IdempotencyKey(accepted.key)),
        instance_id: None,
        message: Some("Instance provisioning queued".to_owned()),
        task_id: Some(accepted.task.to_string()),
    })
}

/// A deploy for this computer needs a model that is kept, and never gives the whole computer: that takes a sentence which
/// a person has typed, once the agent is there.
fn allow_here(call: &Call, new: &NewInstance) -> Result<(), Refusal> {
    let Some(id) = new.recipe_id.as_deref().filter(|id| id.starts_with("local:")) else { return Ok(()) };
    if call.platform.host.is_none() {
        return Err(Refusal::field("recipe_id", "This platform runs no agents on this computer"));
    }
    if new.manifest_id.as_deref() != Some(LOCAL_MANIFEST) {
        return Err(Refusal::field("manifest_id", format!("An agent on this computer is {LOCAL_MANIFEST}")));
    }
    let recipe = LocalRecipe::parse(id).ok_or_else(|| {
        Refusal::field("recipe_id", "A recipe of this computer is local:<permission>:<provider>:<model>")
    })?;
    if recipe.permission == Permission::WholeComputer {
        return Err(Refusal::forbidden(
            "A new agent may not use the whole computer. Deploy it with less, then widen what it may do.",
        ));
    }
    let kept = call.store().read(|db| model_providers::find(db, &recipe.provider))?;
    let kept = kept.ok_or_else(|| {
        let name = &recipe.provider;
        Refusal::field(
            "recipe_id",
            format!("No model provider called {name} is kept on this computer. Add it first."),
        )
    })?;
    // A provider that names no models takes any.
    if kept.models.is_empty() || kept.models.iter().any(|model| model.id == recipe.model) {
        return Ok(());
    }
    let (name, model) = (&recipe.provider, &recipe.model);
    Err(Refusal::field(
        "recipe_id",
        format!("The model provider {name} has no model {model}. Add the model to it first."),
    ))
}

fn read(call: &Call) -> Result<(NewInstance, Person), Refusal> {
    let mut check = call.check();
    check.model();
    let new = NewInstance {
        region_id: check.required_text("region_id"),
        tier_id: check.required_uuid("tier_id").to_string(),
        agent_name: check.optional_text("agent_name"),
        customer_id: check.optional_text("customer_id"),
        idempotency_key: check.optional_text("idempotency_key").map(IdempotencyKey),
        manifest_id: check.optional_text("manifest_id"),
        preset_id: Some(check.text_or("preset_id", DEFAULT_PRESET)),
        recipe_id: check.optional_text("recipe_id"),
        user_display_name: check.optional_text("user_display_name"),
        website_template_slug: check.optional_text("website_template_slug"),
        workflow_slugs: check.optional_texts("workflow_slugs"),
    };
    check.finish()?;
    let customer = customer(call, new.customer_id.as_deref())?;
    Ok((new, customer))
}

/// For whom. An admin may deploy for a customer of the tenant, everybody else for themselves.
fn customer(call: &Call, id: Option<&str>) -> Result<Person, Refusal> {
    let caller = call.caller.person;
    let Some(id) = id.filter(|id| !id.is_empty()) else { return Ok(caller) };
    PEOPLE
        .into_iter()
        .find(|person| person.tenant == caller.tenant && person.customer.to_string() == id)
        .filter(|person| caller.admin || person.customer == caller.customer)
        .ok_or_else(|| Refusal::forbidden("Not authorized to deploy for this customer"))
}

/// Operation 4. A key that nobody used, or somebody else, is not found: that is an answer, not an error.
pub(crate) fn poll_by_key(call: &Call) -> Answer {
    let caller = call.caller.person;
    let instance = call.store().read(|db| {
        let deploy = deploys::find(db, caller.tenant, call.segment(0))?;
        let mine = deploy.filter(|deploy| caller.admin || deploy.customer == caller.customer);
        match mine.and_then(|deploy| deploy.instance) {
            Some(id) => instances::find(db, id),
            None => Ok(None),
        }
    })?;
    match instance {
        Some(instance) => {
            let lines = logs::lines(call, &instance)?;
            reply(&DeployProgress { logs: lines, ..instance.progress() })
        }
        None => reply(&DeployProgress { found: Some(false), ..DeployProgress::default() }),
    }
}
