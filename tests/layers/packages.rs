//! The workspace as cargo sees it: who depends on whom.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::LazyLock;

/// Read once for all tests.
pub(crate) static PACKAGES: LazyLock<Packages> = LazyLock::new(Packages::read);

/// The output of `cargo metadata`.
pub(crate) struct Packages {
    metadata: Value,
}

impl Packages {
    fn read() -> Self {
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--locked"])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .output()
            .expect("cargo can be started");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Self { metadata: serde_json::from_slice(&output.stdout).expect("cargo writes JSON") }
    }

    /// The names of our own crates.
    pub(crate) fn ours(&self) -> BTreeSet<&str> {
        let members = list(&self.metadata["workspace_members"]);
        members.iter().map(|id| self.name(text(id))).collect()
    }

    /// What a crate names in its own manifest, without what only its tests use.
    pub(crate) fn direct(&self, name: &str) -> BTreeSet<&str> {
        list(&self.package(name)["dependencies"])
            .iter()
            .filter(|dependency| dependency["kind"] != "dev")
            .map(|dependency| text(&dependency["name"]))
            .collect()
    }

    /// What is linked into a crate, at any depth.
    pub(crate) fn linked(&self, name: &str) -> BTreeSet<&str> {
        let nodes: BTreeMap<&str, &Value> =
            list(&self.metadata["resolve"]["nodes"]).iter().map(|node| (text(&node["id"]), node)).collect();
        let mut waiting = vec![text(&self.package(name)["id"])];
        let mut seen = BTreeSet::new();
        while let Some(id) = waiting.pop() {
            for dependency in list(&nodes[id]["deps"]) {
                let linked = list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"].is_null());
                let id = text(&dependency["pkg"]);
                if linked && seen.insert(id) {
                    waiting.push(id);
                }
            }
        }
        seen.into_iter().map(|id| self.name(id)).collect()
    }

    fn package(&self, name: &str) -> &Value {
        let mut all = list(&self.metadata["packages"]).iter();
        all.find(|package| package["name"] == name && package["source"].is_null()).expect("one of ours")
    }

    fn name(&self, id: &str) -> &str {
        let mut all = list(&self.metadata["packages"]).iter();
        text(&all.find(|package| package["id"] == id).expect("a known package")["name"])
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}
