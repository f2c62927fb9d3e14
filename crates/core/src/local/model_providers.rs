//! Where real agents think. A provider's key passes through: it is known by heart, so that no line and no bundle ever
//! shows it, and kept nowhere here.

use super::Session;
use crate::Console;
use crate::alerts::offered;
use crate::error::Failure;
use crate::redact::{know, redact};
use nineheads_contract::local::{
    DeleteModelProvider, GetModelProvider, ListModelProviders, ModelProvider, ModelProviders, ModelTest,
    NewModelProvider, PutModelProvider, TestModelProvider,
};
use serde_json::{Value, json};

impl Session {
    async fn model_providers(&self) -> Result<Option<ModelProviders>, Failure> {
        offered(self.client.send(&ListModelProviders).await)
    }

    async fn model_provider(&self, name: &str) -> Result<ModelProvider, Failure> {
        self.call(&GetModelProvider { name: name.to_owned() }).await
    }

    async fn put_model_provider(&self, name: &str, new: NewModelProvider) -> Result<ModelProvider, Failure> {
        know(new.api_key.as_deref().unwrap_or_default());
        let detail = told(&new);
        self.change_local(&PutModelProvider { name: name.to_owned(), new }, (name, name), detail).await
    }

    async fn delete_model_provider(&self, name: &str) -> Result<ModelProviders, Failure> {
        let gone = DeleteModelProvider { name: name.to_owned() };
        self.change_local(&gone, (name, name), json!({})).await
    }

    /// Asks a model one short question. Nothing is kept, so it has no line; a model may take its time.
    async fn test_model_provider(&self, name: &str, new: NewModelProvider) -> Result<ModelTest, Failure> {
        know(new.api_key.as_deref().unwrap_or_default());
        self.guard_write()?;
        self.before_call().await?;
        let tested = self.client.ask_patiently(&TestModelProvider { name: name.to_owned(), new }).await;
        self.note_outcome(tested.as_ref().map(drop));
        // A model server that echoes the key must not make us show it.
        tested.map(|test| ModelTest { message: redact(&test.message), ..test })
    }
}

/// What the ledger says of a provider: where it is, how many models, and what became of its key; never the key.
fn told(new: &NewModelProvider) -> Value {
    let key = match new.api_key.as_deref() {
        None => "kept",
        Some("") => "removed",
        Some(_) => "new",
    };
    let host = url::Url::parse(&new.base_url).ok().and_then(|url| url.host_str().map(str::to_owned));
    json!({ "host": host, "models": new.models.len(), "key": key })
}

#[allow(clippy::missing_errors_doc, reason = "no session, or the platform's own reasons")]
impl Console {
    /// The model providers of this computer; none where the platform has no such thing.
    pub async fn model_providers(&self) -> Result<Option<ModelProviders>, Failure> {
        self.session()?.model_providers().await
    }

    /// One of them, as it is kept now.
    pub async fn model_provider(&self, name: &str) -> Result<ModelProvider, Failure> {
        self.session()?.model_provider(name).await
    }

    /// Keeps one, new or changed. Its key goes to the platform, and stays nowhere here.
    pub async fn put_model_provider(
        &self,
        name: &str,
        new: NewModelProvider,
    ) -> Result<ModelProvider, Failure> {
        let name = name.to_owned();
        self.to_the_end(|session| async move { session.put_model_provider(&name, new).await }).await
    }

    /// Forgets one and its key.
    pub async fn delete_model_provider(&self, name: &str) -> Result<ModelProviders, Failure> {
        let name = name.to_owned();
        self.to_the_end(|session| async move { session.delete_model_provider(&name).await }).await
    }

    /// Asks a model one short question, before anything is kept.
    pub async fn test_model_provider(&self, name: &str, new: NewModelProvider) -> Result<ModelTest, Failure> {
        self.session()?.test_model_provider(name, new).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ledger_is_told_the_host_and_what_became_of_the_key_and_nothing_that_opens_it() {
        let new = |api_key: Option<&str>| NewModelProvider {
            base_url: "https://mara:pass@api.example.com/v1?key=abc".into(),
            api_key: api_key.map(str::to_owned),
            ..NewModelProvider::default()
        };
        let lines = [None, Some(""), Some("sk-0123456789")].map(|key| told(&new(key)));
        assert_eq!(
            lines.each_ref().map(|line| line["key"].as_str()),
            [Some("kept"), Some("removed"), Some("new")]
        );
        for line in lines {
            assert_eq!(line["host"], "api.example.com");
            let text = line.to_string();
            assert!(!text.contains("pass") && !text.contains("abc") && !text.contains("sk-"), "{text}");
        }
    }
}
