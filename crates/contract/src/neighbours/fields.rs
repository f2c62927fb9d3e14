//! Objects and lists whose spelling nobody has documented, read by whichever usual name they use.

use crate::tolerant;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};

/// An object that is taken apart field by field; what nobody asks for stays in it.
pub(super) struct Fields(pub(super) Map<String, Value>);

impl Fields {
    /// The fields of an object; none of anything else.
    pub(super) fn of(value: Value) -> Self {
        match value {
            Value::Object(map) => Self(map),
            _ => Self(Map::new()),
        }
    }

    /// The first of these names that has a value `read` can use; it is taken. The first name is the one that is written
    /// here: nothing unreadable may stay behind under it.
    fn take<T>(&mut self, names: &[&str], read: impl Fn(&Value) -> Option<T>) -> Option<T> {
        let found = names.iter().find_map(|name| Some((*name, read(self.0.get(*name)?)?)));
        for name in names.first().copied().into_iter().chain(found.as_ref().map(|(name, _)| *name)) {
            self.0.shift_remove(name);
        }
        found.map(|(_, value)| value)
    }

    /// Text that says something; numbers as they are written.
    pub(super) fn text(&mut self, names: &[&str]) -> Option<String> {
        self.take(names, read_text)
    }

    /// A moment.
    pub(super) fn time(&mut self, names: &[&str]) -> Option<DateTime<Utc>> {
        self.take(names, |value| tolerant::time(value).ok().flatten())
    }

    /// A whole number.
    pub(super) fn int(&mut self, names: &[&str]) -> Option<i64> {
        self.take(names, |value| tolerant::int(value).ok().flatten())
    }

    /// A truth value.
    pub(super) fn flag(&mut self, names: &[&str]) -> Option<bool> {
        self.take(names, Value::as_bool)
    }
}

/// Text that says something; a number as it is written.
pub(super) fn read_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A list as it comes: bare, or under one of these names, or under a usual one. With what is said of its whole length.
pub(super) struct Listed<T> {
    pub(super) rows: Vec<T>,
    pub(super) page: Option<i64>,
    pub(super) page_size: Option<i64>,
    pub(super) total: Option<i64>,
}

/// Reads a list. What is no list is an empty one; what is no row is left out.
pub(super) fn read_list<T: for<'a> Deserialize<'a>>(value: Value, names: &[&str]) -> Listed<T> {
    let (list, mut about) = match value {
        Value::Array(rows) => (rows, Fields(Map::new())),
        other => {
            let mut fields = Fields::of(other);
            let usual = ["items", "data", "results", "rows"];
            let name =
                names.iter().chain(&usual).find(|name| fields.0.get(**name).is_some_and(Value::is_array));
            let list = name.and_then(|name| fields.0.shift_remove(*name));
            match list {
                Some(Value::Array(rows)) => (rows, fields),
                _ => (Vec::new(), fields),
            }
        }
    };
    Listed {
        // A row that is a list would be read as one field after the other.
        rows: list
            .into_iter()
            .filter(Value::is_object)
            .filter_map(|row| serde_json::from_value(row).ok())
            .collect(),
        page: about.int(&["page"]),
        page_size: about.int(&["page_size", "limit", "per_page"]),
        total: about.int(&["total", "total_count", "count"]),
    }
}

#[cfg(test)]
mod tests {
    use crate::Endpoint;
    use crate::neighbours::{ListTemplates, ListWorkflowFiles, Templates, WorkflowFiles};
    use serde_json::json;

    #[test]
    fn a_list_is_found_bare_and_under_any_usual_name() {
        let row = json!({"slug": "harbour", "name": null, "vertical": 7, "colours": ["red"]});
        for (shape, total) in [
            (json!([row]), None),
            (json!({"templates": [row], "total": 1}), Some(1)),
            (json!({"items": [row], "total": "1", "limit": 50}), Some(1)),
            (json!({"templates": null, "data": [row], "total": null}), None),
            (json!({"results": [5, null, [], {"slug": null}, {"name": "x"}, row], "total": {}}), None),
        ] {
            let read = ListTemplates::read(shape.to_string().as_bytes()).expect("readable");
            assert_eq!((read.templates.len(), read.total), (1, total), "{shape}");
            assert_eq!(read.templates[0].slug.as_deref(), Some("harbour"));
            assert_eq!(
                (read.templates[0].name.as_ref(), read.templates[0].vertical.as_deref()),
                (None, Some("7"))
            );
            let written = serde_json::to_vec(&read).expect("writable");
            assert_eq!(ListTemplates::read(&written), Ok(read));
        }
    }

    #[test]
    fn garbage_is_an_empty_list() {
        for garbage in
            ["null", "7", "true", "\"x\"", "[]", "{}", "[[\"slug\"]]", "{\"items\": {\"slug\": \"a\"}}"]
        {
            assert_eq!(ListTemplates::read(garbage.as_bytes()), Ok(Templates::default()), "{garbage}");
            assert_eq!(
                ListWorkflowFiles::read(garbage.as_bytes()),
                Ok(WorkflowFiles::default()),
                "{garbage}"
            );
        }
        assert!(ListWorkflowFiles::read(b"<html>").is_err());
    }

    #[test]
    fn a_version_is_text_however_it_is_written() {
        let read = ListWorkflowFiles::read(
            br#"{"workflows": [{"slug": "a", "version": 3}, {"slug": "b", "version": "1.2", "status": "draft"}]}"#,
        )
        .expect("readable");
        let versions: Vec<_> = read.workflow_files.iter().filter_map(|row| row.version.as_deref()).collect();
        assert_eq!(versions, ["3", "1.2"]);
    }
}
