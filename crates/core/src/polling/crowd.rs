//! Many clients at once, in virtual time: what a platform sees of them when all wake together, and
//! while it is away. Sessions, loops, pace and client are the app's own; a stage answers in place of the network.
//! How they are made is `crowd/scene.rs`.

mod scene;

use super::Attention;
use crate::session::Session;
use nineheads_contract::instances::ListInstances;
use scene::{Scene, State, seed};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const ATTENTIONS: [Attention; 3] = [Attention::Front, Attention::Visible, Attention::Hidden];

/// Says a figure, as a line of JSON that a bench can read off (`id`, `what`, `measured`, `control`, `goal`, `verdict`,
/// `samples`), and whether it holds. The verdict is the caller's to assert.
#[allow(clippy::print_stdout, reason = "a bench reads it")]
fn say(id: &str, what: &str, measured: &str, value: f64, most: f64, unit: &str) {
    let row = json!({
        "id": id, "what": what, "measured": measured, "control": format!("virtual time, seed {}", seed()),
        "goal": format!("≤ {most} {unit}"), "verdict": if value <= most { "met" } else { "missed" },
        "samples": [value],
    });
    println!("\n{row}");
}

/// Arrivals over half a minute, a bin a second: the highest bin, and what an even crowd would make of each.
struct Arrivals {
    peak: usize,
    mean: f64,
}

impl Arrivals {
    /// Those of the next half minute.
    async fn of(scene: &Scene) -> Self {
        let from = scene.now();
        tokio::time::sleep(30 * SECOND).await;
        let bins = scene.arrivals(from, 30);
        let all: usize = bins.iter().sum();
        Self {
            peak: bins.into_iter().max().unwrap_or_default(),
            mean: f64::from(crate::logs::count(all)) / 30.0,
        }
    }

    fn ratio(&self) -> f64 {
        f64::from(crate::logs::count(self.peak)) / self.mean
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_clients_that_wake_together_arrive_evenly() {
    for attention in ATTENTIONS {
        let scene = Scene::open(1000, attention, State::Well, seed()).await;
        let usual = Arrivals::of(&scene).await;
        // Their network goes, or they sleep, and come back together.
        scene.set(State::Away);
        tokio::time::sleep(5 * MINUTE).await;
        scene.set(State::Well);
        scene.sessions.iter().for_each(|session| session.wake());
        let woken = Arrivals::of(&scene).await;
        let what = format!("1,000 clients wake together, window {attention:?}: peak second to mean of 30 s");
        let (peak, mean, any) = (woken.peak, woken.mean, usual.ratio());
        let measured = format!("{:.2} × ({peak} against {mean:.1}); on any day {any:.2} ×", woken.ratio());
        say("P15", &what, &measured, woken.ratio(), 1.5, "×");
        assert!(woken.ratio() <= 1.5, "{attention:?}: {} against {}", woken.peak, woken.mean);
        scene.close();
    }
}

#[tokio::test(start_paused = true)]
async fn an_hour_of_ten_thousand_instances_takes_less_than_fifty_megabytes() {
    for (what, state) in [
        ("another list each time", State::Changing),
        ("the same list, without validators", State::Unmarked),
        ("one in a hundred changed each minute", State::ChangingEachMinute),
    ] {
        let scene = Scene::open_large(1, state, seed()).await;
        tokio::time::sleep(20 * MINUTE).await;
        // They come and go, and so does their network.
        for _ in 0..5 {
            for session in &scene.sessions {
                session.wake();
                scene::turn(session, Attention::Hidden);
            }
            tokio::time::sleep(MINUTE).await;
            scene.sessions.iter().for_each(|session| scene::turn(session, Attention::Front));
            tokio::time::sleep(MINUTE).await;
        }
        tokio::time::sleep(30 * MINUTE).await;
        let each = scene.bytes() as f64 / 1e6;
        let list = scene.list_bytes() as f64 / 1e6;
        let measured = format!("{each:.1} MB, {list:.1} MB a list");
        say("P15", &format!("an hour of 10,000 instances: {what}"), &measured, each, 50.0, "MB");
        assert!(each <= 50.0, "{what}: {each} MB");
        scene.close();
    }
}

/// What a person does now and then, who does not give up because of an outage.
async fn go_on_asking(session: Arc<Session>) {
    loop {
        tokio::time::sleep(MINUTE.mul_f64(scene::chance())).await;
        let _ = session.call(&ListInstances).await;
        tokio::time::sleep(MINUTE / 2).await;
    }
}

/// Requests in ten minutes that go as `state` says, and in the minute after.
async fn requests(attention: Attention, state: State, seed: u64) -> usize {
    let scene = Scene::open(60, attention, State::Well, seed).await;
    let mut people = tokio::task::JoinSet::new();
    if attention != Attention::Hidden {
        scene.sessions.iter().for_each(|session| drop(people.spawn(go_on_asking(session.clone()))));
    }
    let from = scene.now();
    scene.set(state);
    tokio::time::sleep(10 * MINUTE).await;
    scene.set(State::Well);
    tokio::time::sleep(MINUTE).await;
    let all = scene.arrivals(from, 11 * 60).iter().sum();
    scene.close();
    all
}

#[tokio::test(start_paused = true)]
async fn an_outage_of_ten_minutes_sees_hardly_more_requests_than_of_clients_that_never_repeat() {
    let seed = seed();
    for attention in ATTENTIONS {
        // Who never repeats asks as often as if all were well.
        let never = requests(attention, State::Well, seed).await;
        for (what, state) in [
            ("refuses connections", State::Refused),
            ("does not answer", State::Silent),
            ("answers 503", State::Broken),
            ("answers 503 and asks to wait", State::Busy),
        ] {
            let real = requests(attention, state, seed).await;
            let ratio = f64::from(crate::logs::count(real)) / f64::from(crate::logs::count(never));
            let what = format!("ten minutes in which the platform {what}, window {attention:?}");
            let measured = format!("{ratio:.2} × ({real} requests against {never})");
            say("P16", &what, &measured, ratio, 1.1, "× of clients that never repeat");
            assert!(ratio <= 1.1, "{attention:?}, {what}: {real} against {never}");
        }
    }
}
