//! Real agents on this computer, as the console sees them: what only its platform serves, under `/v1/local`. A platform
//! that serves none of it answers 404, and what needs it is not shown. Every change is a line of the ledger.
//!
//! Belongs here: the program that real agents run in, and the demo that can be removed. Where agents think is
//! `model_providers`, what they may do is `permission`.

mod model_providers;
mod permission;

use crate::Console;
use crate::alerts::offered;
use crate::client::Look;
use crate::error::{Code, Failure};
use crate::events::Event;
use crate::polling::{Looked, look_again_and_again};
use crate::session::{Resource, Session};
use nineheads_contract::Endpoint;
use nineheads_contract::local::{
    DemoRemoved, GetLocalRuntime, InstallLocalRuntime, KeepRunning, LocalRuntime, LocalRuntimeState,
    RemoveDemo, RemoveLocalRuntime, SetKeepRunning,
};
use serde_json::{Value, json};
use std::sync::Arc;

/// What the ledger calls the program.
const RUNTIME: (&str, &str) = ("openclaw", "OpenClaw");
/// What the ledger calls the demo.
const DEMO: (&str, &str) = ("demo", "");

impl Session {
    /// Where the program stands; none where the platform has no such thing. One that is moving is looked at from here on.
    async fn local_runtime(self: &Arc<Self>) -> Result<Option<LocalRuntime>, Failure> {
        let runtime = offered(self.client.send(&GetLocalRuntime).await)?;
        if let Some(runtime) = &runtime {
            self.follow_runtime(runtime);
        }
        Ok(runtime)
    }

    async fn install_local_runtime(self: &Arc<Self>) -> Result<LocalRuntime, Failure> {
        let runtime = self.change_local(&InstallLocalRuntime, RUNTIME, json!({})).await?;
        self.follow_runtime(&runtime);
        Ok(runtime)
    }

    async fn remove_local_runtime(self: &Arc<Self>) -> Result<LocalRuntime, Failure> {
        let runtime = self.change_local(&RemoveLocalRuntime, RUNTIME, json!({})).await?;
        self.follow_runtime(&runtime);
        Ok(runtime)
    }

    async fn set_keep_running(&self, keep_running: bool) -> Result<LocalRuntime, Failure> {
        let choice = SetKeepRunning { choice: KeepRunning { keep_running } };
        let runtime = self.change_local(&choice, RUNTIME, json!({ "keep_running": keep_running })).await?;
        self.announce(Event::LocalRuntimeChanged { runtime: runtime.clone() });
        Ok(runtime)
    }

    async fn remove_demo(&self) -> Result<DemoRemoved, Failure> {
        let removed = self.change_local(&RemoveDemo, DEMO, json!({})).await;
        self.nudge(&Resource::List);
        removed
    }

    /// Sends a change and gives it its line. What is not sent to a platform that is read-only has its line too.
    async fn change_local<E: Endpoint>(
        &self,
        endpoint: &E,
        target: (&str, &str),
        detail: Value,
    ) -> Result<E::Reply, Failure> {
        let entry = self.enter_named(E::NAME, target, detail);
        let sent = self.call(endpoint).await;
        entry.end(&sent);
        sent
    }

    /// Says how the program stands, and looks at it for as long as it moves.
    fn follow_runtime(self: &Arc<Self>, runtime: &LocalRuntime) {
        self.announce(Event::LocalRuntimeChanged { runtime: runtime.clone() });
        if !is_moving(runtime) {
            return;
        }
        let session = self.clone();
        self.want(Resource::LocalRuntime, move |nudge| {
            look_again_and_again(session, nudge, false, move |session| async move {
                session.look_at_runtime().await
            })
        });
    }

    async fn look_at_runtime(&self) -> Result<Looked, Failure> {
        let Look { value, bytes, took, .. } = match self.polls.look(&GetLocalRuntime, None).await {
            Ok(look) => look,
            // The platform behind the address is another one.
            Err(Failure { code: Code::NotFound { .. } | Code::NotAllowed { .. }, .. }) => {
                return Ok(Looked { finished: true, ..Looked::default() });
            }
            Err(failure) => return Err(failure),
        };
        let moving = value.as_ref().is_some_and(is_moving);
        if let Some(runtime) = value {
            self.announce(Event::LocalRuntimeChanged { runtime });
        }
        Ok(Looked { changing: moving, steady: moving, finished: !moving, bytes, took })
    }
}

fn is_moving(runtime: &LocalRuntime) -> bool {
    matches!(runtime.state, LocalRuntimeState::Installing | LocalRuntimeState::Removing)
}

#[allow(
    clippy::missing_errors_doc,
    reason = "no session, or the platform's own reasons; 409 is `Conflict`, where something is in use"
)]
impl Console {
    /// Where the program for real agents stands; none where the platform has no such thing.
    pub async fn local_runtime(&self) -> Result<Option<LocalRuntime>, Failure> {
        self.session()?.local_runtime().await
    }

    /// Begins to install it, or goes on after a failure. How it goes comes as [`Event::LocalRuntimeChanged`].
    pub async fn install_local_runtime(&self) -> Result<LocalRuntime, Failure> {
        self.to_the_end(|session| async move { session.install_local_runtime().await }).await
    }

    /// Removes it, or ends an installation.
    pub async fn remove_local_runtime(&self) -> Result<LocalRuntime, Failure> {
        self.to_the_end(|session| async move { session.remove_local_runtime().await }).await
    }

    /// Whether agents go on when the app ends.
    pub async fn set_keep_running(&self, keep_running: bool) -> Result<LocalRuntime, Failure> {
        self.to_the_end(move |session| async move { session.set_keep_running(keep_running).await }).await
    }

    /// Removes every simulated instance; real ones stay.
    pub async fn remove_demo(&self) -> Result<DemoRemoved, Failure> {
        self.to_the_end(|session| async move { session.remove_demo().await }).await
    }
}
