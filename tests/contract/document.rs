//! `docs/openapi.yaml` as a value: its operations, and the schema of each one's reply.

use serde_json::Value;
use std::path::Path;

/// One operation as the document writes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Operation {
    /// `operationId`.
    pub(crate) name: String,
    /// In capitals.
    pub(crate) method: String,
    /// With `{placeholders}`.
    pub(crate) route: String,
}

/// The whole document.
pub(crate) struct Document(Value);

impl Document {
    /// Reads the project's own file.
    pub(crate) fn open() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.yaml");
        let text = std::fs::read_to_string(path).expect("docs/openapi.yaml is there");
        Self(serde_saphyr::from_str(&text).expect("docs/openapi.yaml is YAML"))
    }

    /// Every operation, in the document's order.
    pub(crate) fn operations(&self) -> Vec<Operation> {
        let paths = self.0["paths"].as_object().expect("paths");
        let mut all = Vec::new();
        for (route, item) in paths {
            for (method, operation) in item.as_object().expect("a path item") {
                if let Some(name) = operation["operationId"].as_str() {
                    all.push(Operation {
                        name: name.into(),
                        method: method.to_uppercase(),
                        route: route.clone(),
                    });
                }
            }
        }
        all
    }

    /// The schema of a successful JSON reply.
    pub(crate) fn reply(&self, operation: &Operation) -> &Value {
        let item = &self.0["paths"][&operation.route][operation.method.to_lowercase()];
        self.resolve(&item["responses"]["200"]["content"]["application/json"]["schema"])
    }

    /// The schema of a 422.
    pub(crate) fn validation_error(&self) -> &Value {
        &self.0["components"]["schemas"]["HTTPValidationError"]
    }

    /// Where `example` has other keys than `schema` has properties. Schemas without properties allow everything.
    pub(crate) fn differences(&self, schema: &Value, example: &Value, at: &str) -> Vec<String> {
        let schema = self.resolve(schema);
        if let Some(rows) = example.as_array() {
            return rows
                .iter()
                .flat_map(|row| self.differences(&schema["items"], row, &format!("{at}[]")))
                .collect();
        }
        let (Some(properties), Some(example)) = (schema["properties"].as_object(), example.as_object())
        else {
            return Vec::new();
        };
        let missing = properties.keys().filter(|key| !example.contains_key(*key));
        let mut found: Vec<_> = missing.map(|key| format!("{at}.{key} is not in the example")).collect();
        for (key, value) in example {
            match properties.get(key) {
                Some(schema) => found.extend(self.differences(schema, value, &format!("{at}.{key}"))),
                None => found.push(format!("{at}.{key} is not in the document")),
            }
        }
        found
    }

    fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(reference) => self.0.pointer(&reference[1..]).expect("the reference leads somewhere"),
            None => schema,
        }
    }
}
