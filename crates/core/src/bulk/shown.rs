//! What a person saw before they confirmed. As many as were shown is not enough: it has to be the same ones.

use super::plan::Planned;
use super::{BulkAct, BulkOrder, BulkTargets};
use nineheads_contract::InstanceId;

/// What a preview showed: the act, to whom it was to be done, and whom that meant then.
#[derive(Debug)]
pub(crate) struct Shown {
    act: BulkAct,
    targets: BulkTargets,
    included: Vec<InstanceId>,
}

impl Shown {
    pub(super) fn of(order: &BulkOrder, planned: &Planned) -> Self {
        Self { act: order.act.clone(), targets: order.targets.clone(), included: planned.included_ids() }
    }

    /// The same order means others by now.
    pub(super) fn is_another(&self, order: &BulkOrder, planned: &Planned) -> bool {
        self.act == order.act && self.targets == order.targets && self.included != planned.included_ids()
    }
}
