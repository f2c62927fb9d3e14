//! The file itself: what is kept, what is set aside.

use super::*;

fn key(digit: char) -> SecretString {
    digit.to_string().repeat(64).into()
}

fn row(id: &str) -> InstanceSummary {
    InstanceSummary { id: id.into(), agent_name: Some("canary-name".into()), ..InstanceSummary::default() }
}

#[test]
fn what_was_written_is_there_again_and_unreadable_on_disk() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("cache.db");
    let at = Utc::now();
    Cache::open(&file, &key('a')).expect("opens").write_list(&[row("1"), row("2")], &[], at).expect("writes");
    let cache = Cache::open(&file, &key('a')).expect("opens again");
    assert_eq!(cache.kind(), CacheKind::Encrypted);
    cache.write_list(&[], &["1".into()], at).expect("writes");
    let (list, seen_at) = cache.read_list().expect("reads").expect("there");
    assert_eq!(list.instances, [row("2")]);
    assert_eq!(seen_at.timestamp_millis(), at.timestamp_millis());
    drop(cache);
    for entry in folder.path().read_dir().expect("a folder") {
        let bytes = std::fs::read(entry.expect("an entry").path()).expect("reads");
        assert!(!bytes.windows(11).any(|window| window == b"canary-name"));
    }
}

#[test]
fn a_wrong_key_garbage_and_a_newer_schema_are_set_aside_and_three_are_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("cache.db");
    for n in 0..6 {
        match n % 3 {
            0 => drop(Cache::open(&file, &key('b')).expect("opens")),
            1 => std::fs::write(&file, b"not a database at all, but long enough to look like one")
                .expect("writes"),
            _ => {
                let cache = Cache::open(&file, &key('c')).expect("opens");
                cache.lock().pragma_update(None, "user_version", 99).expect("writes");
            }
        }
        let cache = Cache::open(&file, &key('c')).expect("opens");
        assert_eq!(cache.kind(), CacheKind::Encrypted);
        assert!(cache.read_list().expect("reads").is_none());
    }
    let bad = folder.path().read_dir().expect("a folder").filter_map(Result::ok);
    let bad = bad.filter(|entry| entry.file_name().to_string_lossy().contains(".bad-")).count();
    assert_eq!(bad, BAD_KEPT);
}

#[test]
fn without_a_usable_disk_it_lives_in_memory_and_says_so() {
    let cache = Cache::open(Path::new("/dev/null/cache.db"), &key('a')).expect("opens");
    assert_eq!(cache.kind(), CacheKind::Memory);
    cache.write_draft("chat:1", Some("hello")).expect("writes");
    assert_eq!(cache.read_draft("chat:1").expect("reads").as_deref(), Some("hello"));
}

#[test]
fn a_file_of_an_earlier_version_keeps_its_pages_and_what_is_in_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("cache.db");
    let own = open_as(&file, &key('a'), None).expect("opens");
    let earlier = Cache { connection: Mutex::new(own), kind: CacheKind::Encrypted };
    earlier.write_draft("chat:1", Some("hello")).expect("writes");
    drop(earlier);
    let pages = |cache: &Cache| -> String {
        cache.lock().query_row("pragma page_size", [], |row| row.get(0)).expect("a size")
    };
    let cache = Cache::open(&file, &key('a')).expect("opens again");
    assert_eq!((cache.kind(), pages(&cache)), (CacheKind::Encrypted, "4096".to_owned()));
    assert_eq!(cache.read_draft("chat:1").expect("reads").as_deref(), Some("hello"));
    let new = Cache::open(&folder.path().join("new.db"), &key('a')).expect("opens");
    assert_eq!(pages(&new), "8192");
    assert_eq!(folder.path().read_dir().expect("a folder").filter(is_aside).count(), 0);
}

fn is_aside(entry: &std::io::Result<std::fs::DirEntry>) -> bool {
    entry.as_ref().is_ok_and(|entry| entry.file_name().to_string_lossy().contains(".bad-"))
}
