//! The platform asked to wait: all loops do. Then one goes ahead, and the others wait for its answer; so a platform that
//! asks everybody to wait sees one request for each wait.

use super::lock;
use std::sync::Mutex;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// How long the others wait for the one that went ahead: it may have ended without a word.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug, Clone, Copy)]
struct Wish {
    until: Instant,
    /// When one went ahead.
    probed_at: Option<Instant>,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Quiet {
    wish: Mutex<Option<Wish>>,
    changed: Notify,
}

impl Quiet {
    /// The platform wishes to be left in peace.
    pub(super) fn ask(&self, until: Instant) {
        let mut wish = lock(&self.wish);
        let until = wish.map_or(until, |known| known.until.max(until));
        *wish = Some(Wish { until, probed_at: None });
        self.changed.notify_waiters();
    }

    /// The one that went ahead was not asked to wait again.
    pub(super) fn settle(&self) {
        let mut wish = lock(&self.wish);
        if wish.is_some_and(|wish| wish.until <= Instant::now()) {
            *wish = None;
            self.changed.notify_waiters();
        }
    }

    /// Waits until it may go on. True for the one that goes ahead.
    pub(super) async fn pass(&self) -> bool {
        loop {
            let changed = self.changed.notified();
            let until = match self.look(Instant::now()) {
                Ok(ahead) => return ahead,
                Err(until) => until,
            };
            tokio::select! {
                () = tokio::time::sleep_until(until) => {}
                () = changed => {}
            }
        }
    }

    /// Whether it goes ahead, or until when it waits.
    fn look(&self, now: Instant) -> Result<bool, Instant> {
        let mut wish = lock(&self.wish);
        let Some(wish) = wish.as_mut() else { return Ok(false) };
        let ahead = wish.probed_at.map(|at| at + PATIENCE);
        match ahead {
            _ if wish.until > now => Err(wish.until),
            Some(until) if until > now => Err(until),
            _ => {
                wish.probed_at = Some(now);
                Ok(true)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test(start_paused = true)]
    async fn one_goes_ahead_and_the_others_follow_when_it_was_answered() {
        let (quiet, passed) = (Arc::new(Quiet::default()), Arc::new(AtomicUsize::new(0)));
        quiet.ask(Instant::now() + Duration::from_secs(7));
        for _ in 0..5 {
            let (quiet, passed) = (quiet.clone(), passed.clone());
            tokio::spawn(async move {
                quiet.pass().await;
                passed.fetch_add(1, Ordering::SeqCst);
            });
        }
        let after = async |seconds| {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            passed.load(Ordering::SeqCst)
        };
        assert_eq!(after(6).await, 0);
        assert_eq!(after(2).await, 1, "one goes ahead");
        quiet.ask(Instant::now() + Duration::from_secs(7));
        assert_eq!(after(8).await, 2, "asked to wait again: one more");
        assert_eq!(after(31).await, 3, "it ended without a word: the next one");
        quiet.settle();
        assert_eq!(after(1).await, 5, "all others follow");
        assert!(!quiet.pass().await);
    }
}
