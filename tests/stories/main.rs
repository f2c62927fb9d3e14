//! The real client against the real local server, in one process, as stories of what a person does.

mod bulk;
mod chat;
mod configuring;
mod connecting;
mod deleting;
mod deploying;
mod fleet;
mod keyless;
mod labels;
mod ledger;
mod local;
mod needs;
mod network;
mod news;
mod overseeing;
mod profiles;
mod secrets;
mod soaking;
mod supporting;

use nineheads_contract::deploys::NewInstance;
use nineheads_core::{Code, Console};
use nineheads_platform::{Options, Server, serve};

/// A platform where everything succeeds at once.
async fn platform(fleet: u32) -> Server {
    serve(Options { fleet: Some(fleet), speed: 0.0, no_failures: true, ..Options::default() })
        .await
        .expect("it starts")
}

/// What a person typed, with a tier that the platform really has.
async fn request(console: &Console, name: &str) -> NewInstance {
    let choices = console.choices().await.expect("choices");
    NewInstance {
        region_id: choices.regions.first().map_or("eu-central", |region| region.id.as_str()).to_owned(),
        tier_id: choices.tiers[0].id.clone(),
        agent_name: Some(name.to_owned()),
        ..NewInstance::default()
    }
}

fn code<T: std::fmt::Debug>(result: Result<T, nineheads_core::Failure>) -> Code {
    result.expect_err("it fails").code
}
