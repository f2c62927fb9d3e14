//! Processes as the operating system sees them: which one is ours, and how it is ended. The one place of this provider
//! where systems differ. A pid alone proves nothing, since it is given away again: it counts with the time of its start.

#[cfg(not(target_os = "linux"))]
use std::process::Command;

/// When a process was started, in the system's own words; none where there is no such process any more.
#[cfg(target_os = "linux")]
pub(crate) fn started(pid: u32) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // Ticks begin anew with every boot.
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    Some(format!("{}/{}", boot.trim(), start_of(&stat)?))
}

/// The 22nd field. The second is the program's name in brackets, which may hold blanks and brackets of its own.
#[cfg(target_os = "linux")]
fn start_of(stat: &str) -> Option<&str> {
    let (_, after) = stat.rsplit_once(')')?;
    let mut fields = after.split_ascii_whitespace();
    // One that has ended and was not collected yet is no process to talk to.
    let state = fields.next()?;
    (!matches!(state, "Z" | "X")).then(|| fields.nth(18))?
}

/// When a process was started, in the system's own words; none where there is no such process any more.
#[cfg(all(unix, not(target_os = "linux")))]
pub(crate) fn started(pid: u32) -> Option<String> {
    said(Command::new("/bin/ps").env("LC_ALL", "C").args(["-o", "lstart=", "-p", &pid.to_string()]))
}

/// When a process was started, in the system's own words; none where there is no such process any more.
#[cfg(windows)]
pub(crate) fn started(pid: u32) -> Option<String> {
    let ask = format!("(Get-Process -Id {pid} -ErrorAction Stop).StartTime.Ticks");
    said(Command::new("powershell.exe").args(["-NoProfile", "-NonInteractive", "-Command", &ask]))
}

#[cfg(not(target_os = "linux"))]
fn said(command: &mut Command) -> Option<String> {
    let output = command.stdin(std::process::Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}

/// Whether this is still the process that was started then.
pub(crate) fn is_same(pid: u32, since: &str) -> bool {
    started(pid).as_deref() == Some(since)
}

/// How a process and what it started is told to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It may finish what it is at.
    Asked,
    /// At once.
    Forced,
}

/// Begins a group of its own with this command, so that what it starts ends with it.
pub(crate) fn lead_group(command: &mut tokio::process::Command) {
    #[cfg(unix)]
    command.process_group(0);
    #[cfg(not(unix))]
    let _ = command;
}

/// Ends the group that a process leads. Only to be called for one that is proven ours, or has only just ended.
#[cfg(unix)]
pub(crate) fn end_group(pid: u32, how: End) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let signal = match how {
        End::Asked => Signal::TERM,
        End::Forced => Signal::KILL,
    };
    let Some(pid) = i32::try_from(pid).ok().filter(|pid| *pid > 1).and_then(Pid::from_raw) else { return };
    if let Err(error) = kill_process_group(pid, signal)
        && error != rustix::io::Errno::SRCH
    {
        log::warn!("a process could not be told to end: {error}");
    }
}

/// Ends what a process that has only just ended has left of its group.
pub(crate) fn end_rest_of_group(pid: u32) {
    // Elsewhere what it started has ended with it, and its number may be another's already.
    if cfg!(unix) {
        end_group(pid, End::Forced);
    }
}

/// Ends a process and what it started. There is no way to ask here, so it is forced.
#[cfg(not(unix))]
pub(crate) fn end_group(pid: u32, _how: End) {
    let mut command = Command::new("taskkill");
    if let Err(error) = command.args(["/PID", &pid.to_string(), "/T", "/F"]).output() {
        log::warn!("a process could not be told to end: {error}");
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_start_is_read_whatever_the_program_is_called() {
        let stat = |name: &str, state: &str| {
            format!("7 ({name}) {state} 1 7 7 0 -1 4194560 1 0 0 0 1 2 3 4 20 0 1 0 98765 1000 2 3")
        };
        for name in ["node", "a) S 1 (b", "with blank", ")"] {
            assert_eq!(start_of(&stat(name, "S")), Some("98765"), "{name}");
            assert_eq!(start_of(&stat(name, "Z")), None, "{name}");
        }
        assert_eq!(start_of("7 (node) S 1"), None);
        assert_eq!(start_of(""), None);
    }

    #[test]
    fn a_process_is_itself_and_a_later_one_of_the_same_number_is_not() {
        let me = std::process::id();
        let since = started(me).expect("I am here");
        assert!(is_same(me, &since));
        assert!(!is_same(me, &format!("{since}1")));
        assert_eq!(started(u32::MAX), None);
    }
}
