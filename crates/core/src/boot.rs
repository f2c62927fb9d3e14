//! Time since this computer was started. It goes on while the computer sleeps, and nobody can set it: what must not
//! depend on the wall clock is measured by it. The one place where systems differ in this.

use std::sync::Arc;
use std::time::Duration;

/// A moment since a start of this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BootTime {
    /// Which start; times of two starts can not be compared.
    pub boot: String,
    /// How long ago that was, sleep included.
    pub since: Duration,
}

/// Tells it; none where the system does not. Tests give their own.
pub type BootClock = Arc<dyn Fn() -> Option<BootTime> + Send + Sync>;

/// The system's own.
#[cfg(target_os = "linux")]
pub(crate) fn now() -> Option<BootTime> {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?.trim().to_owned();
    let uptime = std::fs::read_to_string("/proc/uptime").ok()?;
    let since = Duration::try_from_secs_f64(uptime.split_whitespace().next()?.parse().ok()?).ok()?;
    Some(BootTime { boot, since })
}

/// Without one, the wall clock has to do.
#[cfg(not(target_os = "linux"))]
pub(crate) fn now() -> Option<BootTime> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn it_goes_on_within_one_start() {
        let (first, second) = (now().expect("known"), now().expect("known"));
        assert_eq!(first.boot, second.boot);
        assert!(second.since >= first.since && first.since > Duration::ZERO);
    }
}
