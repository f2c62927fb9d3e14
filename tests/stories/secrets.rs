//! Where keys are kept, what happens without a keystore, and what a lock takes away.

use super::{code, platform};
use chrono::{DateTime, TimeDelta, Utc};
use nineheads_core::profiles::{CredentialKind, Kept};
use nineheads_core::secrets::{
    ExposeSecret, KeystoreState, MemoryStore, SecretPlace, SecretStore, SecretString,
};
use nineheads_core::session::{Keyless, LockReason};
use nineheads_core::{CacheKind, Code, Console, ConsoleOptions, Failure};
use nineheads_tests::console::{Desk, quick};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};

const PASSPHRASE: &str = "four random words here";

/// A system without a keystore.
struct Absent;
impl SecretStore for Absent {
    fn get(&self, _: &str) -> Result<Option<SecretString>, Failure> {
        Err(Failure::new(Code::Keystore, "no such service"))
    }
    fn set(&self, _: &str, _: &SecretString) -> Result<(), Failure> {
        Err(Failure::new(Code::Keystore, "no such service"))
    }
    fn remove(&self, _: &str) -> Result<(), Failure> {
        Err(Failure::new(Code::Keystore, "no such service"))
    }
}

/// A keystore that answers once somebody lets it.
#[derive(Default)]
struct Slow {
    inner: MemoryStore,
    open: Mutex<bool>,
    opened: Condvar,
}
impl Slow {
    fn wait(&self) {
        let open = self.open.lock().expect("held");
        drop(self.opened.wait_while(open, |open| !*open).expect("held"));
    }
    fn set_open(&self, open: bool) {
        *self.open.lock().expect("held") = open;
        self.opened.notify_all();
    }
}
impl SecretStore for Slow {
    fn get(&self, name: &str) -> Result<Option<SecretString>, Failure> {
        self.wait();
        self.inner.get(name)
    }
    fn set(&self, name: &str, secret: &SecretString) -> Result<(), Failure> {
        self.wait();
        self.inner.set(name, secret)
    }
    fn remove(&self, name: &str) -> Result<(), Failure> {
        self.inner.remove(name)
    }
}

fn lock(console: &Console) -> Option<LockReason> {
    console.session_view().lock
}

fn label(console: &Console) -> Kept {
    console.session_view().profile.and_then(|profile| profile.credential).expect("labelled").kept
}

fn assert_nowhere(folder: &Path, canary: &str) {
    for entry in folder.read_dir().expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if let Ok(bytes) = std::fs::read(&entry) {
            assert!(
                !bytes.windows(canary.len()).any(|window| window == canary.as_bytes()),
                "{}",
                entry.display()
            );
        }
    }
}

#[tokio::test]
async fn without_a_keystore_a_key_lives_for_this_run_and_the_person_is_told() {
    let (desk, server) = (Desk::with_secrets(Arc::new(Absent)), platform(2).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects all the same");
    assert_eq!(label(&desk.console), Kept::ThisRun);
    assert_eq!(desk.console.session_view().cache, CacheKind::Memory);
    assert!(matches!(desk.console.security().keystore, KeystoreState::Unavailable { .. }));
    assert_eq!(desk.console.security().place, SecretPlace::Keystore, "nothing is decided for the person");

    let desk = desk.restart().await;
    let id = desk.console.begin().expect("there is a last profile").id;
    let view = desk.console.open_profile(&id).await.expect("known");
    assert_eq!((view.lock, view.needs_credential), (Some(LockReason::Keystore), true));
    assert_eq!(code(desk.console.deploys()), Code::Keystore);
    assert_nowhere(desk.folder(), &server.keys().admin);
}

#[tokio::test]
async fn a_vault_takes_the_keystores_place_and_is_asked_for_at_the_next_start() {
    let (desk, server) = (Desk::with_secrets(Arc::new(Absent)), platform(2).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    desk.console.set_draft("chat:x", Some("half a thought")).expect("kept");
    let view = desk.console.create_vault(PASSPHRASE).await.expect("made");
    assert_eq!((view.place, view.asks_passphrase), (SecretPlace::Vault, true));
    assert_eq!(
        (label(&desk.console), desk.console.session_view().cache),
        (Kept::Vault, CacheKind::Encrypted)
    );
    assert_eq!(desk.console.draft("chat:x").expect("open").as_deref(), Some("half a thought"));
    desk.rows_when(|rows| rows.facts.total == 2).await;

    let desk = desk.restart().await;
    assert_eq!(desk.console.begin(), None, "nothing is opened before the passphrase is there");
    let view = desk.console.session_view();
    assert_eq!((view.lock, view.profile), (Some(LockReason::Vault), None));
    assert!(desk.console.profiles().is_empty(), "not even names are told");
    assert_eq!(code(desk.console.unlock(Some("another")).await), Code::WrongPassphrase);
    assert_eq!(lock(&desk.console), Some(LockReason::Vault));
    let profile = desk.console.unlock(Some(PASSPHRASE)).await.expect("opens").expect("the last one");
    assert_eq!(lock(&desk.console), Some(LockReason::Opening));
    desk.console.open_profile(&profile.id).await.expect("known");
    assert_eq!(lock(&desk.console), None);
    assert_eq!(desk.console.draft("chat:x").expect("open").as_deref(), Some("half a thought"));
    desk.rows_when(|rows| rows.facts.total == 2).await;
    assert_nowhere(desk.folder(), &server.keys().admin);
    assert_nowhere(desk.folder(), "half a thought");
}

#[tokio::test]
async fn the_profile_is_shown_before_a_slow_keystore_has_answered() {
    let slow = Arc::new(Slow::default());
    slow.set_open(true);
    let (desk, server) = (Desk::with_secrets(slow.clone()), platform(1).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    slow.set_open(false);
    let desk = desk.restart().await;
    let last = desk.console.begin().expect("there is a last profile");
    let view = desk.console.session_view();
    assert_eq!((view.lock, view.profile.as_ref()), (Some(LockReason::Opening), Some(&last)));
    let (console, id) = (desk.console.clone(), last.id.clone());
    let opening = tokio::spawn(async move { console.open_profile(&id).await });
    tokio::task::yield_now().await;
    assert_eq!(lock(&desk.console), Some(LockReason::Opening));
    slow.set_open(true);
    assert_eq!(opening.await.expect("ends").expect("known").lock, None);
}

#[tokio::test]
async fn what_is_kept_for_this_run_asks_nothing_of_the_keystore_and_is_gone_after_it() {
    let (desk, server) = (Desk::new(), platform(1).await);
    desk.console.keep_for_this_run(true).await.expect("chosen");
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    let id = desk.console.session_view().profile.expect("open").id;
    assert_eq!((label(&desk.console), desk.console.session_view().cache), (Kept::ThisRun, CacheKind::Memory));
    assert!(desk.secrets.get(&format!("key:{id}")).expect("memory").is_none());
    let desk = desk.restart().await;
    assert_eq!(desk.console.security().place, SecretPlace::ThisRun, "the choice is remembered");
    assert_eq!(desk.console.open_profile(&id).await.expect("known").lock, Some(LockReason::NoCredential));
    desk.console.keep_for_this_run(false).await.expect("chosen");
    desk.console.renew_credential(&id, CredentialKind::ApiKey, &server.keys().admin).await.expect("renewed");
    assert_eq!(label(&desk.console), Kept::Keystore);
}

#[tokio::test]
async fn garbage_in_the_keystore_is_no_key_and_no_cache_key() {
    let (desk, server) = (Desk::new(), platform(1).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    let id = desk.console.session_view().profile.expect("open").id;
    let key = desk.secrets.get(&format!("key:{id}")).expect("memory").expect("kept");
    desk.console.close_session().await;
    let (address, secret) = key.expose_secret().split_once('\n').expect("bound to its address");
    for entry in [
        "\u{0}\u{1}garbage",
        "",
        "https://other.example\nhc_live_of_somebody_else",
        &format!("{address}.evil.example\n{secret}"),
        &format!("{address}\nkey with\nlines"),
    ] {
        desk.secrets.set(&format!("key:{id}"), &entry.into()).expect("memory");
        let other = desk_beside(&desk);
        let before = server.counts().all();
        let view = other.open_profile(&id).await.expect("known");
        assert_eq!(view.keyless, Some(Keyless::NotHere), "{entry:?}");
        assert!(server.counts().all() - before <= 2, "what is no key is not sent");
    }
    desk.secrets.set(&format!("key:{id}"), &key).expect("memory");
    desk.secrets.set(&format!("cache:{id}"), &"x'; drop table facts; --".into()).expect("memory");
    let desk = desk.restart().await;
    let view = desk.console.open_profile(&id).await.expect("known");
    assert_eq!((view.lock, view.cache), (None, CacheKind::Encrypted), "the cache is begun anew");
}

/// A second console over the same folder and secrets, as after a restart.
fn desk_beside(desk: &Desk) -> Console {
    let options = ConsoleOptions {
        intervals: quick(),
        ..ConsoleOptions::new(desk.folder().to_owned(), desk.secrets.clone())
    };
    Console::open(options).expect("opens")
}

#[tokio::test]
async fn the_app_locks_after_the_chosen_time_without_input_and_drafts_survive() {
    let folder = tempfile::tempdir().expect("a folder");
    let time = Arc::new(Mutex::new(Utc::now()));
    let turn = |by: TimeDelta| *time.lock().expect("held") += by;
    let clock = time.clone();
    let options = ConsoleOptions {
        intervals: quick(),
        clock: Arc::new(move || -> DateTime<Utc> { *clock.lock().expect("held") }),
        ..ConsoleOptions::new(folder.path().to_owned(), Arc::new(MemoryStore::default()))
    };
    let (console, server) = (Console::open(options).expect("opens"), platform(2).await);
    let (url, key) = (server.url(), server.keys().admin.clone());
    let connect = console.connect_platform(&url, "Canary tenant", CredentialKind::ApiKey, &key);
    connect.await.expect("connects");
    console.set_draft("chat:x", Some("half a thought")).expect("kept");

    turn(TimeDelta::days(2));
    assert!(!console.lock_when_idle().await, "nobody chose a time");
    assert_eq!(
        code(console.set_idle_minutes(Some(0))),
        Code::Invalid { message: Some("1 to 1440 minutes".into()), fields: vec![] }
    );
    console.set_idle_minutes(Some(5)).expect("chosen");
    turn(TimeDelta::seconds(299));
    assert!(!console.lock_when_idle().await);
    console.note_activity();
    turn(TimeDelta::seconds(299));
    assert!(!console.lock_when_idle().await, "there was input");
    turn(TimeDelta::hours(-3));
    assert!(!console.lock_when_idle().await, "a clock that is turned back is no reason");
    turn(TimeDelta::seconds(300));
    assert!(console.lock_when_idle().await, "and makes nothing later");

    let view = console.session_view();
    assert_eq!((view.lock, view.profile, view.key), (Some(LockReason::App), None, None));
    assert!(console.profiles().is_empty());
    for refused in [
        code(console.deploys()),
        code(console.draft("chat:x")),
        code(console.prompts()),
        code(console.export_profiles()),
        code(console.set_idle_minutes(None)),
        code(console.connect_platform(&server.url(), "", CredentialKind::ApiKey, &server.keys().admin).await),
    ] {
        assert_eq!(refused, Code::Locked);
    }
    let profile = console.unlock(None).await.expect("no passphrase was set").expect("was open");
    assert_eq!(profile.name, "Canary tenant");
    console.open_profile(&profile.id).await.expect("the keystore has its key");
    assert_eq!(console.draft("chat:x").expect("open").as_deref(), Some("half a thought"));
}

#[tokio::test]
async fn a_lock_takes_the_keys_of_this_run_and_leaves_what_was_typed() {
    let (desk, server) = (Desk::with_secrets(Arc::new(Absent)), platform(1).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    desk.console.set_draft("deploy", Some("a long form")).expect("kept");
    let id = desk.console.session_view().profile.expect("open").id;
    desk.console.lock_now().await;
    let settled = server.counts().all();
    assert_eq!(desk.console.unlock(None).await.expect("no passphrase").expect("was open").id, id);
    assert_eq!(desk.console.open_profile(&id).await.expect("known").lock, Some(LockReason::Keystore));
    assert!(server.counts().all() <= settled + 2, "at most what was already on its way");
    desk.console
        .renew_credential(&id, CredentialKind::ApiKey, &server.keys().admin)
        .await
        .expect("typed again");
    assert_eq!(desk.console.draft("deploy").expect("open").as_deref(), Some("a long form"));
}

#[tokio::test]
async fn nothing_opens_behind_the_lock() {
    let slow = Arc::new(Slow::default());
    slow.set_open(true);
    let (desk, server) = (Desk::with_secrets(slow.clone()), platform(1).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    slow.set_open(false);
    let desk = desk.restart().await;
    let id = desk.console.begin().expect("there is one").id;
    let console = desk.console.clone();
    let opening = tokio::spawn(async move { console.open_profile(&id).await });
    tokio::task::yield_now().await;
    desk.console.lock_now().await;
    slow.set_open(true);
    assert_eq!(code(opening.await.expect("ends")), Code::Locked);
    assert_eq!(lock(&desk.console), Some(LockReason::App));
}

#[tokio::test]
async fn the_apps_own_passphrase_is_asked_at_every_unlock_and_start() {
    let (desk, server) = (Desk::new(), platform(1).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    assert!(matches!(code(desk.console.set_app_passphrase(None, Some("short")).await), Code::Invalid { .. }));
    desk.console.set_app_passphrase(None, Some(PASSPHRASE)).await.expect("set");
    desk.console.lock_now().await;
    assert_eq!(code(desk.console.unlock(None).await), Code::WrongPassphrase);
    assert_eq!(code(desk.console.unlock(Some("another one")).await), Code::WrongPassphrase);
    desk.console.unlock(Some(PASSPHRASE)).await.expect("opens");

    let desk = desk.restart().await;
    assert_eq!(desk.console.begin(), None);
    assert_eq!(lock(&desk.console), Some(LockReason::App));
    desk.console.unlock(Some(PASSPHRASE)).await.expect("opens");
    assert_eq!(code(desk.console.set_app_passphrase(Some("wrong one"), None).await), Code::WrongPassphrase);
    desk.console.set_app_passphrase(Some(PASSPHRASE), None).await.expect("removed");
    assert!(desk.secrets.get("app-lock").expect("memory").is_none());
    assert!(desk.restart().await.console.begin().is_some(), "the next start asks for nothing");
}

#[tokio::test]
async fn secrets_move_between_vault_and_keystore_and_never_lie_in_both() {
    let (desk, server) = (Desk::new(), platform(1).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    let id = desk.console.session_view().profile.expect("open").id;
    let entries = [format!("key:{id}"), format!("cache:{id}")];
    desk.console.create_vault(PASSPHRASE).await.expect("made");
    for entry in &entries {
        assert!(desk.secrets.get(entry).expect("memory").is_none(), "{entry} is in the vault alone");
    }
    assert_eq!(code(desk.console.close_vault("not this one").await), Code::WrongPassphrase);
    desk.console.change_vault_passphrase(PASSPHRASE, "five other words").await.expect("changed");
    desk.console.close_vault("five other words").await.expect("moved back");
    for entry in &entries {
        assert!(desk.secrets.get(entry).expect("memory").is_some(), "{entry} is back");
    }
    assert_eq!(
        (label(&desk.console), desk.console.security().place),
        (Kept::Keystore, SecretPlace::Keystore)
    );
    assert!(!desk.folder().join("vault.json").exists());
}

#[tokio::test]
async fn a_vault_stays_as_it_is_when_the_keystore_does_not_take_its_secrets() {
    let (desk, server) = (Desk::with_secrets(Arc::new(Absent)), platform(1).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    desk.console.create_vault(PASSPHRASE).await.expect("made");
    assert_eq!(code(desk.console.close_vault(PASSPHRASE).await), Code::Keystore);
    assert_eq!(desk.console.security().place, SecretPlace::Vault);
    assert_eq!(lock(&desk.console), None);
}

#[tokio::test]
async fn a_forgotten_vault_can_be_erased_and_profiles_ask_for_their_keys_again() {
    let (desk, server) = (Desk::with_secrets(Arc::new(Absent)), platform(1).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    desk.console.create_vault(PASSPHRASE).await.expect("made");
    let desk = desk.restart().await;
    desk.console.begin();
    std::fs::write(desk.folder().join("vault.json"), b"{").expect("damaged");
    assert_eq!(code(desk.console.unlock(Some(PASSPHRASE)).await), Code::VaultBroken);
    desk.console.erase_vault().await.expect("erased");
    assert_eq!(lock(&desk.console), None);
    let profiles = desk.console.profiles();
    assert_eq!(profiles.len(), 1);
    assert_eq!(profiles[0].credential, None);
}

#[tokio::test]
async fn a_profile_that_can_not_be_opened_does_not_keep_the_window_waiting() {
    let (desk, server) = (Desk::new(), platform(1).await);
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    let desk = desk.restart().await;
    desk.console.begin().expect("there is a last profile");
    assert_eq!(lock(&desk.console), Some(LockReason::Opening));
    desk.console.give_up_opening();
    assert_eq!((lock(&desk.console), desk.console.session_view().profile), (None, None));
    assert_eq!(desk.console.profiles().len(), 1, "it can be opened from the first screen");
}
