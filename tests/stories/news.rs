//! What changes by itself is told as a person wishes, and waits in the inbox.

use nineheads_core::Event;
use nineheads_core::contract::instances::Phase;
use nineheads_core::fleet::FleetQuery;
use nineheads_core::news::{News, NewsKind, NewsRules, Telling, ViewRule};
use nineheads_core::polling::Attention;
use nineheads_core::views::SavedView;
use nineheads_platform::{Fault, FaultRule, Server};
use nineheads_tests::console::{Desk, PATIENCE};
use serde_json::{Value, json};

use super::platform;

/// A list in which the first so many have failed.
fn list(failed: usize) -> Vec<FaultRule> {
    let row = |n: usize| -> Value {
        json!({"id": format!("i{n:02}"), "agent_name": format!("Agent {n}"), "status": if n < failed { "error" } else { "running" }})
    };
    let rows: Vec<_> = (0..12).map(row).collect();
    vec![FaultRule::new("list_instances", Fault::Json(json!({"instances": rows})))]
}

/// The next piece of news.
async fn news(events: &mut tokio::sync::broadcast::Receiver<Event>) -> (News, Telling, u32) {
    let wait = async {
        loop {
            let event = events.recv().await.expect("an event");
            if let Event::NewsCame { news: Some(news), telling, unread } = event {
                return (news, telling, unread);
            }
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.expect("news")
}

/// So many have failed, and the console looks: one that nobody sees would come to it in minutes.
fn fail(desk: &Desk, server: &Server, failed: usize) {
    server.faults().set(list(failed));
    desk.console.refresh_fleet().expect("open");
}

#[tokio::test]
async fn ten_that_fail_at_once_are_one_piece_of_news_by_the_rule_of_their_view_and_kept_over_a_restart() {
    let (desk, server) = (Desk::new(), platform(1).await);
    server.faults().set(list(0));
    desk.connect(&server.url(), &server.keys().admin).await.expect("connects");
    desk.rows_when(|rows| rows.facts.counts.running == 12).await;
    let id = desk.console.session_view().profile.expect("open").id;
    let teller = desk.console.clone();
    let task = tokio::spawn(async move { teller.follow_news().await });
    let mut events = desk.console.events();
    desk.console.set_attention(Attention::Hidden);

    fail(&desk, &server, 10);
    let (failed, telling, unread) = news(&mut events).await;
    assert_eq!(
        (failed.kind, failed.count, telling, unread),
        (NewsKind::InstanceFailed, 10, Telling::Notification, 1)
    );
    assert!(failed.subjects.len() < 10, "an event stays small");

    // Nothing is said of what recovers where that is not wished, except by a view that wants it.
    desk.console.set_news_rules(NewsRules { recoveries: false, ..NewsRules::default() }).expect("kept");
    fail(&desk, &server, 9);
    let (recovered, telling, unread) = news(&mut events).await;
    assert_eq!(
        (recovered.kind, recovered.count, telling, unread),
        (NewsKind::InstanceRecovered, 1, Telling::Inbox, 1)
    );
    let query = FleetQuery { phases: vec![Phase::Running], ..FleetQuery::default() };
    let view = SavedView { id: "vip".into(), name: "VIP".into(), query, columns: None, pinned: false };
    desk.console.save_view(&view).expect("saved");
    desk.console.set_view_rule("vip", Some(ViewRule::All)).expect("kept");
    desk.console.set_attention(Attention::Front);
    fail(&desk, &server, 7);
    let (recovered, telling, unread) = news(&mut events).await;
    assert_eq!(
        (recovered.count, recovered.view.as_deref(), telling, unread),
        (2, Some("vip"), Telling::Toast, 2)
    );

    let read = desk.console.mark_news(Some(&[recovered.id]), true).expect("marked");
    assert_eq!((read.items.len(), read.unread), (3, 1));
    task.abort();
    let desk = desk.restart().await;
    desk.console.open_profile(&id).await.expect("known");
    let kept = desk.console.inbox().expect("read");
    assert_eq!((kept.items.len(), kept.unread), (3, 1));
    assert_eq!(kept.items.last().expect("the first").subjects.len(), 10);
    let wishes = desk.console.news_wishes().expect("read");
    assert_eq!((wishes.rules.recoveries, wishes.views.get("vip")), (false, Some(&ViewRule::All)));
    assert_eq!(desk.console.clear_news().expect("cleared").items, []);
}
