//! What a person made on this computer and would miss (`notebook.db`): budgets and prompts here, labels and views in
//! files of their own. Never thrown away.

use crate::durable::Durable;
use crate::error::{Code, Failure};
use crate::news::views_setting;
use crate::{Console, labels, views};
use chrono::{DateTime, Utc};
use nineheads_contract::FieldProblem;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::path::Path;
use std::sync::MutexGuard;

const SCHEMA: &str = "
create table if not exists budgets(
    profile text not null, scope text not null, monthly_usd text not null, primary key(profile, scope));
create table if not exists settings(name text primary key, value text not null);
create table if not exists prompts(id text primary key, title text not null, text text not null, updated_at text not null);";

/// Most characters of a prompt: what one message may have.
const PROMPT: usize = 8000;
/// Most characters of its title.
const TITLE: usize = 120;

/// A text that is worth sending again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Prompt {
    /// The screen's own id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What is sent.
    pub text: String,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Notebook(Durable);

impl Notebook {
    pub(crate) fn open(file: &Path) -> Self {
        Self(Durable::open(file, &[SCHEMA, labels::SCHEMA, views::SCHEMA].concat()))
    }

    pub(crate) fn lock(&self) -> Result<MutexGuard<'_, Connection>, Failure> {
        self.0.lock()
    }

    /// A small value by its name.
    pub(crate) fn setting(&self, name: &str) -> Option<String> {
        let connection = self.0.lock().ok()?;
        let sql = "select value from settings where name = ?1";
        connection.query_row(sql, [name], |row| row.get(0)).ok()
    }

    pub(crate) fn set_setting(&self, name: &str, value: &str) -> Result<(), Failure> {
        let sql = "insert or replace into settings(name, value) values(?1, ?2)";
        self.0.lock()?.execute(sql, [name, value])?;
        Ok(())
    }

    /// Scope and amount of each budget of a profile.
    pub(crate) fn budgets(&self, profile: &str) -> Result<Vec<(String, String)>, Failure> {
        let connection = self.0.lock()?;
        let sql = "select scope, monthly_usd from budgets where profile = ?1 order by scope";
        let mut statement = connection.prepare_cached(sql)?;
        let rows = statement.query_map([profile], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Sets one, or removes it.
    pub(crate) fn set_budget(&self, profile: &str, scope: &str, amount: Option<&str>) -> Result<(), Failure> {
        let connection = self.0.lock()?;
        match amount {
            Some(amount) => connection.execute(
                "insert or replace into budgets(profile, scope, monthly_usd) values(?1, ?2, ?3)",
                [profile, scope, amount],
            )?,
            None => connection
                .execute("delete from budgets where profile = ?1 and scope = ?2", [profile, scope])?,
        };
        Ok(())
    }

    pub(crate) fn forget_profile(&self, profile: &str) -> Result<(), Failure> {
        let mut connection = self.0.lock()?;
        let transaction = connection.transaction()?;
        for table in ["budgets", "labels", "views"] {
            transaction.execute(&format!("delete from {table} where profile = ?1"), [profile])?;
        }
        transaction.execute("delete from settings where name = ?1", [views_setting(profile)])?;
        Ok(transaction.commit()?)
    }

    fn prompts(&self) -> Result<Vec<Prompt>, Failure> {
        let connection = self.0.lock()?;
        let sql = "select id, title, text, updated_at from prompts order by title collate nocase, id";
        let mut statement = connection.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            Ok(Prompt { id: row.get(0)?, title: row.get(1)?, text: row.get(2)?, updated_at: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Console {
    /// All prompts, by title.
    ///
    /// # Errors
    /// [`Code::Storage`]; so for all three.
    pub fn prompts(&self) -> Result<Vec<Prompt>, Failure> {
        self.refuse_while_locked()?;
        self.0.notebook.prompts()
    }

    /// Keeps a prompt under its id.
    ///
    /// # Errors
    /// [`Code::Invalid`] where title or text is empty or too long.
    pub fn save_prompt(&self, prompt: &Prompt) -> Result<Vec<Prompt>, Failure> {
        for (name, text, most) in [("title", &prompt.title, TITLE), ("text", &prompt.text, PROMPT)] {
            if text.trim().is_empty() || text.chars().count() > most {
                let msg = format!("a {name} has 1 to {most} characters");
                let field = FieldProblem { loc: vec![name.into()], msg: msg.clone(), kind: "length".into() };
                return Err(Failure::new(Code::Invalid { message: None, fields: vec![field] }, msg));
            }
        }
        self.0.notebook.0.lock()?.execute(
            "insert or replace into prompts(id, title, text, updated_at) values(?1, ?2, ?3, ?4)",
            params![prompt.id, prompt.title.trim(), prompt.text, (self.0.options.clock)()],
        )?;
        self.prompts()
    }

    /// Forgets a prompt.
    ///
    /// # Errors
    /// See [`Console::prompts`].
    pub fn delete_prompt(&self, id: &str) -> Result<Vec<Prompt>, Failure> {
        self.0.notebook.0.lock()?.execute("delete from prompts where id = ?1", [id])?;
        self.prompts()
    }
}
