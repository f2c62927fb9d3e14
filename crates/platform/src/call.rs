//! One request as a handler sees it: who asks, where, with what, and the platform that answers.

use crate::auth::Caller;
use crate::options::Options;
use crate::provider::openclaw::agent::{Agent, Agents};
use crate::provider::openclaw::ask::AskError;
use crate::provider::openclaw::gateway::Standing;
use crate::provider::openclaw::host::Host;
use crate::provider::openclaw::operations;
use crate::provider::{Provider, Vitals};
use crate::rate::RateLimit;
use crate::refusal::Refusal;
use crate::store::{Instance, Store, instances};
use crate::validation::Check;
use crate::{auth::Doorkeeper, counts::Counter, faults::Faults, routes};
use axum::body::Bytes;
use axum::http::{HeaderMap, Uri, header};
use percent_encoding::percent_decode_str;
use std::sync::Arc;
use uuid::Uuid;

/// Everything that lives as long as a platform.
pub(crate) struct Platform {
    pub(crate) options: Options,
    pub(crate) store: Arc<Store>,
    pub(crate) provider: Box<dyn Provider>,
    /// Real agents; none where there are none.
    pub(crate) host: Option<Host>,
    /// The real agents that run.
    pub(crate) agents: Arc<Agents>,
    pub(crate) doorkeeper: Doorkeeper,
    pub(crate) faults: Faults,
    pub(crate) counter: Counter,
    pub(crate) rate: RateLimit,
    pub(crate) lists: routes::instances::Lists,
    pub(crate) turns: routes::chat::Turns,
    /// Wakes the worker.
    pub(crate) work: Arc<tokio::sync::Notify>,
}

impl Platform {
    /// What an agent reports of itself, a real or a simulated one.
    pub(crate) fn vitals(&self, instance: &Instance, now: i64) -> Vitals {
        match instance.is_local() {
            true => {
                // In this order: one that ends is being started before nobody talks with it any more.
                let agent = self.agents.get(instance.id);
                operations::vitals::read(
                    agent.as_ref(),
                    self.agents.starting_since(instance.id),
                    instance,
                    now,
                )
            }
            false => self.provider.vitals(instance, now),
        }
    }
}

/// Milliseconds since 1970.
pub(crate) fn now() -> i64 {
    chrono::Utc::now().timestamp_millis()
}

/// One admitted request.
pub(crate) struct Call {
    pub(crate) platform: Arc<Platform>,
    pub(crate) caller: Caller,
    pub(crate) headers: HeaderMap,
    /// A fault: what is pushed to an agent does not arrive.
    pub(crate) push_fails: bool,
    segments: Vec<String>,
    query: Vec<(String, String)>,
    body: Bytes,
}

impl Call {
    pub(crate) fn new(
        platform: Arc<Platform>,
        caller: Caller,
        (route, uri): (&str, &Uri),
        headers: HeaderMap,
        body: Bytes,
    ) -> Self {
        let query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        let query = query.into_owned().collect();
        Self {
            platform,
            caller,
            headers,
            push_fails: false,
            segments: segments(route, uri.path()),
            query,
            body,
        }
    }

    /// A value of the path, decoded, in the order of the route.
    pub(crate) fn segment(&self, at: usize) -> &str {
        self.segments.get(at).map_or("", String::as_str)
    }

    /// A value of the query. The last one counts, as in FastAPI.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a parameter of the query is given more than once.
    pub(crate) fn is_repeated(&self, name: &str) -> bool {
        self.query.iter().filter(|(key, _)| key == name).count() > 1
    }

    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    /// Whether the body calls itself JSON, or nothing at all.
    pub(crate) fn is_json(&self) -> bool {
        let Some(kind) = self.headers.get(header::CONTENT_TYPE) else { return true };
        let kind = String::from_utf8_lossy(kind.as_bytes()).to_ascii_lowercase();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
    }

    pub(crate) fn header(&self, name: header::HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub(crate) fn store(&self) -> &Store {
        &self.platform.store
    }

    pub(crate) fn check(&self) -> Check<'_> {
        Check::new(self)
    }

    /// The instance of a route that takes nothing but its id.
    pub(crate) fn instance(&self) -> Result<Instance, Refusal> {
        let mut check = self.check();
        let id = check.instance_id();
        check.finish()?;
        self.find(id)
    }

    /// The real agent behind an instance that runs; none for a simulated instance.
    pub(crate) fn agent(&self, instance: &Instance) -> Result<Option<Agent>, Refusal> {
        if !instance.is_local() {
            return Ok(None);
        }
        routes::config::require_running(instance)?;
        let Some(agent) = self.platform.agents.get(instance.id) else {
            let reason = match self.platform.agents.starting_since(instance.id) {
                Some(_) => "it is being started",
                None => instance.error_message.as_deref().unwrap_or(operations::vitals::NOT_RUNNING),
            };
            return Err(routes::agent::refused(AskError::Away(reason.to_owned())));
        };
        match agent.gateway().standing() {
            Standing::Ready(_) => Ok(Some(agent)),
            Standing::Away(reason) => Err(routes::agent::refused(AskError::Away(reason))),
        }
    }

    /// A living instance that the caller may see. Another customer's is as unknown as another tenant's: only a
    /// delete is documented to tell them apart.
    pub(crate) fn find(&self, id: Uuid) -> Result<Instance, Refusal> {
        self.store()
            .read(|db| instances::find(db, id))?
            .filter(|instance| self.caller.sees(instance) && instance.deleted_at.is_none())
            .ok_or_else(|| Refusal::not_found("Instance"))
    }
}

/// The decoded values at a route's placeholders.
fn segments(route: &str, path: &str) -> Vec<String> {
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let pairs = route.split('/').zip(path.split('/'));
    pairs.filter(|(name, _)| name.starts_with('{')).map(|(_, value)| decode(value)).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn values_of_a_path_are_decoded_and_broken_bytes_do_no_harm() {
        let route = "/v1/instances/{instance_id}/conversations/{conversation_id}";
        assert_eq!(super::segments(route, "/v1/instances/a%2Fb/conversations/%ff%00"), ["a/b", "\u{fffd}\0"]);
    }
}
