//! What a person notes of instances, and how they look at the fleet, stays on this computer and goes with the profile.

use super::code;
use nineheads_core::Code;
use nineheads_core::contract::InstanceId;
use nineheads_core::contract::instances::Phase;
use nineheads_core::fleet::{FleetQuery, SortBy};
use nineheads_core::labels::{LabelFormat, NOTE, TAGS};
use nineheads_core::support::BundleParts;
use nineheads_core::views::SavedView;
use nineheads_tests::console::Desk;
use nineheads_tests::misbehaving::{ANYTHING, Misbehaving};
use serde_json::{Value, json};

const KEY: &str = "hc_live_0123456789abcdef";

async fn opened(rows: usize) -> (Desk, Misbehaving) {
    let (desk, server) = (Desk::new(), Misbehaving::start(rows).await);
    desk.connect(&server.url(), KEY).await.expect("connects");
    desk.rows_when(|window| window.facts.total as usize == rows).await;
    (desk, server)
}

fn id(n: usize) -> InstanceId {
    format!("row-{n}").into()
}

async fn tag(desk: &Desk, ids: &[InstanceId], tags: &[&str]) {
    let tags: Vec<_> = tags.iter().map(|&tag| tag.to_owned()).collect();
    desk.console.tag_instances(ids, &tags, &[]).await.expect("tagged");
}

fn export(desk: &Desk, format: LabelFormat) -> String {
    let mut out = Vec::new();
    desk.console.export_labels(format, &mut out).expect("written");
    String::from_utf8(out).expect("text")
}

fn failed_ones(name: &str) -> SavedView {
    SavedView {
        id: "one".into(),
        name: name.into(),
        query: FleetQuery {
            text: "canary-filter".into(),
            phases: vec![Phase::Failed],
            sort: SortBy::Age,
            ..FleetQuery::default()
        },
        columns: Some(vec!["age".into(), "region".into()]),
        pinned: true,
    }
}

async fn open_again(desk: Desk) -> Desk {
    let profile = desk.console.session_view().profile.expect("open").id;
    let desk = desk.restart().await;
    desk.console.open_profile(&profile).await.expect("opens");
    desk
}

#[tokio::test]
async fn labels_and_views_survive_a_restart() {
    let (desk, _server) = opened(3).await;
    let note = "  Rang on Monday.\n\tLikes “quotes”, 🦀 and\r\nold line ends  ";
    desk.console.set_star(&id(1), true).expect("kept");
    desk.console.set_note(&id(1), note).expect("kept");
    tag(&desk, &[id(1), id(2)], &["VIP", " beta "]).await;
    let view = failed_ones("Failed ones");
    assert_eq!(desk.console.save_view(&view).expect("kept"), std::slice::from_ref(&view));

    let desk = open_again(desk).await;
    let known = desk.console.label(&id(1)).expect("readable");
    assert!(known.label.starred);
    assert_eq!(known.label.note, note);
    assert_eq!(known.label.tags.into_iter().collect::<Vec<_>>(), ["beta", "vip"]);
    assert_eq!(desk.console.label(&id(2)).expect("readable").label.tags.len(), 2);
    assert_eq!(desk.console.views().expect("readable"), [view]);

    desk.console.set_star(&id(1), false).expect("kept");
    desk.console.set_note(&id(1), " \n ").expect("kept");
    let left = desk.console.label(&id(1)).expect("readable").label;
    assert!(!left.starred && left.note.is_empty() && left.tags.len() == 2);
}

#[tokio::test]
async fn a_profile_has_labels_and_views_of_its_own() {
    let (desk, server) = opened(2).await;
    tag(&desk, &[id(0)], &["first"]).await;
    desk.console.save_view(&failed_ones("First")).expect("kept");
    let first = desk.console.session_view().profile.expect("open").id;
    desk.connect(&server.url(), "hc_live_another_0123456789").await.expect("connects");
    assert!(desk.console.label(&id(0)).expect("readable").label.tags.is_empty());
    assert!(desk.console.views().expect("readable").is_empty());
    desk.console.open_profile(&first).await.expect("opens");
    assert_eq!(desk.console.label(&id(0)).expect("readable").label.tags.len(), 1);
    assert_eq!(desk.console.views().expect("readable").len(), 1);
}

#[tokio::test]
async fn a_forgotten_profile_takes_its_labels_and_views_along() {
    let (desk, _server) = opened(1).await;
    tag(&desk, &[id(0)], &["canary-tag"]).await;
    desk.console.set_note(&id(0), "canary-note").expect("kept");
    desk.console.save_view(&failed_ones("Canary view")).expect("kept");
    let file = desk.folder().join("notebook.db");
    let holds = |canary: &str| {
        let bytes = std::fs::read(&file).expect("reads");
        bytes.windows(canary.len()).any(|window| window == canary.as_bytes())
    };
    let canaries = ["canary-tag", "canary-note", "Canary view", "canary-filter"];
    assert!(canaries.iter().all(|canary| holds(canary)));
    let profile = desk.console.session_view().profile.expect("open").id;
    desk.console.forget_profile(&profile).await.expect("forgotten");
    for canary in canaries {
        assert!(!holds(canary), "{canary} stays behind");
    }
}

#[tokio::test]
async fn no_request_and_no_support_bundle_ever_carries_a_label_or_a_view() {
    let (desk, server) = opened(2).await;
    tag(&desk, &[id(0)], &["canary-tag"]).await;
    desk.console.set_note(&id(0), "canary-note").expect("kept");
    desk.console.set_star(&id(0), true).expect("kept");
    desk.console.save_view(&failed_ones("Canary-view")).expect("kept");
    desk.console.count_pinned_views().await.expect("counted");
    export(&desk, LabelFormat::Json);
    let seen = server.count(ANYTHING);
    desk.console.refresh_instance(&id(0)).await.expect("looked");
    desk.console.refresh_fleet().expect("looks");
    let _ = desk.console.send_message(&id(0), "one".into(), "hello".into(), |_| {}).await;
    let _ = desk.console.apply_updates(&id(0)).await;
    let _ = desk.console.delete_instance(&id(0)).await;
    assert!(server.count(ANYTHING) > seen + 2, "requests were sent");
    for asked in server.asked(ANYTHING) {
        let body = String::from_utf8_lossy(&asked.body).to_lowercase();
        for canary in ["canary", "starred"] {
            assert!(!asked.head.to_lowercase().contains(canary) && !body.contains(canary), "{}", asked.what);
        }
    }
    let given = BundleParts { versions: Vec::new(), preferences: json!(null), log_folder: None, home: None };
    for part in desk.console.support_bundle(&given) {
        assert!(!part.text.to_lowercase().contains("canary"), "{:?}", part.name);
    }
}

#[tokio::test]
async fn a_deleted_instance_keeps_its_label_out_of_sight() {
    let (desk, server) = opened(2).await;
    tag(&desk, &[id(0)], &["left"]).await;
    tag(&desk, &[id(1)], &["stays"]).await;
    let row = server.change(|api| api.rows.remove(0));
    desk.rows_when(|window| window.facts.total == 1).await;
    let offered = |desk: &Desk| -> Vec<String> {
        let known = desk.console.label(&id(1)).expect("readable").known;
        known.into_iter().map(|known| known.tag).collect()
    };
    assert_eq!(offered(&desk), ["stays"]);
    let lines: Value = serde_json::from_str(&export(&desk, LabelFormat::Json)).expect("JSON");
    assert_eq!(lines[0]["instance"], "row-0");
    assert_eq!(lines[0]["listed"], false);
    assert_eq!(lines[1]["listed"], true);
    // Should the platform list it again, what was noted of it is there.
    server.change(|api| api.rows.push(row));
    desk.rows_when(|window| window.facts.total == 2).await;
    assert_eq!(offered(&desk), ["left", "stays"]);
}

#[tokio::test]
async fn many_are_tagged_at_once_or_none_where_a_tag_is_none() {
    let (desk, _server) = opened(3).await;
    let all: Vec<_> = (0..3).map(id).collect();
    let full: Vec<String> = (0..TAGS).map(|n| format!("t{n}")).collect();
    desk.console.tag_instances(&all[..1], &full, &[]).await.expect("tagged");
    let refused = code(desk.console.tag_instances(&all, &["fine".into(), "not one".into()], &[]).await);
    assert!(matches!(refused, Code::Invalid { .. }));
    assert!(desk.console.label(&all[1]).expect("readable").label.tags.is_empty());
    let tagged = desk.console.tag_instances(&all, &["more".into()], &[]).await.expect("tagged");
    assert_eq!((tagged.changed, tagged.full), (2, vec![all[0].clone()]));
    let again = desk.console.tag_instances(&all[1..], &["more".into()], &[]).await.expect("tagged");
    assert_eq!(again.changed, 0);
    let gone = desk.console.tag_instances(&all, &[], &["more".into(), "t0".into()]).await.expect("tagged");
    assert_eq!(gone.changed, 3);
    assert!(matches!(code(desk.console.set_note(&all[0], &"x".repeat(NOTE + 1))), Code::Invalid { .. }));
}

#[tokio::test]
async fn an_export_is_safe_to_open_in_a_spreadsheet() {
    let (desk, _server) = opened(1).await;
    desk.console.set_note(&id(0), "=cmd(\"x\")").expect("kept");
    tag(&desk, &[id(0)], &["b", "a"]).await;
    let lines = "instance,name,listed,starred,tags,note\r\n\
        \"row-0\",\"Agent 0\",\"yes\",\"no\",\"a b\",\"'=cmd(\"\"x\"\")\"\r\n";
    assert_eq!(export(&desk, LabelFormat::Csv), lines);
}

#[tokio::test]
async fn pinned_views_are_counted_whatever_the_screen_shows() {
    let (desk, _server) = opened(3).await;
    let named = |text: &str| FleetQuery { text: text.into(), ..FleetQuery::default() };
    let view = |id: &str, text: &str, pinned| SavedView {
        id: id.into(),
        name: id.into(),
        query: named(text),
        columns: None,
        pinned,
    };
    for view in [view("all", "", true), view("one", "agent 1", true), view("unpinned", "", false)] {
        desk.console.save_view(&view).expect("kept");
    }
    let counts = desk.console.count_pinned_views().await.expect("counted");
    let counts: Vec<_> = counts.iter().map(|count| (count.id.as_str(), count.count)).collect();
    assert_eq!(counts, [("all", 3), ("one", 1)]);
    assert_eq!(desk.rows().rows.len(), 3);
    assert!(matches!(
        code(desk.console.save_view(&view("new", "", true)).and_then(|_| {
            desk.console.save_view(&SavedView { name: "ONE".into(), ..view("other", "", false) })
        })),
        Code::Invalid { .. }
    ));
}

#[tokio::test]
async fn behind_the_lock_nothing_of_it_can_be_read() {
    let (desk, _server) = opened(1).await;
    desk.console.set_app_passphrase(None, Some("correct horse battery")).await.expect("set");
    desk.console.lock_now().await;
    assert_eq!(code(desk.console.label(&id(0))), Code::Locked);
    assert_eq!(code(desk.console.set_star(&id(0), true)), Code::Locked);
    assert_eq!(code(desk.console.views()), Code::Locked);
}
