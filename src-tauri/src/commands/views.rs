//! Saved views of the fleet.

use nineheads_core::views::{SavedView, ViewCount};

ask_console! {
    list_views() -> Vec<SavedView> => |console| console.views();
    save_view(view: SavedView) -> Vec<SavedView> => |console| console.save_view(&view);
    order_views(ids: Vec<String>) -> Vec<SavedView> => |console| console.order_views(&ids);
    delete_view(id: String) -> Vec<SavedView> => |console| console.delete_view(&id);
    count_pinned_views() -> Vec<ViewCount> => |console| console.count_pinned_views().await;
}
