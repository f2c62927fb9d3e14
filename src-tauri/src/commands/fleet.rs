//! The list, through windows.

use nineheads_core::TrafficMinute;
use nineheads_core::contract::InstanceId;
use nineheads_core::fleet::{
    FilterReading, FleetQuery, FleetWindow, FoundInstance, Suggestion, read_filter as read,
};
use nineheads_core::needs::NeedsWindow;
use nineheads_core::polling::{Attention, PollerView};
use nineheads_core::sides::{SideBySide, SideFailure};

ask_console! {
    show_fleet(query: FleetQuery, offset: u32, limit: u32) -> FleetWindow => |console| console.show_fleet(query, offset, limit);
    find_instances(text: String, limit: u32) -> Vec<FoundInstance> => |console| console.find_instances(&text, limit);
    /// What a filter's text means, and what of it means nothing.
    read_filter(text: String) -> FilterReading => |_console| Ok(read(&text));
    /// The cursor's place counts characters.
    complete_filter(text: String, cursor: u32) -> Vec<Suggestion> => |console| console.complete_filter(&text, cursor);
    /// What needs a person; where one of them is now is told with it.
    show_needs(anchor: Option<String>, offset: u32, limit: u32) -> NeedsWindow => |console| console.show_needs(anchor, offset, limit).await;
    /// Two to six side by side, from what is known of them.
    show_sides(ids: Vec<InstanceId>, only_differences: bool) -> SideBySide => |console| console.show_sides(&ids, only_differences).await;
    /// Reads one of them anew; tells what could not be read.
    look_at_side(id: InstanceId) -> Vec<SideFailure> => |console| console.look_at_side(&id).await;
    refresh_fleet() -> () => |console| console.refresh_fleet();
    get_poller() -> PollerView => |console| Ok(console.poller());
    /// Sixty minutes, oldest first.
    get_traffic() -> Vec<TrafficMinute> => |console| Ok(console.traffic());
    /// What the system says of its network.
    set_network(there: bool) -> () => |console| { console.set_network(there); Ok(()) };
    set_attention(attention: Attention) -> () => |console| { console.set_attention(attention); Ok(()) };
}
