//! What a key may do and whose it is, where the platform tells. Does not belong here: what follows from it (`session`, `bulk`).

use crate::events::Event;
use crate::session::{Session, lock};
use nineheads_contract::neighbours::GetKeyContext;
use std::sync::Arc;

/// Asks for scopes and tenant, beside whatever else goes on.
pub(super) fn learn_rights(session: &Arc<Session>) {
    let session = session.clone();
    tokio::spawn(async move { session.learn_rights().await });
}

impl Session {
    /// Asks for scopes and tenant where the platform tells them; it may live without.
    pub(crate) async fn learn_rights(&self) {
        if let Ok(context) = self.client.send(&GetKeyContext).await {
            *lock(&self.key_context) = Some(context);
            self.announce(Event::SessionChanged);
        }
    }
}
