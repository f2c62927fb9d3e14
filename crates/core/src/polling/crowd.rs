//! Many clients at once, in virtual time: what a platform sees of them when all wake together, when it starts anew, and
//! while it is away. Sessions, loops, pace and client are the app's own; a stage answers in place of the network.
//! How they are made is `crowd/scene.rs`.

mod scene;

use super::Attention;
use crate::session::Session;
use nineheads_contract::instances::ListInstances;
use scene::{Scene, State, seed};
use std::sync::Arc;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const ATTENTIONS: [Attention; 3] = [Attention::Front, Attention::Visible, Attention::Hidden];

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
    // Of the few that come in a second where looks are rare, chance alone makes more of a peak.
    for (attention, most) in ATTENTIONS.into_iter().zip([1.5, 1.75, 1.75]) {
        let scene = Scene::open(1000, attention, State::Well, seed()).await;
        let usual = Arrivals::of(&scene).await;
        // Their network goes, or they sleep, and come back together.
        scene.set(State::Away);
        tokio::time::sleep(5 * MINUTE).await;
        scene.set(State::Well);
        scene.sessions.iter().for_each(|session| session.wake());
        let woken = Arrivals::of(&scene).await;
        eprintln!(
            "P15 {attention:?}: waking together, at most {} in a second, {:.2} × the mean of {:.1}; on any day {:.2} ×",
            woken.peak,
            woken.ratio(),
            woken.mean,
            usual.ratio()
        );
        assert!(woken.ratio() <= most, "{attention:?}: {} against {}", woken.peak, woken.mean);
        scene.close();
    }
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_starts_anew_is_not_run_over() {
    let attention = Attention::Front;
    for away in [5 * SECOND, 20 * SECOND, MINUTE, 10 * MINUTE] {
        let scene = Scene::open(1000, attention, State::Well, seed()).await;
        let usual = Arrivals::of(&scene).await;
        scene.set(State::Refused);
        tokio::time::sleep(away).await;
        scene.set(State::Well);
        let after = Arrivals::of(&scene).await;
        let most = f64::from(crate::logs::count(after.peak)) / usual.mean;
        eprintln!(
            "P15 {attention:?}: a platform that was away for {} s, at most {} in a second, {:.2} × the mean of {:.1}, {most:.2} × that of any day",
            away.as_secs(),
            after.peak,
            after.ratio(),
            after.mean
        );
        // Where they have become rarer meanwhile, they come back to what is usual; that is no rush.
        assert!(after.ratio().min(most) <= 1.5, "{} against {} and {}", after.peak, after.mean, usual.mean);
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
        eprintln!(
            "P15 {what}: {each:.1} MB in an hour, the list is {:.1} MB",
            scene.list_bytes() as f64 / 1e6
        );
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

/// Requests in ten minutes that go as `state` says, and in the ten minutes after.
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
    tokio::time::sleep(10 * MINUTE).await;
    let all = scene.arrivals(from, 20 * 60).iter().sum();
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
            eprintln!("P16 {attention:?}: it {what}: {real} requests against {never}, {ratio:.2} ×");
            assert!(ratio <= 1.1, "{attention:?}, {what}: {real} against {never}");
        }
    }
}
