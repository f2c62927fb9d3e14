//! A profile whose key is not here: what is kept of it is shown with its age, nothing leaves, what was typed stays, and
//! the key brings it to life.

use super::{code, platform};
use chrono::Utc;
use nineheads_core::contract::InstanceId;
use nineheads_core::contract::deploys::NewInstance;
use nineheads_core::ledger::{LedgerLine, LedgerOutcome, LedgerQuery};
use nineheads_core::polling::PollerState;
use nineheads_core::profiles::{CredentialKind, ProfileId};
use nineheads_core::secrets::{MemoryStore, SecretStore, SecretString};
use nineheads_core::seen::Source;
use nineheads_core::session::{Keyless, LockReason};
use nineheads_core::{CacheKind, Code, Failure};
use nineheads_platform::{Options, Server, serve};
use nineheads_tests::console::Desk;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A person who has looked at a fleet and at one of its instances.
async fn looked(desk: &Desk, server: &Server, fleet: u32) -> (ProfileId, InstanceId) {
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    let rows = desk.rows_when(|rows| rows.facts.total == fleet).await;
    let running = |status: &str| status == "running";
    let row = rows.rows.iter().find(|row| row.status.as_ref().is_some_and(|status| running(&status.0)));
    let id = row.expect("one runs").id.clone();
    desk.console.watch_instance(&id).expect("open");
    desk.when(|console| console.instance(&id).ok()?.runtime).await;
    (desk.console.session_view().profile.expect("open").id, id)
}

/// The same platform started anew: whatever it counts from here on came after that.
async fn started_anew(server: Server, fleet: u32) -> Server {
    let listen = server.url().trim_start_matches("http://").parse().expect("an address");
    server.stop().await;
    serve(Options { fleet: Some(fleet), speed: 0.0, no_failures: true, listen, ..Options::default() })
        .await
        .expect("it starts again")
}

fn take_key(desk: &Desk, profile: &str) {
    desk.secrets.remove(&format!("key:{profile}")).expect("memory");
}

async fn newest_line(desk: &Desk) -> LedgerLine {
    desk.console.show_ledger(&LedgerQuery::default(), 0, 1).await.expect("readable").lines.remove(0)
}

#[tokio::test]
async fn without_a_key_what_is_kept_is_shown_with_its_age_and_no_request_leaves() {
    let (desk, server) = (Desk::new(), platform(3).await);
    let (profile, id) = looked(&desk, &server, 3).await;
    let config = desk.console.open_config(&id).await.expect("read once").document;
    let desk = desk.restart().await;
    take_key(&desk, &profile);
    let server = started_anew(server, 3).await;
    let restarted_at = Utc::now();

    let view = desk.console.open_profile(&profile).await.expect("known");
    assert_eq!((view.keyless, view.lock, view.needs_credential), (Some(Keyless::NotHere), None, true));
    assert_eq!(view.cache, CacheKind::Encrypted);
    assert_eq!(desk.console.poller().state, PollerState::NoKey);
    let rows = desk.rows();
    assert_eq!((rows.facts.total, rows.facts.source), (3, Source::Cached));
    assert!(rows.facts.seen_at.expect("an age") < restarted_at);
    assert_eq!(rows.facts.failure.expect("says why").code, Code::NoKey);
    let instance = desk.console.watch_instance(&id).expect("open");
    let detail = instance.detail.expect("kept");
    assert!(detail.source == Source::Cached && detail.seen_at < restarted_at);
    assert_eq!(instance.failure.expect("says why").code, Code::NoKey);
    let kept = desk.console.open_config(&id).await.expect("kept");
    assert_eq!((kept.document, kept.failure.expect("says why").code), (config, Code::NoKey));

    desk.console.watch_logs(&id).await.expect("open");
    let day = Utc::now().date_naive().to_string();
    let asked = [
        code(desk.console.refresh_fleet()),
        code(desk.console.usage(&id, &day, &day).await),
        code(desk.console.fetch_fleet_usage()),
        code(desk.console.diagnose_instance(&id, |_| ()).await),
        code(desk.console.plan_cleanup().await),
        desk.console.refresh_instance(&id).await.expect("open").failure.expect("says why").code,
    ];
    assert!(asked.iter().all(|code| *code == Code::NoKey), "{asked:?}");
    desk.console.choices().await.expect("what is known");
    assert_eq!(desk.console.alerts().await.expect("none"), None);
    desk.console.set_network(false);
    desk.console.set_network(true);
    assert_eq!(desk.console.poller().state, PollerState::NoKey);
    assert_eq!(server.counts().all(), 0, "{:?}", server.counts());
}

#[tokio::test]
async fn without_a_key_every_change_is_refused_before_it_leaves_and_what_was_typed_stays() {
    let (desk, server) = (Desk::new(), platform(3).await);
    let (profile, id) = looked(&desk, &server, 3).await;
    let desk = desk.restart().await;
    take_key(&desk, &profile);
    let server = started_anew(server, 3).await;
    desk.console.open_profile(&profile).await.expect("known");
    let console = &desk.console;
    console.set_draft("chat:x", Some("half a thought")).expect("kept");
    let fields = json!({"skills": ["notes"]}).as_object().cloned().expect("an object");
    let new = NewInstance { region_id: "eu-central".into(), tier_id: "t".into(), ..NewInstance::default() };
    let refused = [
        code(console.start_deploy(new).await),
        code(console.delete_instance(&id).await),
        code(console.send_message(&id, "x1".into(), "Hello".into(), |_| ()).await),
        code(console.set_consent(&id, true, "a case").await),
        code(console.patch_platform_config(&id, fields.clone()).await),
        code(console.update_model_policy(&id, fields).await),
        code(console.apply_updates(&id).await),
        code(console.rotate_key(&id).await),
        code(console.run_cleanup(std::slice::from_ref(&id)).await),
    ];
    assert!(refused.iter().all(|code| *code == Code::NoKey), "{refused:?}");
    assert!(console.deploys().expect("readable").is_empty(), "nothing waits to be sent behind one's back");
    assert_eq!(console.draft("chat:x").expect("open").as_deref(), Some("half a thought"));
    assert_eq!(server.counts().all(), 0, "{:?}", server.counts());

    // After the key was typed it goes on, with what was typed, and what is open on screen is looked at.
    console.watch_instance(&id).expect("open");
    let key = &server.keys().admin;
    let view = console.renew_credential(&profile, CredentialKind::ApiKey, key).await.expect("the key works");
    assert_eq!((view.keyless, view.needs_credential), (None, false));
    let rows = desk.rows_when(|rows| rows.facts.failure.is_none() && rows.facts.source == Source::Live).await;
    assert_eq!(rows.facts.total, 3);
    desk.when(|console| {
        let detail = console.instance(&id).ok()?.detail?;
        (detail.source == Source::Live).then_some(())
    })
    .await;
    assert_eq!(console.draft("chat:x").expect("open").as_deref(), Some("half a thought"));
    console.send_message(&id, "x2".into(), "Hello".into(), |_| ()).await.expect("sent");
}

#[tokio::test]
async fn one_profiles_cache_is_never_shown_as_anothers() {
    let (desk, three, five) = (Desk::new(), platform(3).await, platform(5).await);
    let (first, _) = looked(&desk, &three, 3).await;
    let (second, _) = looked(&desk, &five, 5).await;
    let file = |desk: &Desk, id: &str| desk.folder().join(format!("cache-{id}.db"));
    let desk = desk.restart().await;
    take_key(&desk, &first);
    take_key(&desk, &second);
    desk.console.open_profile(&first).await.expect("known");
    assert_eq!(desk.rows().facts.total, 3);
    desk.console.open_profile(&second).await.expect("known");
    assert_eq!(desk.rows().facts.total, 5);

    let desk = desk.restart().await;
    let own = std::fs::read(file(&desk, &second)).expect("reads");
    let other = std::fs::read(file(&desk, &first)).expect("reads");
    std::fs::write(file(&desk, &second), &other).expect("swapped");
    let view = desk.console.open_profile(&second).await.expect("known");
    assert_eq!((view.lock, view.keyless), (Some(LockReason::NoCredential), None));
    assert_eq!(code(desk.console.deploys()), Code::NoKey);
    // Nothing was made anew in its place: with its own file it is there again.
    assert_eq!(std::fs::read(file(&desk, &second)).expect("reads"), other);
    std::fs::write(file(&desk, &second), own).expect("swapped back");
    assert_eq!(desk.console.open_profile(&second).await.expect("known").keyless, Some(Keyless::NotHere));
    assert_eq!(desk.rows().facts.total, 5);
}

#[tokio::test]
async fn merely_looking_without_a_key_leaves_no_line_that_says_failed() {
    let (desk, server) = (Desk::new(), platform(3).await);
    let (profile, id) = looked(&desk, &server, 3).await;
    desk.console.set_consent(&id, true, "a case").await.expect("granted");
    desk.console.list_conversations(&id, 20).await.expect("read once");
    let desk = desk.restart().await;
    take_key(&desk, &profile);
    desk.console.open_profile(&profile).await.expect("known");
    let line = newest_line(&desk).await;
    assert_eq!((line.act.as_str(), line.outcome), ("open_profile", LedgerOutcome::Done));
    assert!(line.detail.contains("noCredential"), "{}", line.detail);

    let kept = desk.console.list_conversations(&id, 20).await.expect("kept");
    assert_eq!(kept.source, Source::Cached);
    let line = newest_line(&desk).await;
    assert_eq!((line.act.as_str(), line.outcome), ("list_conversations", LedgerOutcome::Done));
    let never_read = kept.rows[0].id.clone();
    let total =
        desk.console.show_ledger(&LedgerQuery::default(), 0, 500).await.expect("readable").lines.len();
    assert_eq!(code(desk.console.conversation(&id, &never_read.as_str().into()).await), Code::NoKey);
    let lines = desk.console.show_ledger(&LedgerQuery::default(), 0, 500).await.expect("readable").lines;
    assert_eq!(lines.len(), total, "nothing was seen, so nothing is told");
    assert!(lines.iter().all(|line| line.outcome == LedgerOutcome::Done), "{lines:?}");
}

/// A keystore that gives the cache's key and refuses the profile's, as one that asks for each entry may.
#[derive(Default)]
struct Picky {
    inner: MemoryStore,
    refuses: AtomicBool,
}

impl SecretStore for Picky {
    fn get(&self, name: &str) -> Result<Option<SecretString>, Failure> {
        if self.refuses.load(Ordering::SeqCst) && name.starts_with("key:") {
            return Err(Failure::new(Code::Keystore, "the person said no"));
        }
        self.inner.get(name)
    }
    fn set(&self, name: &str, secret: &SecretString) -> Result<(), Failure> {
        self.inner.set(name, secret)
    }
    fn remove(&self, name: &str) -> Result<(), Failure> {
        self.inner.remove(name)
    }
}

#[tokio::test]
async fn a_keystore_that_refuses_the_key_alone_still_opens_the_cache_and_may_be_asked_again() {
    let store = Arc::new(Picky::default());
    let (desk, server) = (Desk::with_secrets(store.clone()), platform(3).await);
    let (profile, _) = looked(&desk, &server, 3).await;
    let desk = desk.restart().await;
    store.refuses.store(true, Ordering::SeqCst);
    let view = desk.console.open_profile(&profile).await.expect("known");
    assert_eq!((view.keyless, view.lock), (Some(Keyless::Unread), None));
    assert_eq!(desk.rows().facts.total, 3);
    store.refuses.store(false, Ordering::SeqCst);
    let view = desk.console.open_profile(&profile).await.expect("known");
    assert_eq!((view.keyless, view.needs_credential), (None, false));
    desk.rows_when(|rows| rows.facts.failure.is_none() && rows.facts.source == Source::Live).await;
}

#[tokio::test]
async fn an_emptied_keystore_opens_nothing_and_spoils_nothing() {
    let (desk, server) = (Desk::new(), platform(3).await);
    let (profile, _) = looked(&desk, &server, 3).await;
    let desk = desk.restart().await;
    let entry = format!("cache:{profile}");
    let kept = desk.secrets.get(&entry).expect("memory").expect("kept");
    take_key(&desk, &profile);
    desk.secrets.remove(&entry).expect("memory");
    let view = desk.console.open_profile(&profile).await.expect("known");
    assert_eq!((view.lock, view.keyless), (Some(LockReason::NoCredential), None));
    assert_eq!(desk.secrets.get(&entry).expect("memory").map(drop), None, "no other key takes its place");
    desk.secrets.set(&entry, &kept).expect("memory");
    desk.console.open_profile(&profile).await.expect("known");
    assert_eq!(desk.rows().facts.total, 3, "what is kept is still what it was");
}
