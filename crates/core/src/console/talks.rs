//! What a shell may ask about deploys, chats and drafts: the session's methods of the same names.

use crate::Console;
use crate::chat::Exchange;
use crate::choices::Choices;
use crate::deploys::{Deploy, DeployPreview};
use crate::error::{Code, Failure};
use crate::logs::LogsView;
use nineheads_contract::chat::ReplyPart;
use nineheads_contract::deploys::NewInstance;
use nineheads_contract::{IdempotencyKey, InstanceId};

impl Console {
    /// What can be chosen in a deploy.
    ///
    /// # Errors
    /// [`Code::Storage`] when earlier deploys can not be read.
    pub async fn choices(&self) -> Result<Choices, Failure> {
        self.session()?.read_choices().await
    }

    /// The request as it would be sent.
    ///
    /// # Errors
    /// See [`Console::show_fleet`].
    pub fn preview_deploy(&self, request: NewInstance) -> Result<DeployPreview, Failure> {
        self.session()?.preview_deploy(request)
    }

    /// Confirms a deploy.
    ///
    /// # Errors
    /// The platform's refusal; [`Code::Storage`], [`Code::DeployOpen`].
    pub async fn start_deploy(&self, request: NewInstance) -> Result<Deploy, Failure> {
        let session = self.session()?;
        // A window that goes away in the meantime must not cut a deploy in half.
        let task = tokio::spawn(async move { session.start_deploy(request).await });
        task.await.unwrap_or_else(|error| Err(Failure::new(Code::MayHaveArrived, error.to_string())))
    }

    /// Deploys that were not put away, newest first.
    ///
    /// # Errors
    /// [`Code::Storage`]
    pub fn deploys(&self) -> Result<Vec<Deploy>, Failure> {
        self.session()?.list_deploys()
    }

    /// One deploy.
    ///
    /// # Errors
    /// [`Code::NotFound`], [`Code::Storage`]
    pub fn deploy(&self, key: &IdempotencyKey) -> Result<Deploy, Failure> {
        self.session()?.deploy(key)
    }

    /// A deploy's log from a place on.
    ///
    /// # Errors
    /// [`Code::NotFound`], or why a settled instance's log could not be fetched.
    pub async fn deploy_logs(&self, key: &IdempotencyKey, from: u32) -> Result<LogsView, Failure> {
        self.session()?.read_deploy_logs(key, from).await
    }

    /// Asks the platform about a deploy now.
    ///
    /// # Errors
    /// [`Code::NotFound`], [`Code::Storage`]
    pub fn check_deploy(&self, key: &IdempotencyKey) -> Result<Deploy, Failure> {
        self.session()?.check_deploy(key)
    }

    /// Sends an absent deploy once more: the same key, the same bytes.
    ///
    /// # Errors
    /// [`Code::NotFound`], [`Code::Storage`]
    pub async fn resend_deploy(&self, key: &IdempotencyKey) -> Result<Deploy, Failure> {
        self.session()?.resend_deploy(key).await
    }

    /// Puts a settled deploy away.
    ///
    /// # Errors
    /// [`Code::DeployOpen`] while it is not settled.
    pub fn dismiss_deploy(&self, key: &IdempotencyKey) -> Result<(), Failure> {
        self.session()?.dismiss_deploy(key)
    }

    /// Sends a message; `on_part` gets the reply as it comes.
    ///
    /// # Errors
    /// [`Code::Conflict`] while another turn is going on; every other end is a state of the exchange.
    pub async fn send_message(
        &self,
        id: &InstanceId,
        exchange_id: String,
        text: String,
        on_part: impl FnMut(ReplyPart) + Send,
    ) -> Result<Exchange, Failure> {
        self.session()?.send_message(id, exchange_id, text, on_part).await
    }

    /// Stops waiting for a reply; the agent may work on.
    pub fn stop_waiting(&self, id: &InstanceId) {
        if let Ok(session) = self.session() {
            session.turns.stop(id);
        }
    }

    /// The exchanges with an instance, oldest first.
    ///
    /// # Errors
    /// [`Code::Storage`]
    pub fn transcript(&self, id: &InstanceId) -> Result<Vec<Exchange>, Failure> {
        self.session()?.read_transcript(id)
    }

    /// Forgets this computer's copy of the exchanges.
    ///
    /// # Errors
    /// [`Code::Storage`]
    pub fn clear_transcript(&self, id: &InstanceId) -> Result<(), Failure> {
        self.session()?.cache.clear_exchanges(id)
    }

    /// What was typed and not yet sent.
    ///
    /// # Errors
    /// [`Code::Storage`]
    pub fn draft(&self, name: &str) -> Result<Option<String>, Failure> {
        self.session()?.cache.read_draft(name)
    }

    /// Keeps what was typed; none forgets it.
    ///
    /// # Errors
    /// [`Code::Storage`]
    pub fn set_draft(&self, name: &str, text: Option<&str>) -> Result<(), Failure> {
        self.session()?.cache.write_draft(name, text)
    }
}
