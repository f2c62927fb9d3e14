//! What fuzzers were given and what they found, read once more: `fuzz/corpus` as ordinary tests.

#[path = "../../fuzz/src/bodies.rs"]
#[allow(unreachable_pub, reason = "the fuzzer's own targets call them from outside")]
mod bodies;

use std::path::Path;

fn replay(target: &str, body: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(target);
    let files: Vec<_> = folder
        .read_dir()
        .expect("the corpus is committed")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    assert!(files.len() >= 5, "{target} has a corpus");
    for file in files {
        let bytes = std::fs::read(&file).expect("it can be read");
        let read = std::panic::catch_unwind(|| body(&bytes));
        assert!(read.is_ok(), "{} does what it must not", file.display());
    }
}

#[test]
fn replies_of_the_corpus_are_read_or_refused() {
    replay("replies", bodies::replies);
}

#[test]
fn chats_of_the_corpus_read_the_same_however_they_are_cut() {
    replay("sse", bodies::sse);
}

#[test]
fn addresses_of_the_corpus_are_what_they_seem() {
    replay("urls", bodies::urls);
}

#[test]
fn lines_of_the_corpus_lose_their_escapes_and_their_keys() {
    replay("text", bodies::text);
}
