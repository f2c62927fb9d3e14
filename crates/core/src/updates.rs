//! Applying what is pending on a running instance (operation 19). What is pending the platform does not say.

use crate::error::Failure;
use crate::session::{Resource, Session};
use nineheads_contract::InstanceId;
use nineheads_contract::updates::{ApplyUpdates, UpdatesApplied};
use serde_json::{Map, json};

impl Session {
    pub(crate) async fn apply_updates(&self, id: &InstanceId) -> Result<UpdatesApplied, Failure> {
        // Two optional booleans exist whose names are not documented.
        let entry = self.enter("apply_updates", id, json!({}));
        let applied = self.call(&ApplyUpdates { id: id.clone(), options: Map::new() }).await;
        entry.end(&applied);
        let applied = applied?;
        self.note_act(id, "apply_updates", applied.status.clone());
        self.nudge(&Resource::Instance(id.clone()));
        Ok(applied)
    }
}
