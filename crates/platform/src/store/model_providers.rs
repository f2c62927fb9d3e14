//! Model providers of this computer. Keys are elsewhere.

use nineheads_contract::local::LocalModel;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// One provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ModelProviderRow {
    pub(crate) name: String,
    pub(crate) base_url: String,
    pub(crate) models: Vec<LocalModel>,
}

/// One provider; none where it is not kept.
pub(crate) fn find(db: &Connection, name: &str) -> rusqlite::Result<Option<ModelProviderRow>> {
    db.prepare_cached("SELECT * FROM model_providers WHERE name = ?1")?.query_row([name], read).optional()
}

/// Every provider, by its name.
pub(crate) fn all(db: &Connection) -> rusqlite::Result<Vec<ModelProviderRow>> {
    let mut statement = db.prepare_cached("SELECT * FROM model_providers ORDER BY name")?;
    let rows = statement.query_map([], read)?;
    rows.collect()
}

/// Keeps one, new or changed.
pub(crate) fn put(db: &Connection, row: &ModelProviderRow) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO model_providers (name, base_url, models) VALUES (?1, ?2, ?3)
         ON CONFLICT (name) DO UPDATE SET base_url = excluded.base_url, models = excluded.models",
    )?
    .execute(params![row.name, row.base_url, serde_json::to_string(&row.models).unwrap_or_default()])?;
    Ok(())
}

/// Forgets one.
pub(crate) fn delete(db: &Connection, name: &str) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM model_providers WHERE name = ?1")?.execute([name])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<ModelProviderRow> {
    let models: String = row.get("models")?;
    Ok(ModelProviderRow {
        name: row.get("name")?,
        base_url: row.get("base_url")?,
        models: serde_json::from_str(&models).unwrap_or_default(),
    })
}
