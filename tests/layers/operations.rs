//! Every operation has a surface: the table of `docs/api.md` names its command, its screen and its window test, and
//! each of them is there.

use crate::tree::{File, files};
use nineheads_contract::ENDPOINTS;

/// The heading of the table.
const HEADING: &str = "## From an operation to its window test";

/// What a row's last three cells say, by operation.
fn rows() -> Vec<(String, [String; 3])> {
    let page = include_str!("../../docs/api.md");
    let after = page.split_once(HEADING).expect("docs/api.md has the table").1;
    let section = after.split("\n## ").next().unwrap_or_default();
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    section
        .lines()
        .filter(|line| line.starts_with("| ") && line[2..].starts_with(|first: char| first.is_ascii_digit()))
        .map(|line| {
            let [_, name, command, screen, test]: [String; 5] =
                cells(line).try_into().expect("five cells a row");
            (name.trim_matches('`').to_owned(), [command, screen, test])
        })
        .collect()
}

fn named(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_operation_has_a_command_a_screen_and_a_window_test() {
    let (rows, files) = (rows(), files());
    let operations: Vec<_> = ENDPOINTS.iter().map(|endpoint| endpoint.name).collect();
    assert_eq!(rows.iter().map(|(name, _)| name).collect::<Vec<_>>(), operations);
    let has = |path: &str| files.iter().find(|file| file.path == path);
    let border = has("src-tauri/src/ipc.rs").expect("the border is there");
    for (name, [command, screen, test]) in &rows {
        for command in named(command) {
            assert!(border.text.contains(&format!("::{command},")), "{name}: there is no command {command}");
        }
        for screen in named(screen) {
            assert!(has(&format!("ui/src/{screen}")).is_some(), "{name}: there is no screen {screen}");
        }
        let says = |file: &&File, title: &str| file.text.contains(&format!("'{title}'"));
        let [file, title]: [&str; 2] = named(test).try_into().expect("a file and a title");
        let file = has(&format!("tests/window/{file}")).filter(|file| says(file, title));
        assert!(file.is_some(), "{name}: there is no window test {test}");
        assert!(!named(command).is_empty() && !named(screen).is_empty(), "{name}: a cell is empty");
    }
}
