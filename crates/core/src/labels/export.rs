//! The labels of a profile as a file, those of deleted instances too: nothing that was noted is only in the app.

use super::Label;
use crate::Console;
use crate::error::{Code, Failure};
use crate::ledger::cell;
use nineheads_contract::InstanceId;
use serde::{Deserialize, Serialize};
use specta::Type;
use std::io::Write;

/// How it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum LabelFormat {
    /// One list of objects.
    Json,
    /// For a spreadsheet.
    Csv,
}

/// One instance of the file.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LabelLine {
    instance: InstanceId,
    /// None where the fleet does not have it.
    name: Option<String>,
    /// Whether the fleet has it.
    listed: bool,
    #[serde(flatten)]
    label: Label,
}

const HEAD: &str = "instance,name,listed,starred,tags,note";

impl Console {
    /// Writes every label of the open profile, by instance.
    ///
    /// # Errors
    /// See [`Console::label`].
    pub fn export_labels(&self, format: LabelFormat, out: &mut dyn Write) -> Result<(), Failure> {
        let session = self.session()?;
        let mut labels: Vec<_> = session.labels()?.into_iter().collect();
        labels.sort_by(|(left, _), (right, _)| left.cmp(right));
        let lines: Vec<LabelLine> = {
            let fleet = session.fleet();
            let line = |(instance, label): (InstanceId, Label)| {
                let row = fleet.get(&instance);
                let name = row.and_then(|row| row.agent_name.clone().or_else(|| row.hostname.clone()));
                LabelLine { name, listed: row.is_some(), instance, label }
            };
            labels.into_iter().map(line).collect()
        };
        match format {
            LabelFormat::Json => {
                let failed = |error: serde_json::Error| Failure::new(Code::Storage, error.to_string());
                serde_json::to_writer_pretty(&mut *out, &lines).map_err(failed)?;
                writeln!(out)?;
            }
            LabelFormat::Csv => {
                writeln!(out, "{HEAD}\r")?;
                for line in &lines {
                    writeln!(out, "{}\r", as_csv(line))?;
                }
            }
        }
        Ok(())
    }
}

fn as_csv(line: &LabelLine) -> String {
    let yes = |is: bool| if is { "yes" } else { "no" };
    let tags: Vec<&str> = line.label.tags.iter().map(String::as_str).collect();
    let name = line.name.as_deref().unwrap_or_default();
    let cells = [
        line.instance.as_str(),
        name,
        yes(line.listed),
        yes(line.label.starred),
        &tags.join(" "),
        &line.label.note,
    ];
    cells.map(cell).join(",")
}
