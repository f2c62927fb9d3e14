//! What a real agent may do on this computer. The platform decides and wants its sentence; this asks and writes it down.

use super::Session;
use crate::Console;
use crate::alerts::offered;
use crate::error::Failure;
use crate::session::Resource;
use nineheads_contract::local::{GetPermission, LocalPermission, PutPermission, SetPermission};
use nineheads_contract::{Endpoint, InstanceId};
use serde_json::json;

impl Session {
    async fn local_permission(&self, id: &InstanceId) -> Result<Option<LocalPermission>, Failure> {
        offered(self.client.send(&GetPermission { id: id.clone() }).await)
    }

    async fn set_local_permission(
        &self,
        id: &InstanceId,
        set: SetPermission,
    ) -> Result<LocalPermission, Failure> {
        let to = set.permission.name();
        let entry = self.enter(PutPermission::NAME, id, json!({ "permission": to }));
        let sent = self.call(&PutPermission { id: id.clone(), set }).await;
        entry.end(&sent);
        let permission = sent?;
        self.note_act(id, PutPermission::NAME, Some(to.to_owned()));
        self.nudge(&Resource::Instance(id.clone()));
        Ok(permission)
    }
}

#[allow(clippy::missing_errors_doc, reason = "no session, or the platform's own reasons")]
impl Console {
    /// What an agent may do on this computer; none where that is no question, as for a simulated one.
    pub async fn local_permission(&self, id: &InstanceId) -> Result<Option<LocalPermission>, Failure> {
        self.session()?.local_permission(id).await
    }

    /// Changes what it may do. Without the sentence that the widest one takes it is
    /// [`Code::NotAllowed`](crate::Code::NotAllowed).
    pub async fn set_local_permission(
        &self,
        id: &InstanceId,
        set: SetPermission,
    ) -> Result<LocalPermission, Failure> {
        let id = id.clone();
        self.to_the_end(|session| async move { session.set_local_permission(&id, set).await }).await
    }
}
