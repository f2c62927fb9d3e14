//! What a process that holds keys owes its person: no memory on disk after a crash, and an orderly end when it is told to.
//! The one place where systems differ in this.

/// A core file would hold every key of this run: none is written. WebKit's own processes hold none.
#[cfg(unix)]
pub fn forbid_core_dumps() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    if let Err(error) = setrlimit(Resource::Core, none) {
        log::warn!("core files could not be turned off: {error}");
    }
}

/// The other systems write none unless somebody asks for them.
#[cfg(not(unix))]
pub fn forbid_core_dumps() {}

/// Returns when the system asks the process to end: at the end of a session, at a shutdown.
#[cfg(unix)]
pub async fn told_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()].map(signal);
    let [Ok(mut terminate), Ok(mut interrupt), Ok(mut hangup)] = signals else {
        log::warn!("the system's wish to end can not be heard");
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = hangup.recv() => {}
    }
}

/// The other systems close the window.
#[cfg(not(unix))]
pub async fn told_to_end() {
    std::future::pending().await
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn no_core_file_is_written_from_then_on() {
        forbid_core_dumps();
        let limit = rustix::process::getrlimit(rustix::process::Resource::Core);
        assert_eq!((limit.current, limit.maximum), (Some(0), Some(0)));
    }
}
