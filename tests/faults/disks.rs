//! Rows 39 to 42: processes that die, disks that are full, files that are broken.

use crate::bench::{Bench, ROWS, code, nothing_leaked, order};
use crate::process::{given_folder, in_folder, passed};
use nineheads_core::deploys::DeployState;
use nineheads_core::secrets::{MemoryStore, SecretStore};
use nineheads_core::{CacheKind, Code};
use nineheads_tests::console::{Desk, PATIENCE};
use nineheads_tests::misbehaving::{BY_KEY, CREATE, Fault, Misbehaving};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) async fn profile_of(desk: &Desk) -> String {
    desk.console.session_view().profile.expect("open").id
}

/// What a process leaves behind that dies in this state, opened by the next one: at most one create, and what was accepted is there.
async fn survives_a_crash(
    state: DeployState,
    spoil: impl FnOnce(&Misbehaving),
    mend: impl AsyncFnOnce(&Misbehaving),
) {
    let bench = Bench::for_creates().await;
    spoil(&bench.server);
    let console = bench.desk.console.clone();
    let deploying = tokio::spawn(async move { console.start_deploy(order("Phoenix")).await });
    let deploy = bench
        .desk
        .when(|console| console.deploys().ok()?.into_iter().find(|deploy| deploy.state == state))
        .await;
    let crashed = bench.desk.after_a_crash();
    // Nothing of the old process goes on.
    deploying.abort();
    bench.desk.console.close_session().await;
    let profile = crashed.console.last_profile().expect("known").id;
    assert_eq!(crashed.console.deploys().map(drop).map_err(|failure| failure.code), Err(Code::NoSession));
    mend(&bench.server).await;
    crashed.console.open_profile(&profile).await.expect("known");
    let shown = crashed.console.deploy(&deploy.key).expect("it is shown on restart");
    assert_eq!(shown.request.agent_name.as_deref(), Some("Phoenix"));
    crashed
        .when(|console| console.deploy(&deploy.key).ok().filter(|deploy| deploy.state == DeployState::Ready))
        .await;
    assert_eq!(bench.server.created(), 1, "{state:?}");
    assert!(bench.server.keys().iter().all(|key| *key == deploy.key.as_str()));
    nothing_leaked(crashed.folder());
}

#[tokio::test]
async fn row_39_a_process_that_dies_at_any_step_of_the_journal_makes_one_create_and_shows_it() {
    let asks = |server: &Misbehaving| server.set(BY_KEY, Fault::status(500, ""));
    let mend = async |server: &Misbehaving| server.mend();
    survives_a_crash(
        DeployState::Intent,
        |server| server.set_times(CREATE, Fault::status(429, "Retry-After: 60\r\n"), 1),
        mend,
    )
    .await;
    survives_a_crash(
        DeployState::Sent,
        |server| server.set_times(CREATE, Fault::silence().commits(), 1),
        mend,
    )
    .await;
    survives_a_crash(
        DeployState::Unknown,
        |server| {
            server.set_times(CREATE, Fault::reset().commits(), 1);
            asks(server);
        },
        mend,
    )
    .await;
    survives_a_crash(
        DeployState::Accepted,
        |server| server.change(|api| api.slow_worker = true),
        async |server: &Misbehaving| {
            server.change(|api| api.slow_worker = false);
        },
    )
    .await;
}

fn file_named(folder: &Path, start: &str, end: &str) -> PathBuf {
    let names = folder.read_dir().expect("a folder").map(|entry| entry.expect("an entry").path());
    let fits = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.starts_with(start) && name.ends_with(end)
    };
    names.into_iter().find(fits).unwrap_or_else(|| panic!("there is no {start}…{end}"))
}

/// Breaks the cache while nobody has it open, starts anew, and wants everything there again, deploys included.
async fn rebuilds_the_cache(breaks: impl FnOnce(&Path)) -> (Desk, Misbehaving) {
    let bench = Bench::for_creates().await;
    bench.server.change(|api| api.slow_worker = true);
    let deploy = bench.deploy("Kept").await.expect("accepted");
    let Bench { server, desk, .. } = bench;
    let profile = profile_of(&desk).await;
    let desk = desk.restart_after(breaks).await;
    let view = desk.console.open_profile(&profile).await.expect("known");
    assert!(!view.needs_credential);
    let rows = desk.rows_when(|rows| rows.facts.total > ROWS).await;
    assert!(rows.facts.seen_at.is_some());
    assert_eq!(desk.console.deploy(&deploy.key).expect("the journal is intact").key, deploy.key);
    assert_eq!(server.created(), 1);
    (desk, server)
}

#[tokio::test]
async fn row_40_a_cache_whose_writing_was_cut_anywhere_is_valid_or_rebuilt_and_the_journal_is_intact() {
    for part in [0, 1, 100, 1024, 4096, 5000, 9000] {
        let (desk, _server) = rebuilds_the_cache(|folder| {
            for end in [".db", ".db-wal"] {
                let file = file_named(folder, "cache-", ".db").with_extension(&end[1..]);
                let Ok(bytes) = std::fs::read(&file) else { continue };
                std::fs::write(&file, &bytes[..bytes.len().min(part)]).expect("it can be cut");
            }
        })
        .await;
        assert_eq!(desk.console.session_view().cache, CacheKind::Encrypted);
    }
}

#[tokio::test]
async fn row_42_a_cache_that_is_corrupt_or_of_another_key_is_set_aside_and_rebuilt() {
    let bad = |folder: &Path| {
        let names = folder.read_dir().expect("a folder").map(|entry| entry.expect("an entry").file_name());
        names.filter(|name| name.to_string_lossy().contains(".bad-")).count()
    };
    let (desk, _server) = rebuilds_the_cache(|folder| {
        let file = file_named(folder, "cache-", ".db");
        // What was not yet moved from the log into the file would mend it.
        let _ = std::fs::remove_file(file.with_extension("db-wal"));
        let mut bytes = std::fs::read(&file).expect("it is there");
        for byte in bytes.iter_mut().skip(16).step_by(97) {
            *byte ^= 0x55;
        }
        std::fs::write(&file, bytes).expect("it can be written");
    })
    .await;
    assert_eq!(bad(desk.folder()), 1);
    // The row of one profile in the place of another's: another key.
    let profile = profile_of(&desk).await;
    let server = Misbehaving::start(3).await;
    let desk = desk
        .restart_after(|folder| {
            let stranger = folder.join("stranger.db");
            let connection = rusqlite::Connection::open(&stranger).expect("a database");
            connection
                .pragma_update(
                    None,
                    "key",
                    "x'00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'",
                )
                .expect("a key");
            connection
                .execute_batch("create table seen(x); insert into seen values('stranger');")
                .expect("it takes it");
            drop(connection);
            std::fs::rename(stranger, file_named(folder, "cache-", ".db")).expect("it can be moved");
        })
        .await;
    desk.console.open_profile(&profile).await.expect("known");
    assert_eq!(desk.console.session_view().cache, CacheKind::Encrypted);
    assert!(bad(desk.folder()) >= 2);
    drop(server);
}

#[tokio::test]
async fn row_42_a_deploy_whose_bytes_no_longer_fit_their_checksum_is_never_sent() {
    let bench = Bench::for_creates().await;
    bench.server.set(CREATE, Fault::status(429, "Retry-After: 1\r\n"));
    let deploy = bench.deploy("Tampered").await.expect("written down");
    assert_eq!(deploy.state, DeployState::Intent);
    let Bench { server, desk, .. } = bench;
    let profile = profile_of(&desk).await;
    let desk = desk
        .restart_after(|folder| {
            let journal = rusqlite::Connection::open(folder.join("journal.db")).expect("it opens");
            let sql = "update deploys set body = replace(cast(body as text), 'Tampered', 'Tempered')";
            assert_eq!(journal.execute(sql, []).expect("it is written"), 1);
        })
        .await;
    let before = server.count(CREATE);
    server.mend();
    desk.console.open_profile(&profile).await.expect("known");
    // Where it would have been sent it was not; from there on its key is asked after.
    let asked = server.count(BY_KEY);
    desk.when(|_| (server.count(BY_KEY) > asked + 1).then_some(())).await;
    assert_eq!((server.count(CREATE), server.created()), (before, 0));
}

/// In the folder of its outer test, on a disk that takes nothing more: everything can be read, and nothing is sent.
#[tokio::test]
#[ignore = "run by row_41"]
async fn inner_41_full() {
    let folder = given_folder();
    let text = std::fs::read_to_string(folder.join("world.json")).expect("left by the outer test");
    let world: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let said = |name: &str| world[name].as_str().expect("said").to_owned();
    let secrets = MemoryStore::default();
    for (name, secret) in world["secrets"].as_object().expect("an object") {
        secrets.set(name, &secret.as_str().expect("text").into()).expect("memory takes it");
    }
    let mut options = nineheads_core::ConsoleOptions::new(folder, Arc::new(secrets));
    options.intervals = nineheads_tests::console::quick();
    let console = nineheads_core::Console::open(options).expect("it opens all the same");
    let mut events = console.events();
    console.open_profile(&said("profile")).await.expect("known");
    let is_seen = || {
        let rows = console.show_fleet(Default::default(), 0, 50).expect("open");
        rows.facts.total == ROWS && console.poller().last_answer_at.is_some()
    };
    let sees = async {
        while !is_seen() {
            // Whatever is missing is announced when it comes; one announcement too many to hold is asked after as well.
            let _ = events.recv().await;
        }
    };
    tokio::time::timeout(PATIENCE, sees).await.expect("it sees the list");
    assert_eq!(code(console.start_deploy(order("Unwritten")).await), Code::Storage);
    assert!(console.deploys().map_or(true, |deploys| deploys.is_empty()));
}

#[tokio::test]
async fn row_41_with_a_full_disk_everything_can_be_read_and_nothing_is_deployed() {
    let bench = Bench::for_creates().await;
    let Bench { server, desk, .. } = bench;
    let profile = profile_of(&desk).await;
    let secrets: serde_json::Map<_, _> = [format!("key:{profile}"), format!("cache:{profile}")]
        .into_iter()
        .filter_map(|name| Some((name.clone(), exposed(&desk, &name)?.into())))
        .collect();
    let world = serde_json::json!({ "profile": profile, "secrets": secrets });
    let desk = desk
        .restart_after(|folder| {
            std::fs::write(folder.join("world.json"), world.to_string()).expect("it is written")
        })
        .await;
    let mut command = tokio::process::Command::new("bash");
    // No file may grow any more, which is what a full disk is to a program.
    command.args(["-c", r#"trap "" XFSZ; ulimit -f 0; exec "$0" "$@" | cat"#]);
    command.arg(std::env::current_exe().expect("this program"));
    command.args(["--exact", "disks::inner_41_full", "--ignored", "--nocapture", "--test-threads=1"]);
    in_folder(command.as_std_mut(), desk.folder());
    passed("inner_41_full", &command.output().await.expect("it starts"));
    assert_eq!((server.count(CREATE), server.created()), (0, 0));
}

/// What the test's own keystore has.
fn exposed(desk: &Desk, name: &str) -> Option<String> {
    use secrecy::ExposeSecret;
    desk.secrets.get(name).ok()?.map(|secret| secret.expose_secret().to_owned())
}

#[tokio::test]
async fn row_41_where_the_journal_can_not_be_opened_a_deploy_is_refused_and_nothing_is_sent() {
    let Bench { server, desk, .. } = Bench::for_creates().await;
    let profile = profile_of(&desk).await;
    let desk = desk
        .restart_after(|folder| {
            std::fs::remove_file(folder.join("journal.db")).expect("it was there");
            std::fs::create_dir(folder.join("journal.db")).expect("a folder in its place");
            let cache = file_named(folder, "cache-", ".db");
            std::fs::remove_file(&cache).expect("it was there");
            std::fs::create_dir_all(cache.join("x")).expect("a folder in its place");
        })
        .await;
    desk.console.open_profile(&profile).await.expect("known");
    desk.rows_when(|rows| rows.facts.total == ROWS).await;
    assert_eq!(code(desk.console.start_deploy(order("Unwritten")).await), Code::Storage);
    assert_eq!(server.count(CREATE), 0);
}
