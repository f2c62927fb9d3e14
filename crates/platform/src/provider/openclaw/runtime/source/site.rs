//! What work on other threads needs to go on: it can not be dropped, so it asks before each piece, and who began it
//! waits until it has left. What is built there does not belong here.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::watch;

/// A place that is worked at, with room for so many bytes in all.
pub(in super::super) struct Site {
    room: Arc<AtomicU64>,
    closed: watch::Sender<bool>,
}

/// Leave to work there.
pub(super) struct Permit {
    room: Arc<AtomicU64>,
    closed: watch::Receiver<bool>,
}

impl Site {
    pub(in super::super) fn new(room: u64) -> Self {
        Self { room: Arc::new(room.into()), closed: watch::channel(false).0 }
    }

    pub(super) fn permit(&self) -> Permit {
        Permit { room: self.room.clone(), closed: self.closed.subscribe() }
    }

    /// Ends all work, and waits until nobody works any more.
    pub(in super::super) async fn close(self) {
        self.closed.send_replace(true);
        self.closed.closed().await;
    }
}

impl Permit {
    /// Takes room.
    ///
    /// # Errors
    /// That there is none left, or that the site was closed or is gone.
    pub(super) fn take(&self, bytes: usize) -> io::Result<()> {
        if *self.closed.borrow() || self.closed.has_changed().is_err() {
            return Err(io::Error::other("it was given up"));
        }
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let taken =
            self.room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes));
        taken.map(drop).map_err(|_| io::Error::other("it is larger than the runtime may be"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[test]
    fn there_is_no_more_room_than_was_given() {
        let site = Site::new(10);
        let (one, other) = (site.permit(), site.permit());
        assert!(one.take(6).is_ok());
        assert!(other.take(5).is_err());
        assert!(other.take(4).is_ok());
        assert!(one.take(1).is_err());
    }

    #[tokio::test]
    async fn closing_ends_work_and_waits_until_the_last_has_left() {
        let site = Site::new(u64::MAX);
        let (one, other) = (site.permit(), site.permit());
        assert!(one.take(1).is_ok());
        let mut closing = std::pin::pin!(site.close());
        for permit in [one, other] {
            assert!((&mut closing).now_or_never().is_none(), "somebody is there");
            assert!(permit.take(1).is_err(), "it was told to end");
        }
        closing.await;
    }

    #[test]
    fn nobody_works_at_a_site_that_is_gone() {
        let site = Site::new(10);
        let permit = site.permit();
        drop(site);
        assert!(permit.take(1).is_err());
    }
}
