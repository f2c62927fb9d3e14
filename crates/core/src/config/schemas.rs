//! JSON Schemas that a person imported, one a runtime type, beside the profiles (`schema-<runtime>.json`).

use crate::Console;
use crate::error::{Code, Failure};
use crate::private_file::keep_private;
use nineheads_contract::FieldProblem;
use serde_json::Value;
use std::path::PathBuf;

/// Largest schema in bytes.
const LIMIT: usize = 16 << 20;

impl Console {
    /// An imported schema as text.
    pub fn config_schema(&self, runtime_type: &str) -> Option<String> {
        std::fs::read_to_string(self.schema_file(runtime_type)).ok()
    }

    /// Takes a schema over.
    ///
    /// # Errors
    /// [`Code::Invalid`] for what is no JSON object; [`Code::Storage`].
    pub fn import_config_schema(&self, runtime_type: &str, text: &str) -> Result<(), Failure> {
        let fits = text.len() <= LIMIT && matches!(serde_json::from_str(text), Ok(Value::Object(_)));
        if !fits {
            let msg = "a JSON Schema is a JSON object of at most 16 MB";
            let field = FieldProblem { loc: vec!["schema".into()], msg: msg.into(), kind: "schema".into() };
            return Err(Failure::new(Code::Invalid { message: Some(msg.into()), fields: vec![field] }, msg));
        }
        let file = self.schema_file(runtime_type);
        std::fs::write(&file, text)?;
        Ok(keep_private(&file)?)
    }

    /// The runtime's name is the platform's word: only letters and digits of it make a file name.
    fn schema_file(&self, runtime_type: &str) -> PathBuf {
        let name: String = runtime_type.chars().filter(char::is_ascii_alphanumeric).take(64).collect();
        self.0.options.data_folder.join(format!("schema-{name}.json"))
    }
}
