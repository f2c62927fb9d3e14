//! Views of the fleet that a person saved: a name, a query, columns. Of one profile, on this computer only, durable
//! (`notebook.db`). Does not belong here: what a query finds (`fleet`), how a view is written as an address or as a link:
//! that is the screen's.

use crate::Console;
use crate::error::{Code, Failure};
use crate::events::Event;
use crate::fleet::FleetQuery;
use crate::labels::refused;
use crate::notebook::Notebook;
use crate::session::Session;
use rusqlite::{Connection, TransactionBehavior, params};
use serde::{Deserialize, Serialize};
use specta::Type;

pub(crate) const SCHEMA: &str = "
create table if not exists views(
    profile text not null, id text not null, place integer not null, name text not null, query text not null,
    columns text, pinned integer not null, primary key(profile, id));";

/// Most views of a profile.
pub const VIEWS: usize = 100;
/// Most characters of a view's name.
pub const NAME: usize = 60;
/// Most characters of its filter.
const TEXT: usize = 2000;
/// Most columns, and most characters of the name of one.
const COLUMNS: (usize, usize) = (40, 40);

/// One way to look at the fleet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SavedView {
    /// The screen's own id.
    pub id: String,
    /// What it is called; no two of a profile are called the same.
    pub name: String,
    /// What it shows, in which order.
    pub query: FleetQuery,
    /// The columns in their order, as the screen calls them; none: whichever the person prefers at the time.
    pub columns: Option<Vec<String>>,
    /// Whether it is beside the fleet in the sidebar.
    pub pinned: bool,
}

/// How many rows of the fleet a view has now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ViewCount {
    /// Which view.
    pub id: String,
    /// How many.
    pub count: u32,
}

/// The view as it is kept: its name without spaces around it.
fn checked(view: &SavedView, others: &[SavedView]) -> Result<SavedView, Failure> {
    let view = SavedView { name: view.name.trim().to_owned(), ..view.clone() };
    let length = view.name.chars().count();
    if length == 0 || length > NAME || view.name.chars().any(char::is_control) {
        return Err(refused("name", "length", &format!("a view's name has 1 to {NAME} characters")));
    }
    let same = |other: &SavedView| other.name.to_lowercase() == view.name.to_lowercase();
    if others.iter().any(same) {
        return Err(refused("name", "taken", "another view has this name"));
    }
    if others.len() >= VIEWS {
        return Err(refused("name", "tooMany", &format!("there are {VIEWS} views already")));
    }
    if view.query.text.chars().count() > TEXT {
        return Err(refused("query", "length", &format!("a filter has at most {TEXT} characters")));
    }
    let (most, longest) = COLUMNS;
    let columns = view.columns.as_deref().unwrap_or_default();
    if columns.len() > most || columns.iter().any(|column| column.chars().count() > longest) {
        return Err(refused("columns", "length", "these are no columns of the fleet"));
    }
    Ok(view)
}

fn as_json(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::new(Code::Storage, error.to_string()))
}

/// In their order. One that a newer version wrote and this one can not read stays where it is and is left out.
fn read(connection: &Connection, profile: &str) -> Result<Vec<SavedView>, Failure> {
    let sql = "select id, name, query, columns, pinned from views where profile = ?1 order by place, id";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([profile], |row| {
        let (query, columns): (String, Option<String>) = (row.get(2)?, row.get(3)?);
        let query = serde_json::from_str(&query).ok();
        let columns = columns.and_then(|columns| serde_json::from_str(&columns).ok());
        let (id, name, pinned) = (row.get(0)?, row.get(1)?, row.get(4)?);
        Ok(query.map(|query| SavedView { id, name, query, columns, pinned }))
    })?;
    Ok(rows.filter_map(Result::transpose).collect::<Result<_, _>>()?)
}

impl Notebook {
    fn views(&self, profile: &str) -> Result<Vec<SavedView>, Failure> {
        read(&*self.lock()?, profile)
    }

    /// In the place of the one with its id, else at the end.
    fn save_view(&self, profile: &str, view: &SavedView) -> Result<(), Failure> {
        let mut connection = self.lock()?;
        // The others are read before this one is written: nobody else may write in between.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut others = read(&transaction, profile)?;
        others.retain(|other| other.id != view.id);
        let view = checked(view, &others)?;
        let columns = view.columns.as_ref().map(as_json).transpose()?;
        transaction.execute(
            "insert into views(profile, id, place, name, query, columns, pinned)
             values(?1, ?2, (select coalesce(max(place), -1) + 1 from views where profile = ?1), ?3, ?4, ?5, ?6)
             on conflict(profile, id) do update set name = ?3, query = ?4, columns = ?5, pinned = ?6",
            params![profile, view.id, view.name, as_json(&view.query)?, columns, view.pinned],
        )?;
        Ok(transaction.commit()?)
    }

    /// Those that are not named come after them, as they were.
    fn order_views(&self, profile: &str, ids: &[String]) -> Result<(), Failure> {
        let mut connection = self.lock()?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let sql = "update views set place = place + ?2 where profile = ?1";
        transaction.execute(sql, params![profile, i64::try_from(ids.len()).unwrap_or(i64::MAX)])?;
        for (place, id) in (0i64..).zip(ids) {
            let sql = "update views set place = ?3 where profile = ?1 and id = ?2";
            transaction.execute(sql, params![profile, id, place])?;
        }
        Ok(transaction.commit()?)
    }

    fn delete_view(&self, profile: &str, id: &str) -> Result<(), Failure> {
        self.lock()?.execute("delete from views where profile = ?1 and id = ?2", [profile, id])?;
        Ok(())
    }
}

impl Session {
    pub(crate) fn views(&self) -> Result<Vec<SavedView>, Failure> {
        self.notebook.views(self.profile_id())
    }

    fn count_pinned(&self) -> Result<Vec<ViewCount>, Failure> {
        let pinned = self.views()?.into_iter().filter(|view| view.pinned);
        let count = |view: SavedView| {
            let count = self.count_matched(&view.query);
            ViewCount { id: view.id, count }
        };
        Ok(pinned.map(count).collect())
    }
}

impl Console {
    /// The saved views of the open profile, in their order.
    ///
    /// # Errors
    /// [`Code::NoSession`], [`Code::Locked`], [`Code::Storage`]; so for all here.
    pub fn views(&self) -> Result<Vec<SavedView>, Failure> {
        self.session()?.views()
    }

    /// Keeps a view under its id: a new one at the end, a known one in its place.
    ///
    /// # Errors
    /// See [`Console::views`]; [`Code::Invalid`] for a name that is taken, empty or too long.
    pub fn save_view(&self, view: &SavedView) -> Result<Vec<SavedView>, Failure> {
        self.change_views(|notebook, profile| notebook.save_view(profile, view))
    }

    /// Puts the views into another order.
    ///
    /// # Errors
    /// See [`Console::views`].
    pub fn order_views(&self, ids: &[String]) -> Result<Vec<SavedView>, Failure> {
        self.change_views(|notebook, profile| notebook.order_views(profile, ids))
    }

    /// Forgets a view; one that is gone already counts as done.
    ///
    /// # Errors
    /// See [`Console::views`].
    pub fn delete_view(&self, id: &str) -> Result<Vec<SavedView>, Failure> {
        self.change_views(|notebook, profile| notebook.delete_view(profile, id))
    }

    /// How many rows each pinned view has now.
    ///
    /// # Errors
    /// See [`Console::views`].
    pub async fn count_pinned_views(&self) -> Result<Vec<ViewCount>, Failure> {
        self.aside(Session::count_pinned).await
    }

    fn change_views(
        &self,
        change: impl FnOnce(&Notebook, &str) -> Result<(), Failure>,
    ) -> Result<Vec<SavedView>, Failure> {
        let session = self.session()?;
        change(&session.notebook, session.profile_id())?;
        session.announce(Event::ViewsChanged);
        session.views()
    }
}

#[cfg(test)]
mod tests;
