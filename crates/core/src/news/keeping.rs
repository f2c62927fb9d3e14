//! The inbox: kept in the profile's cache, and bounded.

use super::kind::{News, Telling};
use crate::error::Failure;
use crate::events::Event;
use crate::session::Session;
use serde::{Deserialize, Serialize};
use specta::Type;

/// Most pieces of news that are kept; then the oldest give way.
pub const KEPT: usize = 500;
/// How the cache calls a piece of news.
const KIND: &str = "news";

/// What is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Inbox {
    /// The newest first.
    pub items: Vec<News>,
    /// How many of them nobody has read.
    pub unread: u32,
}

impl Session {
    /// Puts it at the top of the inbox, and lets the oldest give way.
    pub(super) fn keep_news(&self, news: &mut News) -> Result<u32, Failure> {
        let items = self.read_inbox()?;
        let next = items.first().and_then(|newest| newest.id.parse::<u64>().ok()).unwrap_or_default() + 1;
        news.id = format!("{next:012}");
        self.cache.write_seen(KIND, &news.id, news, news.at);
        self.forget_news(items.get(KEPT - 1..).unwrap_or_default())?;
        Ok(unread(&items) + u32::from(!news.read))
    }

    pub(super) fn read_inbox(&self) -> Result<Vec<News>, Failure> {
        let mut items: Vec<News> =
            self.cache.read_all_seen(KIND)?.into_iter().map(|(_, news)| news).collect();
        items.sort_by(|a, b| b.id.cmp(&a.id));
        Ok(items)
    }

    fn forget_news(&self, old: &[News]) -> Result<(), Failure> {
        let connection = self.cache.lock();
        let mut statement = connection.prepare_cached("delete from seen where kind = ?1 and id = ?2")?;
        for News { id, .. } in old {
            statement.execute([KIND, id])?;
        }
        Ok(())
    }

    pub(super) fn mark_news(&self, ids: Option<&[String]>, read: bool) -> Result<Inbox, Failure> {
        let mut items = self.read_inbox()?;
        let meant = |news: &News| ids.is_none_or(|ids| ids.contains(&news.id));
        for news in items.iter_mut().filter(|news| news.read != read && meant(news)) {
            news.read = read;
            self.cache.write_seen(KIND, &news.id, news, news.at);
        }
        Ok(self.told_inbox(items))
    }

    pub(super) fn clear_news(&self) -> Result<Inbox, Failure> {
        let items = self.read_inbox()?;
        self.forget_news(&items)?;
        Ok(self.told_inbox(Vec::new()))
    }

    /// Every window learns of it.
    fn told_inbox(&self, items: Vec<News>) -> Inbox {
        let unread = unread(&items);
        self.announce(Event::NewsCame { news: None, telling: Telling::Inbox, unread });
        Inbox { items, unread }
    }
}

pub(super) fn unread(items: &[News]) -> u32 {
    crate::logs::count(items.iter().filter(|news| !news.read).count())
}
