//! Where agents on this computer get their thoughts from: any server that speaks OpenAI's completions.

use crate::endpoint::{Endpoint, NoBody, Repeat, Scope};
use http::Method;
use serde::{Deserialize, Serialize};
use specta::Type;

const ONE: &str = "/v1/local/model-providers/{name}";

/// A model that a provider offers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct LocalModel {
    /// As the provider calls it.
    pub id: String,
    /// Tokens that it can look at together; none when not known.
    pub context_window: Option<u32>,
    /// Tokens of its longest answer; none when not known.
    pub max_tokens: Option<u32>,
}

/// A model provider. Its key is never told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct ModelProvider {
    /// Small letters, digits and hyphens, at most 40; begins with a letter.
    pub name: String,
    /// Such as `https://api.example.com/v1`.
    pub base_url: String,
    /// What it offers.
    pub models: Vec<LocalModel>,
    /// Whether a key is kept for it.
    pub has_key: bool,
    /// Found running on this computer, and not yet kept.
    pub found: bool,
}

/// All of them, the found ones last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct ModelProviders {
    /// The providers.
    pub providers: Vec<ModelProvider>,
}

/// What is kept of a provider. The key is write-only.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct NewModelProvider {
    /// `https`, or `http` on a loopback address.
    pub base_url: String,
    /// What it offers.
    pub models: Vec<LocalModel>,
    /// A new key; empty takes the kept one away, none leaves it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key: Option<String>,
}

impl std::fmt::Debug for NewModelProvider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewModelProvider").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// How a test went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(default)]
#[specta(skip_attr = "serde")]
pub struct ModelTest {
    /// The model answered.
    pub ok: bool,
    /// `bad_address`, `not_reached`, `certificate`, `refused_key`, `no_such_model`, `not_a_model_server`, `limit`,
    /// `too_slow` or `failed`; none when it went well.
    pub problem: Option<String>,
    /// What happened and what to do: one or two sentences.
    pub message: String,
    /// What the server says it offers; empty when it does not say.
    pub models: Vec<String>,
    /// From the question to the answer.
    pub millis: Option<u32>,
}

/// Every model provider of this computer.
#[derive(Debug, Clone, Copy)]
pub struct ListModelProviders;

impl Endpoint for ListModelProviders {
    const NAME: &'static str = "list_model_providers";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = "/v1/local/model-providers";
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Read;
    const ADMIN: bool = true;
    type Body = NoBody;
    type Reply = ModelProviders;
}

/// One of them.
#[derive(Debug, Clone)]
pub struct GetModelProvider {
    /// Which one.
    pub name: String,
}

impl Endpoint for GetModelProvider {
    const NAME: &'static str = "get_model_provider";
    const METHOD: Method = Method::GET;
    const ROUTE: &'static str = ONE;
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Read;
    const ADMIN: bool = true;
    type Body = NoBody;
    type Reply = ModelProvider;

    fn segments(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

/// Keeps one, new or changed.
#[derive(Debug, Clone)]
pub struct PutModelProvider {
    /// Which one.
    pub name: String,
    /// What to keep.
    pub new: NewModelProvider,
}

impl Endpoint for PutModelProvider {
    const NAME: &'static str = "put_model_provider";
    const METHOD: Method = Method::PUT;
    const ROUTE: &'static str = ONE;
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Write;
    const ADMIN: bool = true;
    type Body = NewModelProvider;
    type Reply = ModelProvider;

    fn segments(&self) -> Vec<&str> {
        vec![&self.name]
    }

    fn body(&self) -> Option<&NewModelProvider> {
        Some(&self.new)
    }
}

/// Forgets one and its key. 409 while an agent uses it.
#[derive(Debug, Clone)]
pub struct DeleteModelProvider {
    /// Which one.
    pub name: String,
}

impl Endpoint for DeleteModelProvider {
    const NAME: &'static str = "delete_model_provider";
    const METHOD: Method = Method::DELETE;
    const ROUTE: &'static str = ONE;
    const REPEAT: Repeat = Repeat::Safe;
    const SCOPE: Scope = Scope::Delete;
    const ADMIN: bool = true;
    type Body = NoBody;
    type Reply = ModelProviders;

    fn segments(&self) -> Vec<&str> {
        vec![&self.name]
    }
}

/// Asks a model one short question, before anything is kept: the body is what would be kept. Without a key in the body
/// the kept one is used, and only with the address that it was kept for.
#[derive(Debug, Clone)]
pub struct TestModelProvider {
    /// Which one.
    pub name: String,
    /// What to try. Its first model is asked; with none, the server is asked which it has.
    pub new: NewModelProvider,
}

impl Endpoint for TestModelProvider {
    const NAME: &'static str = "test_model_provider";
    const METHOD: Method = Method::POST;
    const ROUTE: &'static str = "/v1/local/model-providers/{name}/test";
    const REPEAT: Repeat = Repeat::Never;
    const SCOPE: Scope = Scope::Write;
    const ADMIN: bool = true;
    type Body = NewModelProvider;
    type Reply = ModelTest;

    fn segments(&self) -> Vec<&str> {
        vec![&self.name]
    }

    fn body(&self) -> Option<&NewModelProvider> {
        Some(&self.new)
    }
}
