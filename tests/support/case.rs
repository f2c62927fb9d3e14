//! One operation of the API with values for one instance, whatever runs it, and what must hold for each of them.

use crate::platform::request;
use nineheads_contract::{ENDPOINTS, Endpoint, Facts, Scope};
use nineheads_platform::Server;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// A key that nobody has.
const WRONG_KEY: &str = "hc_live_00000000000000000000000000000000";

/// One operation with values for one instance.
pub struct Case {
    /// What the contract says of it.
    pub facts: Facts,
    request: Box<dyn Fn(&str) -> RequestBuilder>,
    read: fn(&[u8]) -> Result<(), String>,
}

impl Case {
    /// A call of an endpoint, to be sent as often as wished.
    pub fn of<E: Endpoint + 'static>(endpoint: E) -> Self {
        Self {
            facts: Facts::of::<E>(),
            request: Box::new(move |base| request(base, &endpoint)),
            read: |bytes| E::read(bytes).map(|_| ()).map_err(|error| error.to_string()),
        }
    }

    /// The call without a key.
    pub fn request(&self, server: &Server) -> RequestBuilder {
        (self.request)(&server.url())
    }

    /// Checks that our own end can read a reply.
    ///
    /// # Panics
    /// When it can not.
    pub fn assert_readable(&self, bytes: &[u8]) {
        (self.read)(bytes).unwrap_or_else(|reason| panic!("{}: {reason}", self.facts.name));
    }

    async fn status(&self, server: &Server, key: Option<&str>) -> StatusCode {
        let request = self.request(server);
        let request = match key {
            Some(key) => request.header("X-Api-Key", key),
            None => request,
        };
        request.send().await.expect("an answer").status()
    }

    /// Checks that nobody is served without a key, nor with a wrong one.
    ///
    /// # Panics
    /// When somebody is.
    pub async fn assert_refused_without_a_key(&self, server: &Server) {
        for key in [None, Some(WRONG_KEY), Some("")] {
            assert_eq!(self.status(server, key).await, StatusCode::UNAUTHORIZED, "{}", self.facts.name);
        }
    }

    /// Checks that an instance is unknown to another tenant and to another customer.
    ///
    /// # Panics
    /// When it is not.
    pub async fn assert_unknown_to_others(&self, server: &Server) {
        let name = self.facts.name;
        if !self.facts.route.contains("{instance_id}") {
            return;
        }
        let neighbour = self.status(server, Some(&server.keys().other_tenant)).await;
        assert_eq!(neighbour, StatusCode::NOT_FOUND, "{name}");
        let customer = self.status(server, Some(&server.keys().customer)).await;
        // A delete is documented to say that it is somebody else's; an admin's operation refuses before it looks.
        let told = self.facts.admin || name == "delete_instance";
        let expected = if told { StatusCode::FORBIDDEN } else { StatusCode::NOT_FOUND };
        assert_eq!(customer, expected, "{name}");
    }

    /// Checks that a key without the scope is told which one it lacks.
    ///
    /// # Panics
    /// When it is served, or told something else.
    pub async fn assert_names_the_missing_scope(&self, server: &Server) {
        if self.facts.scope == Scope::Read {
            return;
        }
        let request = self.request(server).header("X-Api-Key", &server.keys().read_only);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{}", self.facts.name);
        let body: Value = answer.json().await.expect("JSON");
        assert_eq!(body, json!({ "detail": format!("Missing scope: {}", self.facts.scope.name()) }));
    }
}

/// Checks that these are all operations there are, each once.
///
/// # Panics
/// When one is missing or there twice.
pub fn assert_all(cases: &[Case]) {
    let mut names: Vec<_> = cases.iter().map(|case| case.facts.name).collect();
    let mut all = ENDPOINTS.map(|facts| facts.name);
    names.sort_unstable();
    all.sort_unstable();
    assert_eq!(names, all);
}
