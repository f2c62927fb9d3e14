//! What the page may call, one file a noun. A command translates and is at most a few lines long. All of them are declared
//! by the two macros here, so that a panic in any is an answer: without it the page would wait for ever.

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

/// Commands that need more of the shell, in the same way: `… => |app| answer;`, or `… => |app, console| answer;`.
macro_rules! ask_app {
    ($($(#[$about:meta])* $name:ident($($argument:ident: $kind:ty),*) -> $reply:ty => |$app:ident $(, $console:ident)?| $answer:expr;)*) => {$(
        $(#[$about])*
        #[tauri::command]
        #[specta::specta]
        pub(crate) async fn $name(
            $app: tauri::AppHandle,
            $($argument: $kind),*
        ) -> Result<$reply, nineheads_core::Failure> {
            $(let $console = tauri::Manager::state::<nineheads_core::Console>(&$app).inner().clone();)?
            nineheads_core::mishaps::contain(stringify!($name), async move { $answer }).await
        }
    )*};
}

pub(crate) mod acts;
pub(crate) mod baselines;
pub(crate) mod bulk;
pub(crate) mod chat;
pub(crate) mod config;
pub(crate) mod conversations;
pub(crate) mod deploys;
pub(crate) mod fleet;
pub(crate) mod instances;
pub(crate) mod labels;
pub(crate) mod ledger;
pub(crate) mod local;
pub(crate) mod logs;
pub(crate) mod names;
pub(crate) mod news;
pub(crate) mod platform;
pub(crate) mod profiles;
pub(crate) mod security;
pub(crate) mod session;
pub(crate) mod storage;
pub(crate) mod support;
pub(crate) mod usage;
pub(crate) mod views;
pub(crate) mod window;
