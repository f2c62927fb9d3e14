//! Whether the computer runs on its battery: then it is asked for less. The one place where systems differ in this.

use nineheads_core::Console;
use std::time::Duration;

/// How often it is looked at.
const EVERY: Duration = Duration::from_secs(60);

/// Tells the core, for as long as the app runs.
pub(crate) async fn watch(console: Console) {
    loop {
        console.set_on_battery(is_on_battery());
        tokio::time::sleep(EVERY).await;
    }
}

/// True where a battery is being emptied.
#[cfg(target_os = "linux")]
fn is_on_battery() -> bool {
    let Ok(supplies) = std::fs::read_dir("/sys/class/power_supply") else { return false };
    supplies
        .filter_map(Result::ok)
        .filter_map(|supply| std::fs::read_to_string(supply.path().join("status")).ok())
        .any(|status| status.trim() == "Discharging")
}

/// Not known on the other systems.
#[cfg(not(target_os = "linux"))]
fn is_on_battery() -> bool {
    false
}
