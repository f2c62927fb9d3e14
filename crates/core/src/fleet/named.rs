//! Which instance a person means who typed a few words instead of choosing a row. Pure.

use super::Fleet;
use nineheads_contract::InstanceId;

/// What was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// Exactly one has this id or this name.
    One {
        /// Which one.
        id: InstanceId,
        /// What people call it.
        name: String,
    },
    /// More than one is called so.
    Several(Vec<InstanceId>),
    /// None of the fleet.
    Nobody,
}

impl Fleet {
    /// By the id, else by the agent's or the server's name, each as a whole. An id wins over every name; a name that is one
    /// agent's and another one's server is nobody's, since agents are named by others.
    pub(crate) fn find(&self, text: &str) -> Named {
        let text = text.trim();
        let by_id = self.rows().find(|row| row.id.as_str() == text);
        let is_called = |name: &Option<String>| name.as_deref().is_some_and(|name| name.trim() == text);
        let found: Vec<_> = match by_id {
            Some(row) => vec![row],
            None if text.is_empty() => Vec::new(),
            None => {
                self.rows().filter(|row| is_called(&row.agent_name) || is_called(&row.hostname)).collect()
            }
        };
        match found.as_slice() {
            [] => Named::Nobody,
            [row] => {
                let name = row.agent_name.clone().or_else(|| row.hostname.clone());
                let name = name.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| row.id.to_string());
                Named::One { id: row.id.clone(), name }
            }
            rows => Named::Several(rows.iter().map(|row| row.id.clone()).collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seen::Source;
    use chrono::Utc;
    use nineheads_contract::instances::{InstanceList, InstanceSummary};

    fn fleet(rows: &[(&str, &str, &str)]) -> Fleet {
        let row = |(id, name, host): &(&str, &str, &str)| InstanceSummary {
            id: (*id).into(),
            agent_name: Some((*name).to_owned()).filter(|name| !name.is_empty()),
            hostname: Some((*host).to_owned()),
            ..InstanceSummary::default()
        };
        let mut fleet = Fleet::default();
        let list = InstanceList { instances: rows.iter().map(row).collect(), skipped: 0 };
        fleet.replace(list, Utc::now(), Source::Live);
        fleet
    }

    #[test]
    fn an_id_wins_over_a_name_and_a_name_that_is_anothers_host_is_nobodys() {
        let fleet = fleet(&[("1", "b", "x"), ("b", "other", "y"), ("3", "x", "z")]);
        let id = |text: &str| match fleet.find(text) {
            Named::One { id, .. } => id.0,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            (id("b"), id("other"), id(" z "), id("y")),
            ("b".into(), "b".into(), "3".into(), "b".into())
        );
        assert_eq!(fleet.find("x"), Named::Several(vec!["1".into(), "3".into()]));
        assert_eq!(fleet.find(" "), Named::Nobody);
        assert_eq!(fleet.find("oth"), Named::Nobody, "a part of a name is no name");
    }

    #[test]
    fn two_of_a_name_are_nobody_in_particular() {
        let fleet = fleet(&[("1", "twin", "x"), ("2", "twin", "y")]);
        assert_eq!(fleet.find("twin"), Named::Several(vec!["1".into(), "2".into()]));
    }
}
