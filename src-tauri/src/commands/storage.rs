//! What is kept on this computer.

use nineheads_core::storage::StorageView;

ask_console! {
    get_storage() -> StorageView => |console| console.storage().await;
    set_cache_limit(limit_mb: u32) -> StorageView => |console| console.set_cache_limit(limit_mb).await;
    clear_cache() -> StorageView => |console| console.clear_cache().await;
}
