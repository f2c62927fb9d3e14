//! Identifiers as their own types, so that one can not be passed for another. Kept as text: a platform's id that is
//! no UUID must still be shown, and a caller can not make it leave its path segment (see `endpoint::encode_segment`).

use serde::{Deserialize, Serialize};
use specta::Type;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Type)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The id as it is written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// An instance's id; a UUID on every known platform.
    InstanceId
);
id!(
    /// The body field that makes two creates one.
    IdempotencyKey
);
id!(
    /// A conversation's id, `^[A-Za-z0-9:_-]{1,128}$`.
    ConversationId
);
id!(
    /// A product tier's UUID. Never its name.
    TierId
);
