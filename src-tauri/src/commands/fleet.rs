//! The list, through windows.

use nineheads_core::fleet::{FleetQuery, FleetWindow};
use nineheads_core::polling::{Attention, PollerView};

ask_console! {
    show_fleet(query: FleetQuery, offset: u32, limit: u32) -> FleetWindow => |console| console.show_fleet(query, offset, limit);
    refresh_fleet() -> () => |console| console.refresh_fleet();
    get_poller() -> PollerView => |console| Ok(console.poller());
    set_attention(attention: Attention) -> () => |console| { console.set_attention(attention); Ok(()) };
}
