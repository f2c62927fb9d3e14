//! The fault matrix is whole: each of its rows names tests for reads, for creates and in the window, or says why there is
//! none; and each named test exists. So for the bad inputs and the threats of `docs/security.md`.

use crate::tree::{File, files};

const RELIABILITY: &str = include_str!("../../docs/reliability.md");
const SECURITY: &str = include_str!("../../docs/security.md");
/// Rows that must also be seen through the real window.
const IN_THE_WINDOW: usize = 25;

fn cells(line: &str) -> Vec<&str> {
    line.trim_matches('|').split('|').map(str::trim).collect()
}

/// What a cell names in code marks.
fn named(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

fn all_of(files: &[File], prefix: &str, endings: &[&str]) -> String {
    let chosen = files.iter().filter(|file| file.path.starts_with(prefix) && file.is(endings));
    chosen.map(|file| file.text.as_str()).collect()
}

#[test]
fn every_row_of_the_fault_matrix_has_its_tests() {
    let files = files();
    let (tests, window) =
        (all_of(&files, "tests/faults/", &[".rs"]), all_of(&files, "tests/window/", &[".js"]));
    let rows: Vec<_> =
        RELIABILITY.lines().map(cells).filter(|cells| cells[0].parse::<u32>().is_ok()).collect();
    let numbers: Vec<u32> = rows.iter().filter_map(|cells| cells[0].parse().ok()).collect();
    assert_eq!(numbers, (1..=46).collect::<Vec<_>>());
    let mut seen = 0;
    for row in &rows {
        let [number, _, read, create, in_window]: [&str; 5] = row[..].try_into().expect("five cells a row");
        for cell in [read, create, in_window] {
            let said = cell.strip_prefix('–').is_some_and(|why| !why.trim().is_empty());
            assert!(said || !named(cell).is_empty(), "row {number}: “{cell}” names no test and no reason");
        }
        for test in [read, create].into_iter().filter(|cell| !cell.starts_with('–')).flat_map(named) {
            assert!(tests.contains(&format!("fn {test}(")), "row {number}: there is no test {test}");
        }
        if !in_window.starts_with('–') {
            seen += 1;
            for step in named(in_window) {
                assert!(window.contains(&format!("'{step}'")), "row {number}: there is no step “{step}”");
            }
        }
    }
    assert!(seen >= IN_THE_WINDOW, "{seen} rows are seen in the window");
}

#[test]
fn every_test_that_the_page_on_security_names_exists() {
    let files = files();
    let all = all_of(&files, "", &[".rs", ".js", ".ts"]);
    let rows: Vec<_> = SECURITY.lines().filter(|line| line.starts_with("| ")).map(cells).collect();
    assert!(rows.len() > 60, "the tables are there");
    for row in rows {
        // A test is named by its function, or by its title in quotation marks; files and commands are not looked for.
        for test in named(row.last().expect("a last cell")) {
            let known = match test.contains(' ') {
                true => all.contains(test),
                false if test.contains(['/', '.', ':']) => true,
                false => all.contains(&format!("fn {test}(")),
            };
            assert!(known, "there is no test “{test}” (of: {})", row[0]);
        }
    }
}
