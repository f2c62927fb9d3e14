//! The vault against wrong passphrases, damaged files and full disks.

use super::super::derivation::MEMORY_KIB;
use super::*;
use std::os::unix::fs::PermissionsExt;

const RIGHT: &str = "correct horse";

fn vault(folder: &tempfile::TempDir) -> Vault {
    Vault::new(folder.path())
}

fn made(folder: &tempfile::TempDir) -> Vault {
    let vault = vault(folder);
    let secrets = BTreeMap::from([("key:a".to_owned(), SecretString::from("hc_live_canary"))]);
    vault.create(&RIGHT.into(), secrets).expect("made");
    vault
}

fn code<T>(result: Result<T, Failure>) -> Code {
    match result {
        Ok(_) => panic!("it must fail"),
        Err(failure) => failure.code,
    }
}

#[test]
fn it_opens_with_its_passphrase_alone_and_keeps_what_was_put_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = made(&folder);
    first.set("cache:a", &"00ff".into()).expect("kept");
    let second = vault(&folder);
    assert!(second.exists() && !second.is_open());
    assert_eq!(code(second.get("key:a")), Code::Locked);
    assert_eq!(code(second.unlock(&"correct hors".into())), Code::WrongPassphrase);
    second.unlock(&RIGHT.into()).expect("opens");
    assert_eq!(second.get("key:a").expect("open").expect("there").expose_secret(), "hc_live_canary");
    assert_eq!(second.get("cache:a").expect("open").expect("there").expose_secret(), "00ff");
    second.remove("cache:a").expect("removed");
    second.close();
    assert_eq!(code(second.get("key:a")), Code::Locked);
}

#[test]
fn its_file_is_private_and_shows_neither_secrets_nor_their_names() {
    let folder = tempfile::tempdir().expect("a folder");
    drop(made(&folder));
    let file = folder.path().join("vault.json");
    let text = std::fs::read_to_string(&file).expect("reads");
    for canary in ["hc_live_canary", "key:a", RIGHT, &hex(b"hc_live_canary")] {
        assert!(!text.contains(canary), "{canary}");
    }
    assert_eq!(std::fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o600);
    assert_eq!(folder.path().read_dir().expect("a folder").count(), 1);
}

#[test]
fn damage_anywhere_is_told_apart_from_a_wrong_passphrase() {
    let folder = tempfile::tempdir().expect("a folder");
    drop(made(&folder));
    let file = folder.path().join("vault.json");
    let whole = std::fs::read(&file).expect("reads");
    let json: serde_json::Value = serde_json::from_slice(&whole).expect("JSON");
    for name in ["/check", "/nonce", "/secrets", "/checksum", "/derivation/salt"] {
        let mut json = json.clone();
        let place = json.pointer_mut(name).expect("there");
        let text = place.as_str().expect("text").to_owned();
        let first = if text.starts_with('0') { "1" } else { "0" };
        *place = format!("{first}{}", &text[1..]).into();
        std::fs::write(&file, json.to_string()).expect("writes");
        assert_eq!(code(vault(&folder).unlock(&RIGHT.into())), Code::VaultBroken, "{name}");
    }
    let hungry = json.to_string().replace(&MEMORY_KIB.to_string(), "4000000000");
    for bytes in [&whole[..whole.len() / 2], b"", b"null", hungry.as_bytes()] {
        std::fs::write(&file, bytes).expect("writes");
        assert_eq!(code(vault(&folder).unlock(&RIGHT.into())), Code::VaultBroken);
    }
    std::fs::write(&file, &whole).expect("writes");
    vault(&folder).unlock(&RIGHT.into()).expect("whole again");
}

#[test]
fn another_passphrase_seals_the_same_secrets_and_the_old_one_is_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let vault = made(&folder);
    assert_eq!(code(vault.change(&"not the one".into(), &"battery staple".into())), Code::WrongPassphrase);
    assert!(matches!(code(vault.change(&RIGHT.into(), &"short".into())), Code::Invalid { .. }));
    vault.change(&RIGHT.into(), &"battery staple".into()).expect("changed");
    vault.close();
    assert_eq!(code(vault.unlock(&RIGHT.into())), Code::WrongPassphrase);
    vault.unlock(&"battery staple".into()).expect("opens");
    assert!(vault.get("key:a").expect("open").is_some());
}

#[test]
fn a_disk_that_refuses_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let vault = made(&folder);
    std::fs::create_dir_all(folder.path().join("vault.json.new/inside")).expect("makes");
    assert_eq!(code(vault.set("key:b", &"x".into())), Code::Storage);
    assert!(vault.get("key:b").expect("open").is_none(), "what is not on disk is not claimed");
}

#[test]
fn a_second_vault_never_takes_the_place_of_the_first() {
    let folder = tempfile::tempdir().expect("a folder");
    drop(made(&folder));
    assert!(matches!(
        code(vault(&folder).create(&"another one".into(), BTreeMap::new())),
        Code::Conflict { .. }
    ));
    vault(&folder).unlock(&RIGHT.into()).expect("still the first");
}
