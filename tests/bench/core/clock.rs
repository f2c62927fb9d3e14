//! What something costs this process, and how long it takes.

use rustix::time::{ClockId, clock_gettime};
use std::time::Instant;

/// Seconds that all threads of this process have worked, in the system too. Whoever answers over loopback is another process.
pub(crate) fn cpu() -> f64 {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    #[allow(clippy::cast_precision_loss)]
    let seconds = spent.tv_sec as f64 + spent.tv_nsec as f64 / 1e9;
    seconds
}

/// What an act costs, in seconds of work and by the clock.
pub(crate) fn cost<T>(act: impl FnOnce() -> T) -> (f64, f64, T) {
    let (started, before) = (Instant::now(), cpu());
    let result = act();
    (cpu() - before, started.elapsed().as_secs_f64(), result)
}
