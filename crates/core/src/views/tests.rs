//! What is kept of views, and what is refused.

use super::*;

fn view(id: &str, name: &str) -> SavedView {
    SavedView { id: id.into(), name: name.into(), query: FleetQuery::default(), columns: None, pinned: false }
}

fn kind(refused: Result<SavedView, Failure>) -> String {
    match refused.expect_err("refused").code {
        Code::Invalid { fields, .. } => format!("{}: {}", fields[0].loc[0], fields[0].kind),
        code => panic!("{code:?}"),
    }
}

#[test]
fn a_name_is_kept_without_the_spaces_around_it_and_no_other_view_may_have_it() {
    let others = [view("a", "Failed")];
    assert_eq!(checked(&view("b", "  Mine "), &others).map(|view| view.name), Ok("Mine".into()));
    assert_eq!(kind(checked(&view("b", "FAILED"), &others)), "name: taken");
    assert_eq!(kind(checked(&view("b", "  "), &others)), "name: length");
    assert_eq!(kind(checked(&view("b", "two\nlines"), &others)), "name: length");
    assert_eq!(kind(checked(&view("b", &"ü".repeat(NAME + 1)), &others)), "name: length");
    assert!(checked(&view("b", &"ü".repeat(NAME)), &others).is_ok());
}

#[test]
fn there_are_at_most_so_many_views_of_a_size_that_fits() {
    let others: Vec<_> = (0..VIEWS).map(|at| view(&at.to_string(), &format!("View {at}"))).collect();
    assert_eq!(kind(checked(&view("new", "One more"), &others)), "name: tooMany");
    assert!(checked(&view("known", "Changed"), &others[1..]).is_ok());
    let long = FleetQuery { text: "x".repeat(TEXT + 1), ..FleetQuery::default() };
    assert_eq!(kind(checked(&SavedView { query: long, ..view("a", "A") }, &[])), "query: length");
    let wide = Some(vec!["host".to_owned(); COLUMNS.0 + 1]);
    assert_eq!(kind(checked(&SavedView { columns: wide, ..view("a", "A") }, &[])), "columns: length");
}

#[test]
fn views_keep_their_order_and_a_changed_one_its_place() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let notebook = Notebook::open(&folder.path().join("notebook.db"));
    let names = |notebook: &Notebook| -> Vec<String> {
        notebook.views("p").expect("read").into_iter().map(|view| view.name).collect()
    };
    for (id, name) in [("a", "A"), ("b", "B"), ("c", "C")] {
        notebook.save_view("p", &view(id, name)).expect("saved");
    }
    notebook.save_view("other", &view("a", "A")).expect("another profile has its own");
    notebook.save_view("p", &view("b", "B2")).expect("renamed");
    assert_eq!(names(&notebook), ["A", "B2", "C"]);
    notebook.order_views("p", &["c".into(), "a".into()]).expect("ordered");
    assert_eq!(names(&notebook), ["C", "A", "B2"]);
    notebook.delete_view("p", "a").expect("deleted");
    notebook.save_view("p", &view("d", "D")).expect("saved");
    assert_eq!(names(&notebook), ["C", "B2", "D"]);
    assert_eq!(names(&Notebook::open(&folder.path().join("notebook.db"))), ["C", "B2", "D"]);
    notebook.forget_profile("p").expect("forgotten");
    assert!(names(&notebook).is_empty());
    assert_eq!(notebook.views("other").expect("read").len(), 1);
}

#[test]
fn a_view_that_can_not_be_read_is_left_out_and_stays_in_the_file() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let notebook = Notebook::open(&folder.path().join("notebook.db"));
    notebook.save_view("p", &view("a", "A")).expect("saved");
    let newer = "insert into views values('p', 'n', 9, 'Newer', '{\"sort\":\"mood\"}', null, 0)";
    notebook.lock().expect("open").execute(newer, []).expect("written");
    assert_eq!(notebook.views("p").expect("read").len(), 1);
    let rows = "select count(*) from views";
    let kept: i64 = notebook.lock().expect("open").query_row(rows, [], |row| row.get(0)).expect("counted");
    assert_eq!(kept, 2);
}
