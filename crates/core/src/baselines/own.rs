//! What an instance is called is its own and no drift: in a baseline stands that its name stands there, and not which one.
//! Pure.

use nineheads_contract::instances::InstanceSummary;
use serde_json::Value;

/// What stands in a baseline for what is an instance's own.
const NAME: &str = "‹name of the agent›";
const HOST: &str = "‹name of the server›";
const ID: &str = "‹id of the instance›";

/// What an instance is called.
#[derive(Debug, Clone, Default)]
pub(super) struct Own {
    /// What stands for it, and what it is.
    names: Vec<(&'static str, String)>,
}

impl Own {
    pub(super) fn of(row: Option<&InstanceSummary>) -> Self {
        let Some(row) = row else { return Self::default() };
        let names =
            [(ID, Some(row.id.to_string())), (HOST, row.hostname.clone()), (NAME, row.agent_name.clone())];
        let told = |name: &String| !name.trim().is_empty();
        Self {
            names: names.into_iter().filter_map(|(mark, name)| Some((mark, name.filter(told)?))).collect(),
        }
    }

    /// Puts a mark wherever one of its names stands alone.
    pub(super) fn leave_out(&self, value: &mut Value) {
        replace(value, &|text| self.names.iter().find(|(_, name)| name == text).map(|(mark, _)| *mark));
    }

    /// Puts its names where the marks are.
    pub(super) fn put_in(&self, value: &mut Value) {
        replace(value, &|text| {
            self.names.iter().find(|(mark, _)| *mark == text).map(|(_, name)| name.as_str())
        });
    }
}

/// Whether a text still has a mark in it: it is of one whose name is not known.
pub(super) fn holds_own(text: &str) -> bool {
    [NAME, HOST, ID].iter().any(|mark| text.contains(mark))
}

fn replace<'a>(value: &mut Value, other: &impl Fn(&str) -> Option<&'a str>) {
    match value {
        Value::String(text) => {
            if let Some(other) = other(text.as_str()) {
                *text = other.to_owned();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, other)),
        Value::Object(map) => map.values_mut().for_each(|value| replace(value, other)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::tests::json_value;
    use proptest::prelude::*;
    use serde_json::json;

    fn own(name: &str) -> Own {
        Own::of(Some(&InstanceSummary {
            id: "i".into(),
            agent_name: Some(name.into()),
            hostname: Some(format!("vps-{name}")),
            ..InstanceSummary::default()
        }))
    }

    #[test]
    fn two_that_only_have_other_names_are_the_same() {
        let document = |name: &str| json!({"name": name, "list": [format!("vps-{name}")], "about": format!("You are {name}")});
        let (mut one, mut other) = (document("Alder"), document("Birch"));
        own("Alder").leave_out(&mut one);
        own("Birch").leave_out(&mut other);
        assert_eq!((&one["name"], &one["list"]), (&other["name"], &other["list"]));
        assert_ne!(one["about"], other["about"], "a name within a text is part of the text");
        own("Birch").put_in(&mut one);
        assert_eq!(one["name"], json!("Birch"));
    }

    proptest! {
        #[test]
        fn what_was_left_out_is_put_in_again(document in json_value(), name in "[x-z]{1,2}") {
            let mut there_and_back = document.clone();
            own(&name).leave_out(&mut there_and_back);
            own(&name).put_in(&mut there_and_back);
            prop_assert_eq!(there_and_back, document);
        }
    }
}
