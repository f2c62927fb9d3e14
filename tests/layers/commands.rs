//! A panic in a command is an answer: each command is declared by a macro that hands its work to the core's `contain`.

use crate::tree::{File, files};

/// The only file that may make a command.
const MACROS: &str = "src-tauri/src/commands.rs";

fn shell() -> Vec<File> {
    files().into_iter().filter(|file| file.path.starts_with("src-tauri/src/") && file.is(&[".rs"])).collect()
}

/// The names of all commands, as the border lists them.
fn names(shell: &[File]) -> Vec<String> {
    let border = shell.iter().find(|file| file.path == "src-tauri/src/ipc.rs").expect("the border is there");
    let list = border.text.split_once("$macro![\n").expect("it lists the commands").1;
    let list = list.split_once("        ]\n").expect("the list ends").0;
    let paths = list.split(',').map(str::trim).filter(|path| !path.is_empty());
    paths.map(|path| path.split_once("::").expect("a noun and a name").1.to_owned()).collect()
}

#[test]
fn only_the_macros_make_a_command_and_each_of_them_contains_its_work() {
    let shell = shell();
    for file in &shell {
        let made = file.text.matches("tauri::command]").count();
        assert!(made == 0 || file.path == MACROS, "{} makes a command of its own", file.path);
    }
    let macros = &shell.iter().find(|file| file.path == MACROS).expect("it is there").text;
    let bodies: Vec<_> = macros.split("#[tauri::command]").skip(1).collect();
    assert!(!bodies.is_empty());
    for body in bodies {
        let work = "mishaps::contain(stringify!($name), async move { $answer }).await";
        assert!(body.contains(work), "a macro does its work outside of `contain`: {body}");
        let others = body.matches("$answer").count();
        assert_eq!(others, 1 + body.matches("$answer:expr").count(), "the work is done in one place: {body}");
    }
}

#[test]
fn every_command_of_the_border_is_declared_by_a_macro() {
    let shell = shell();
    let names = names(&shell);
    assert!(names.len() > 100, "{names:?}");
    let nouns: Vec<_> =
        shell.iter().filter(|file| file.path.starts_with("src-tauri/src/commands/")).collect();
    for name in names {
        let declares = |file: &&&File| {
            let blocks = file.text.split("ask_").skip(1).filter_map(|rest| rest.split_once("! {\n"));
            let inside = blocks.filter_map(|(_, rest)| rest.split("\n}\n").next());
            inside.flat_map(str::lines).any(|line| line.starts_with(&format!("    {name}(")))
        };
        assert_eq!(nouns.iter().filter(declares).count(), 1, "{name} is not declared by a macro");
    }
}
