//! What changed by itself: the inbox, the wishes, and the system's notifications.

use crate::notifications;
use nineheads_core::news::{Inbox, NewsRules, NewsWishes, ViewRule};

ask_console! {
    get_inbox() -> Inbox => |console| console.inbox();
    /// None named: all.
    mark_news(ids: Option<Vec<String>>, read: bool) -> Inbox => |console| console.mark_news(ids.as_deref(), read);
    clear_news() -> Inbox => |console| console.clear_news();
    get_news_wishes() -> NewsWishes => |console| console.news_wishes();
    set_news_rules(rules: NewsRules) -> NewsWishes => |console| console.set_news_rules(rules);
    /// None: as of everything.
    set_view_rule(view: String, rule: Option<ViewRule>) -> NewsWishes => |console| console.set_view_rule(&view, rule);
}

ask_app! {
    /// Whoever chooses it is led to that piece of news.
    show_notification(news: String, title: String, body: String) -> () => |app| { notifications::show(&app, &news, &title, &body); Ok(()) };
}
