//! How a create names what a real agent is made of: create has no field for it, so a recipe carries it.

use super::Permission;

/// The `manifest_id` of a create for this computer.
pub const LOCAL_MANIFEST: &str = "openclaw-basic";

/// The `provider` of an instance that runs on this computer.
pub const LOCAL_PROVIDER: &str = "this-computer";

/// A `recipe_id` of this computer: `local:<permission>:<provider>:<model>`. The model is last, since it may hold colons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalRecipe {
    /// What the agent may do.
    pub permission: Permission,
    /// The name of a model provider.
    pub provider: String,
    /// A model of it.
    pub model: String,
}

impl LocalRecipe {
    /// Reads a `recipe_id`; none for one that is not of this computer, or not whole.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix("local:")?.splitn(3, ':');
        let permission = match parts.next()? {
            "talk" => Permission::Talk,
            "own_folder" => Permission::OwnFolder,
            "whole_computer" => Permission::WholeComputer,
            _ => return None,
        };
        let (provider, model) = (parts.next()?, parts.next()?);
        let whole = !provider.is_empty() && !model.is_empty();
        whole.then(|| Self { permission, provider: provider.to_owned(), model: model.to_owned() })
    }
}

impl std::fmt::Display for LocalRecipe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "local:{}:{}:{}", self.permission.name(), self.provider, self.model)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_recipe_is_read_as_it_was_written_and_a_broken_one_is_none() {
        let recipe = LocalRecipe {
            permission: Permission::OwnFolder,
            provider: "ollama".to_owned(),
            model: "qwen3:8b".to_owned(),
        };
        assert_eq!(recipe.to_string(), "local:own_folder:ollama:qwen3:8b");
        assert_eq!(LocalRecipe::parse(&recipe.to_string()), Some(recipe));
        for broken in
            ["", "local:", "local:talk", "local:talk:a", "local:talk:a:", "local:all:a:b", "talk:a:b"]
        {
            assert_eq!(LocalRecipe::parse(broken), None, "{broken}");
        }
    }
}
