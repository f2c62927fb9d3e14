//! A platform as a process of its own, told line by line what to change: `nineheads-platform-apart ROWS`. The other end
//! is `apart.rs`. It ends when its standard input does.

use nineheads_platform::{Options, serve};
use nineheads_tests::apart::{Answer, Order};
use std::io::Write;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let fleet = std::env::args().nth(1).and_then(|rows| rows.parse().ok());
    let options = Options { fleet, speed: 0.0, no_failures: true, ..Options::default() };
    let server = serve(options).await?;
    let mut out = std::io::stdout();
    let mut tell = |done: u64| {
        let answer = Answer { url: server.url(), key: server.keys().admin.clone(), asked: done };
        writeln!(out, "{}", serde_json::to_string(&answer).unwrap_or_default())
    };
    tell(0)?;
    for line in std::io::stdin().lines() {
        let order: Order = serde_json::from_str(&line?)?;
        if order.rows > 0 {
            server.churn(order.rows, order.seed)?;
        }
        server.faults().set(serde_json::from_value::<Vec<_>>(order.faults)?);
        tell(server.counts().of("list_instances"))?;
    }
    Ok(())
}
