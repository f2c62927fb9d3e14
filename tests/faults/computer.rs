//! Rows 43 to 46: keystores, sleep, clocks, and second processes.

use crate::bench::{Bench, KEY, Looks, ROWS, code, desk, nothing_leaked, order};
use crate::disks::profile_of;
use chrono::{DateTime, TimeDelta, Utc};
use nineheads_core::contract::InstanceId;
use nineheads_core::deploys::DeployState;
use nineheads_core::fleet::FleetQuery;
use nineheads_core::profiles::{CredentialKind, Kept};
use nineheads_core::secrets::SecretStore;
use nineheads_core::seen::Source;
use nineheads_core::{CacheKind, Code, Console, Event, Failure};
use nineheads_tests::misbehaving::{ANYTHING, BY_KEY, CREATE, Door, Fault, LIST, Misbehaving};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// A keystore that is not there, or that never answers.
struct Broken {
    hangs: bool,
}

impl Broken {
    fn fail<T>(&self) -> Result<T, Failure> {
        if self.hangs {
            loop {
                std::thread::park();
            }
        }
        Err(Failure::new(Code::Keystore, "no such bus name"))
    }
}

impl SecretStore for Broken {
    fn get(&self, _: &str) -> Result<Option<secrecy::SecretString>, Failure> {
        self.fail()
    }
    fn set(&self, _: &str, _: &secrecy::SecretString) -> Result<(), Failure> {
        self.fail()
    }
    fn remove(&self, _: &str) -> Result<(), Failure> {
        self.fail()
    }
}

#[tokio::test]
async fn row_43_without_a_keystore_or_with_one_that_hangs_a_key_of_this_run_is_enough_to_read_and_to_deploy()
{
    for hangs in [false, true] {
        let opened = Instant::now();
        let (desk, _) = desk(Looks::Often, Arc::new(Broken { hangs }));
        assert!(opened.elapsed() < Duration::from_secs(1), "the window does not wait for the keystore");
        let server = Misbehaving::start(ROWS as usize).await;
        let started = Instant::now();
        desk.connect(&server.url(), KEY).await.expect("it works without");
        // One wait of five seconds for the key, one for the cache's.
        assert!(started.elapsed() < Duration::from_secs(11), "{:?}", started.elapsed());
        let view = desk.console.session_view();
        assert_eq!(view.cache, CacheKind::Memory);
        assert_eq!(view.profile.expect("open").credential.expect("labelled").kept, Kept::ThisRun);
        desk.rows_when(|rows| rows.facts.total == ROWS).await;
        let deploy = desk.console.start_deploy(order("Session-only")).await.expect("accepted");
        desk.when(|console| {
            console.deploy(&deploy.key).ok().filter(|deploy| deploy.state == DeployState::Ready)
        })
        .await;
        nothing_leaked(desk.folder());
    }
}

#[tokio::test]
async fn row_43_a_deploy_waits_for_a_key_that_the_keystore_does_not_give() {
    let Bench { server, desk, .. } = {
        let bench = Bench::for_creates().await;
        bench.server.set(CREATE, Fault::status(429, "Retry-After: 60\r\n"));
        bench.deploy("Blocked").await.expect("written down");
        bench
    };
    let profile = profile_of(&desk).await;
    // Another user's entry, or garbage: bound to no address that is known.
    desk.secrets.set(&format!("key:{profile}"), &"garbage without a line".into()).expect("memory takes it");
    let desk = desk.restart().await;
    let view = desk.console.open_profile(&profile).await.expect("known");
    assert!(view.needs_credential, "the window is there, and asks");
    let before = server.count(CREATE);
    assert_eq!(code(desk.console.start_deploy(order("Other")).await), Code::NoKey);
    server.mend();
    assert_eq!(server.count(CREATE), before);
    desk.console
        .renew_credential(&profile, CredentialKind::ApiKey, KEY)
        .await
        .expect("a key of this run counts");
    desk.when(|console| {
        console.deploys().ok()?.first().filter(|deploy| deploy.state == DeployState::Ready).cloned()
    })
    .await;
    assert_eq!(server.created(), 1);
}

#[tokio::test]
async fn row_44_after_eight_hours_of_sleep_each_thing_is_looked_at_once_and_soon() {
    let bench = Bench::new_settled().await;
    let lists = bench.server.count(LIST);
    bench.clocks.pass(TimeDelta::hours(8));
    // The check for a sleep comes every five seconds, and the look within five more.
    bench.looked_and_answered(lists).await;
    assert_eq!(bench.server.count(LIST), lists + 1, "one refresh, not one for each missed look");
    bench.finish().await;
}

#[tokio::test]
async fn row_44_a_create_that_slept_in_the_middle_is_unknown_and_asked_after() {
    let bench = Bench::for_creates().await;
    bench.server.set_times(CREATE, Fault::silence().commits(), 1);
    let console = bench.desk.console.clone();
    let deploying = tokio::spawn(async move { console.start_deploy(order("Asleep")).await });
    bench.desk.when(|_| (bench.server.count(CREATE) == 1).then_some(())).await;
    bench.clocks.pass(TimeDelta::hours(8));
    let deploy = deploying.await.expect("it ends").expect("written down");
    assert_eq!(deploy.state, DeployState::Unknown);
    bench.deploy_when(&deploy, DeployState::Ready).await;
    assert_eq!((bench.server.count(CREATE), bench.server.created()), (1, 1));
    bench.finish().await;
}

#[tokio::test]
async fn row_45_a_clock_that_is_set_neither_ages_what_is_known_into_the_future_nor_stops_the_looks() {
    for by in [TimeDelta::days(1), TimeDelta::days(-1), Utc::now() - chrono::DateTime::UNIX_EPOCH] {
        let bench = Bench::new().await;
        bench.clocks.set_wall(if by > TimeDelta::days(2) { -by } else { by });
        let looks = bench.server.count(LIST);
        bench.desk.when(|_| (bench.server.count(LIST) > looks + 3).then_some(())).await;
        bench.server.change(|api| api.rows[0]["status"] = "failed".into());
        bench.desk.rows_when(|rows| rows.facts.counts.failed == 1).await;
        bench.finish().await;
    }
}

/// Nothing is looked at again after the clock was set: what is known has the age it had, now and after the next start.
async fn keeps_its_ages(by: TimeDelta) {
    let bench = Bench::new_settled().await;
    let id: InstanceId = "row-1".into();
    bench.desk.console.refresh_instance(&id).await.expect("open");
    bench.desk.console.open_config(&id).await.expect("read");
    let profile = profile_of(&bench.desk).await;
    let asked = bench.server.count(ANYTHING);
    let mut events = bench.desk.console.events();
    bench.clocks.set_wall(by);
    let clocks = bench.clocks.clone();
    let is_young = move |at: DateTime<Utc>| (clocks.wall() - at).abs() < TimeDelta::minutes(1);
    let detail_at = |console: &Console| Some(console.instance(&id).ok()?.detail?.seen_at);
    bench
        .desk
        .when(|console| {
            let list = console.show_fleet(FleetQuery::default(), 0, 1).ok()?.facts.seen_at?;
            let all = [list, detail_at(console)?, console.poller().last_answer_at?];
            all.into_iter().all(&is_young).then_some(())
        })
        .await;
    let heard = std::iter::from_fn(|| events.try_recv().ok()).any(|event| matches!(event, Event::ClockSet));
    assert!(heard, "screens that were told something ask anew");
    assert_eq!(bench.server.count(ANYTHING), asked, "it is not a new look that made them right");

    let Bench { server, desk, .. } = bench;
    server.set_door(Door::Reset);
    let desk = desk.restart().await;
    desk.console.open_profile(&profile).await.expect("known");
    let kept = desk.rows().facts;
    assert!(kept.source == Source::Cached && is_young(kept.seen_at.expect("an age")), "{kept:?}");
    assert!(detail_at(&desk.console).is_some_and(&is_young));
    let config = desk.console.open_config(&id).await.expect("kept");
    assert!(is_young(config.version.seen_at), "{:?}", config.version);
    nothing_leaked(desk.folder());
}

#[tokio::test]
async fn row_45_what_was_seen_keeps_its_age_when_the_clock_is_set() {
    tokio::join!(
        keeps_its_ages(TimeDelta::days(1)),
        keeps_its_ages(TimeDelta::days(-1)),
        keeps_its_ages(DateTime::UNIX_EPOCH - Utc::now()),
    );
}

#[tokio::test]
async fn row_45_a_create_is_not_sent_again_because_a_clock_was_set() {
    for by in [TimeDelta::days(1), TimeDelta::minutes(10), TimeDelta::days(-1)] {
        let bench = Bench::for_creates().await;
        bench.server.set_times(CREATE, Fault::reset(), 1);
        let deploy = bench.deploy("Timeless").await.expect("written down");
        assert_eq!(deploy.state, DeployState::Unknown);
        bench.clocks.set_wall(by);
        let looks = bench.server.count(BY_KEY);
        bench.desk.when(|_| (bench.server.count(BY_KEY) > looks + 4).then_some(())).await;
        assert_eq!(bench.server.count(CREATE), 1, "{by}");
        assert_eq!(bench.desk.console.deploy(&deploy.key).expect("kept").state, DeployState::Unknown);
        bench.finish().await;
    }
}

#[tokio::test]
async fn row_46_of_two_processes_with_one_journal_one_sends() {
    let bench = Bench::for_creates().await;
    // Refused at first, so that both find it unsent, and both would send.
    bench.server.set(CREATE, Fault::status(429, "Retry-After: 2\r\n"));
    let deploy = bench.deploy("Shared").await.expect("written down");
    let second = bench.desk.beside().console;
    second.open_profile(&profile_of(&bench.desk).await).await.expect("known");
    let again = code(second.start_deploy(order("Shared")).await);
    assert_eq!(again, Code::DeployOpen { key: deploy.key.clone() }, "a second window finds the open one");
    let before = bench.server.count(CREATE);
    bench.server.mend();
    bench.deploy_when(&deploy, DeployState::Ready).await;
    bench
        .desk
        .when(|_| second.deploy(&deploy.key).ok().filter(|deploy| deploy.state == DeployState::Ready))
        .await;
    assert_eq!(bench.server.created(), 1);
    assert_eq!(bench.server.count(CREATE), before + 1, "one of the two sends");
    second.close_session().await;
    bench.finish().await;
}

#[tokio::test]
async fn row_46_whoever_missed_an_announcement_asks_again_and_is_right_at_once() {
    let bench = Bench::new().await;
    let first = bench.desk.rows().facts.seq;
    bench.server.change(|api| api.rows[0]["agent_name"] = "Renamed".into());
    // Nobody listens while it changes; asking tells everything.
    let rows = bench
        .desk
        .rows_when(|rows| rows.rows.iter().any(|row| row.agent_name.as_deref() == Some("Renamed")))
        .await;
    assert!(rows.facts.seq > first, "the gap can be seen");
    let started = Instant::now();
    bench.desk.rows();
    assert!(started.elapsed() < Duration::from_secs(1));
    bench.finish().await;
}

#[tokio::test]
async fn row_46_a_double_click_is_one_deploy() {
    let bench = Bench::for_creates().await;
    bench.server.set_times(
        CREATE,
        Fault::json(200, &serde_json::json!({ "task_id": "t" })).commits().after(Duration::from_millis(200)),
        1,
    );
    let (first, second) = tokio::join!(bench.deploy("Twice"), bench.deploy("Twice"));
    assert_eq!(first.expect("accepted").key, second.expect("the same").key);
    assert_eq!((bench.server.count(CREATE), bench.server.created()), (1, 1));
    bench.server.set_door(Door::Open);
    bench.finish().await;
}
