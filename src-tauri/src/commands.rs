//! What the page may call, one file a noun. A command translates and is at most a few lines long.

/// Commands that pass a question on to the console, one a line: `name(arguments) -> reply => |console| answer;`.
macro_rules! ask_console {
    ($($(#[$about:meta])* $name:ident($($argument:ident: $kind:ty),*) -> $reply:ty => |$console:ident| $answer:expr;)*) => {$(
        $(#[$about])*
        #[tauri::command]
        #[specta::specta]
        pub(crate) async fn $name(
            $console: tauri::State<'_, nineheads_core::Console>,
            $($argument: $kind),*
        ) -> Result<$reply, nineheads_core::Failure> {
            let $console = $console.inner().clone();
            nineheads_core::mishaps::contain(stringify!($name), async move { $answer }).await
        }
    )*};
}

/// What a command answers.
type Answer<T> = Result<T, nineheads_core::Failure>;
/// The core, as a command gets it.
type Core<'a> = tauri::State<'a, nineheads_core::Console>;
/// The platform on this computer, as a command gets it.
type Local<'a> = tauri::State<'a, crate::local::LocalPlatform>;

pub(crate) mod acts;
pub(crate) mod chat;
pub(crate) mod config;
pub(crate) mod conversations;
pub(crate) mod deploys;
pub(crate) mod fleet;
pub(crate) mod instances;
pub(crate) mod ledger;
pub(crate) mod logs;
pub(crate) mod names;
pub(crate) mod platform;
pub(crate) mod profiles;
pub(crate) mod security;
pub(crate) mod session;
pub(crate) mod storage;
pub(crate) mod support;
pub(crate) mod usage;
pub(crate) mod window;
