//! A package from its file to its folder. It writes files and folders inside of that folder alone: links and devices
//! are passed over as npm does, and a name that leads out of it refuses the whole package.

use super::site::Permit;
use flate2::read::MultiGzDecoder;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

/// Bytes that are written at once.
const PIECE: usize = 64 << 10;

/// Unpacks. What is checked here is not the checksum.
pub(super) fn unpack(tarball: &Path, into: &Path, programs: &[String], permit: &Permit) -> io::Result<()> {
    let file = BufReader::with_capacity(PIECE, File::open(tarball)?);
    let mut archive = tar::Archive::new(Metered { from: MultiGzDecoder::new(file), permit });
    let mut piece = vec![0; PIECE];
    std::fs::create_dir_all(into)?;
    for entry in archive.entries()? {
        let mut entry = entry?;
        let kind = entry.header().entry_type();
        if !(kind.is_file() || kind.is_contiguous() || kind.is_dir()) {
            continue;
        }
        let name = entry.path_bytes().into_owned();
        let Some(inner) = inside(&name)? else { continue };
        let place = into.join(&inner);
        if kind.is_dir() || name.ends_with(b"/") {
            std::fs::create_dir_all(&place)?;
            continue;
        }
        if let Some(folder) = place.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let starts = entry.header().mode().unwrap_or_default() & 0o111 != 0;
        let starts = starts || programs.iter().any(|program| is_same(program, &inner));
        let mut file = create(&place, starts)?;
        loop {
            match entry.read(&mut piece)? {
                0 => break,
                length => file.write_all(piece.get(..length).unwrap_or_default())?,
            }
        }
    }
    Ok(())
}

/// Counts what comes out, headers and what is passed over included, and stops where it may not go on.
struct Metered<'a, R> {
    from: R,
    permit: &'a Permit,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, piece: &mut [u8]) -> io::Result<usize> {
        let length = self.from.read(piece)?;
        self.permit.take(length)?;
        Ok(length)
    }
}

/// Where a file lies in the package's folder: its name without the first part, which npm takes away too. None for the
/// first part itself. What some system reads as another folder or another drive is refused on all.
fn inside(name: &[u8]) -> io::Result<Option<PathBuf>> {
    let out = || io::Error::other("it holds a file that would lie outside of its folder");
    let name = std::str::from_utf8(name).map_err(|_| io::Error::other("a file's name is no text"))?;
    if name.starts_with('/') {
        return Err(out());
    }
    let mut inner = PathBuf::new();
    for part in name.split('/').filter(|part| !matches!(*part, "" | ".")).enumerate() {
        match part {
            (_, "..") => return Err(out()),
            (_, part) if part.contains(['\\', ':', '\0']) => return Err(out()),
            (0, _) => {}
            (_, part) => inner.push(part),
        }
    }
    Ok((!inner.as_os_str().is_empty()).then_some(inner))
}

fn is_same(program: &str, inner: &Path) -> bool {
    Path::new(program.strip_prefix("./").unwrap_or(program)) == inner
}

fn create(place: &Path, starts: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if starts { 0o755 } else { 0o644 });
    #[cfg(not(unix))]
    let _ = starts;
    options.open(place)
}

#[cfg(test)]
mod tests {
    use super::inside;
    use std::path::Path;

    #[test]
    fn a_file_lies_where_its_name_says_without_the_first_part() {
        for (name, place) in [
            ("package/index.js", Some("index.js")),
            ("node/lib/a.d.ts", Some("lib/a.d.ts")),
            ("./package/./lib//a.js", Some("lib/a.js")),
            ("package/.hidden/..a", Some(".hidden/..a")),
            ("package", None),
            ("package/", None),
            ("", None),
        ] {
            let inner = inside(name.as_bytes()).expect(name);
            assert_eq!(inner.as_deref(), place.map(Path::new), "{name}");
        }
    }

    #[test]
    fn a_name_that_leads_out_is_refused_on_every_system() {
        for name in [
            "package/../../out",
            "../out",
            "package/..",
            "/etc/out",
            "//host/share/out",
            "package/c:/out",
            "c:\\out",
            "package/..\\..\\out",
            "package/a\0b",
        ] {
            assert!(inside(name.as_bytes()).is_err(), "{name}");
        }
        assert!(inside(b"package/\xff").is_err());
    }
}
