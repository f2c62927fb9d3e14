//! Labels in the notebook's file. Belongs here: reading and writing rows. Does not belong here: what may be in a label.

use super::{Label, Labels, Tagged};
use crate::error::Failure;
use crate::notebook::Notebook;
use nineheads_contract::InstanceId;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

/// Tags stand in one text, with a space between two: none has one in it.
pub(crate) const SCHEMA: &str = "
create table if not exists labels(
    profile text not null, instance text not null, starred integer not null, tags text not null, note text not null,
    primary key(profile, instance));";

fn read_label(row: &Row<'_>) -> rusqlite::Result<Label> {
    let tags: String = row.get(1)?;
    let tags = tags.split_whitespace().map(str::to_owned).collect();
    Ok(Label { starred: row.get(0)?, tags, note: row.get(2)? })
}

impl Notebook {
    /// All of a profile.
    pub(crate) fn labels(&self, profile: &str) -> Result<Labels, Failure> {
        let connection = self.lock()?;
        let sql = "select starred, tags, note, instance from labels where profile = ?1";
        let mut statement = connection.prepare_cached(sql)?;
        let rows = statement.query_map([profile], |row| Ok((InstanceId(row.get(3)?), read_label(row)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Of one instance; an empty one where nothing is noted.
    pub(super) fn label(&self, profile: &str, id: &InstanceId) -> Result<Label, Failure> {
        Ok(read_one(&*self.lock()?, profile, id)?.unwrap_or_default())
    }

    /// Changes some, all of them on disk or none; also says which are others now. `change` says whether it could.
    pub(super) fn change_labels(
        &self,
        profile: &str,
        ids: &[InstanceId],
        change: impl Fn(&mut Label) -> bool,
    ) -> Result<(Tagged, Labels), Failure> {
        let (mut tagged, mut changed) = (Tagged::default(), Labels::new());
        let mut connection = self.lock()?;
        // A label is read before it is written: nobody else may write in between.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for id in ids {
            let known = read_one(&transaction, profile, id)?.unwrap_or_default();
            let mut label = known.clone();
            if !change(&mut label) {
                tagged.full.push(id.clone());
            } else if label != known {
                write(&transaction, profile, id, &label)?;
                tagged.changed += 1;
                changed.insert(id.clone(), label);
            }
        }
        transaction.commit()?;
        Ok((tagged, changed))
    }
}

fn read_one(connection: &Connection, profile: &str, id: &InstanceId) -> rusqlite::Result<Option<Label>> {
    let sql = "select starred, tags, note from labels where profile = ?1 and instance = ?2";
    connection.prepare_cached(sql)?.query_row([profile, id.as_str()], read_label).optional()
}

/// One in which nothing is left has no row.
fn write(connection: &Connection, profile: &str, id: &InstanceId, label: &Label) -> Result<(), Failure> {
    if label.is_empty() {
        let sql = "delete from labels where profile = ?1 and instance = ?2";
        connection.prepare_cached(sql)?.execute([profile, id.as_str()])?;
        return Ok(());
    }
    let tags: Vec<&str> = label.tags.iter().map(String::as_str).collect();
    let sql =
        "insert or replace into labels(profile, instance, starred, tags, note) values(?1, ?2, ?3, ?4, ?5)";
    let row = params![profile, id.as_str(), label.starred, tags.join(" "), label.note];
    connection.prepare_cached(sql)?.execute(row)?;
    Ok(())
}
