//! Tags, notes and stars of instances, on this computer only.

use crate::files;
use nineheads_core::contract::InstanceId;
use nineheads_core::labels::{LabelFormat, LabelView, Tagged, TagsOfMany};

ask_console! {
    get_label(id: InstanceId) -> LabelView => |console| console.label(&id);
    set_star(id: InstanceId, starred: bool) -> LabelView => |console| console.set_star(&id, starred);
    set_note(id: InstanceId, note: String) -> LabelView => |console| console.set_note(&id, &note);
    list_tags_of(ids: Vec<InstanceId>) -> TagsOfMany => |console| console.tags_of(&ids).await;
    tag_instances(ids: Vec<InstanceId>, add: Vec<String>, remove: Vec<String>) -> Tagged => |console| console.tag_instances(&ids, &add, &remove).await;
}

ask_app! {
    /// Asks where to save. False: nowhere.
    export_labels(format: LabelFormat) -> bool => |app, console| {
        let ending = if format == LabelFormat::Csv { "csv" } else { "json" };
        let export = |out: &mut dyn std::io::Write| console.export_labels(format, out);
        files::save(&app, &format!("nineheads-labels.{ending}"), export).await
    };
}
