//! What people wrote over the values an instance began with.

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Map, Value};
use uuid::Uuid;

/// A document of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Document {
    /// The agent's own configuration.
    Config,
    /// The models it shall use.
    ModelPolicy,
    /// What the platform keeps.
    PlatformConfig,
}

impl Document {
    const fn column(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::ModelPolicy => "model_policy",
            Self::PlatformConfig => "platform_config",
        }
    }
}

/// A document that was written; none where it is still as it began.
pub(crate) fn read(
    db: &Connection,
    instance: Uuid,
    which: Document,
) -> rusqlite::Result<Option<Map<String, Value>>> {
    let text: Option<Option<String>> = db
        .prepare_cached(&format!("SELECT {} FROM settings WHERE instance_id = ?1", which.column()))?
        .query_row([instance.to_string()], |row| row.get(0))
        .optional()?;
    Ok(text.flatten().and_then(|text| serde_json::from_str(&text).ok()))
}

/// Writes a document.
pub(crate) fn write(
    db: &Connection,
    instance: Uuid,
    which: Document,
    document: &Map<String, Value>,
) -> rusqlite::Result<()> {
    let column = which.column();
    db.prepare_cached(&format!(
        "INSERT INTO settings (instance_id, {column}) VALUES (?1, ?2)
         ON CONFLICT (instance_id) DO UPDATE SET {column} = excluded.{column}"
    ))?
    .execute(params![instance.to_string(), serde_json::to_string(document).unwrap_or_default()])?;
    Ok(())
}
