//! What a package may do to the disk: fill its own folder.

use super::{Answer, Compression, GzEncoder, News, Package, Place, Shelf, Site, append, package, tarball};
use tar::EntryType;

/// Installs one tarball, with what else is asked of its package.
async fn install(place: &Place, tarball: Vec<u8>, programs: &[&str]) -> Result<(), String> {
    let shelf = Shelf::default();
    let source = shelf.open().await;
    let programs = programs.iter().map(|&program| program.to_owned()).collect();
    let package = Package { programs, ..package("a", &tarball) };
    shelf.put("/npm/a/-/a-1.0.0.tgz", [Answer::Bytes(tarball)]);
    place.install(&source, &[package]).await.map_err(|error| {
        assert_eq!(error.code, "broken");
        error.message
    })
}

#[tokio::test]
async fn nothing_is_written_outside_of_a_packages_folder() {
    let place = Place::new();
    let outside = place.folder.path().join("outside");
    let absolute = outside.to_str().expect("text").to_owned();
    for name in ["package/../../../../outside", "../outside", &absolute] {
        let refused = install(&place, tarball(&[(name, "x", 0o644)]), &[]).await.expect_err("refused");
        assert!(
            refused.contains("a 1.0.0 could not be put in place: it holds a file that would lie outside"),
            "{refused}"
        );
        assert!(place.files().is_empty() && !outside.exists(), "{name}");
    }
}

#[tokio::test]
async fn links_and_devices_are_passed_over() {
    let place = Place::new();
    let outside = place.folder.path().join("outside");
    std::fs::create_dir(&outside).expect("makes");
    std::fs::write(outside.join("kept"), "kept").expect("writes");
    let to = outside.to_str().expect("text");
    let kept = format!("{to}/kept");
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    append(&mut builder, EntryType::Symlink, "package/link", to, "", 0o777);
    append(&mut builder, EntryType::Regular, "package/link/through", "", "x", 0o644);
    append(&mut builder, EntryType::Link, "package/hard", &kept, "", 0o644);
    append(&mut builder, EntryType::Regular, "package/hard", "", "x", 0o644);
    append(&mut builder, EntryType::Symlink, "package", to, "", 0o777);
    append(&mut builder, EntryType::Fifo, "package/pipe", "", "", 0o644);
    append(&mut builder, EntryType::Char, "package/device", "", "", 0o644);
    append(&mut builder, EntryType::Regular, "package/index.js", "", "x", 0o644);
    let tarball = builder.into_inner().expect("a tarball").finish().expect("packed");
    assert_eq!(install(&place, tarball, &[]).await, Ok(()));
    let files = ["node_modules/a/hard", "node_modules/a/index.js", "node_modules/a/link/through"];
    assert_eq!(place.files(), files);
    assert_eq!(super::files_in(&outside), ["kept"]);
    assert_eq!(std::fs::read_to_string(outside.join("kept")).expect("a file"), "kept");
}

#[cfg(unix)]
#[tokio::test]
async fn programs_can_be_started_and_nothing_has_more_rights() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let files = [
        ("package/bin/said", "", 0o644),
        ("package/bin/marked", "", 0o755),
        ("package/index.js", "", 0o666),
        ("package/odd", "", 0o7777),
    ];
    assert_eq!(install(&place, tarball(&files), &["./bin/said"]).await, Ok(()));
    for (file, starts) in [("bin/said", true), ("bin/marked", true), ("index.js", false), ("odd", true)] {
        let file = place.installed().join("node_modules/a").join(file);
        let mode = std::fs::metadata(&file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o111 != 0, starts, "{}", file.display());
        assert_eq!(mode & 0o7022, 0, "{}", file.display());
    }
}

#[tokio::test]
async fn what_grows_beyond_all_bounds_is_stopped() {
    let zeros = "0".repeat(usize::try_from(2 * super::ROOM).expect("small"));
    let place = Place::new();
    let refused =
        install(&place, tarball(&[("package/zeros", &zeros, 0o644)]), &[]).await.expect_err("refused");
    assert!(refused.contains("it is larger than the runtime may be"), "{refused}");
}

#[tokio::test]
async fn what_is_no_tarball_is_refused() {
    for bytes in [&b"no tarball"[..], b"", &tarball(&[("package/index.js", "x", 0o644)])[..40]] {
        let refused = install(&Place::new(), bytes.to_vec(), &[]).await.expect_err("refused");
        assert!(refused.starts_with("a 1.0.0 could not be put in place: "), "{refused}");
    }
}

#[tokio::test]
async fn an_installation_that_is_given_up_writes_nothing_more() {
    let shelf = Shelf::default();
    let source = shelf.open().await;
    let names: Vec<String> = (0..5_000).map(|number| format!("package/{number}.js")).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), "x", 0o644)).collect();
    let (many, never) = (tarball(&files), tarball(&[]));
    let packages = [package("many", &many), package("never", &never)];
    shelf.put("/npm/many/-/many-1.0.0.tgz", [Answer::Bytes(many)]);
    shelf.put("/npm/never/-/never-1.0.0.tgz", [Answer::Never]);
    let (place, site) = (Place::new(), Site::new(u64::MAX));
    let (folder, cache, begun) =
        (place.installed(), place.cache(), place.installed().join(&packages[0].place));
    tokio::select! {
        ended = source.install(&packages, &folder, &cache, &site, &|_: News<'_>| ()) => panic!("it ended: {ended:?}"),
        () = async { while !begun.exists() { tokio::task::yield_now().await } } => {}
    }
    site.close().await;
    let written = place.files().len();
    assert!(written < names.len(), "it was under way");
    std::fs::remove_dir_all(&folder).expect("nobody writes there");
    assert!(!folder.exists());
    assert!(
        super::files_in(&cache).contains(&"node_modules+many.tgz".to_owned()),
        "what was fetched is kept"
    );
}
