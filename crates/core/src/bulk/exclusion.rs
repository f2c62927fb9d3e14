//! Who is left out of bulk work, and why: at the preview, and once more at an item's turn. Pure. Does not belong here: what the
//! session knows of a target (`plan`).

use super::BulkAct;
use crate::fleet::phase;
use nineheads_contract::instances::{InstanceSummary, Phase};
use serde::{Deserialize, Serialize};
use specta::Type;

/// Why one is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Exclusion {
    /// The list does not have it any more.
    Gone,
    /// It is being deleted.
    Deleting,
    /// Its phase forbids the act.
    WrongPhase,
    /// The key lacks the right.
    NoRight,
    /// It holds this already, as was read minutes ago.
    NothingToChange,
    /// It is no longer what the preview showed, and what is deleted does not come back.
    Changed,
}

/// What the act needs to know of one target.
pub(super) struct Target<'a> {
    pub row: Option<&'a InstanceSummary>,
    /// It was read minutes ago, and is what the act would make of it.
    pub holds_already: bool,
}

/// Why a target is left out; none when it is part of the work.
pub(super) fn exclusion(act: &BulkAct, target: &Target<'_>, may: bool) -> Option<Exclusion> {
    let Some(row) = target.row else { return Some(Exclusion::Gone) };
    let needs_agent = matches!(act, BulkAct::ApplyUpdates | BulkAct::UpdateModelPolicy { .. });
    match phase(row) {
        Phase::Gone => Some(Exclusion::Gone),
        Phase::Deleting => Some(Exclusion::Deleting),
        _ if !may => Some(Exclusion::NoRight),
        Phase::OnItsWay if *act != BulkAct::Delete => Some(Exclusion::WrongPhase),
        Phase::Failed if needs_agent => Some(Exclusion::WrongPhase),
        _ if target.holds_already => Some(Exclusion::NothingToChange),
        _ => None,
    }
}

/// Why an item is left out at its turn, which may come days after the preview; `planned` is what the preview showed.
pub(super) fn left_out_now(
    act: &BulkAct,
    row: Option<&InstanceSummary>,
    planned: Option<Phase>,
) -> Option<Exclusion> {
    let target = Target { row, holds_already: false };
    let changed =
        *act == BulkAct::Delete && row.zip(planned).is_some_and(|(row, planned)| phase(row) != planned);
    exclusion(act, &target, true).or(changed.then_some(Exclusion::Changed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::Fields;

    fn why(act: &BulkAct, status: &str, may: bool) -> Option<Exclusion> {
        let row = InstanceSummary { status: Some(status.into()), ..InstanceSummary::default() };
        exclusion(act, &Target { row: Some(&row), holds_already: false }, may)
    }

    #[test]
    fn each_target_is_left_out_for_one_reason_or_for_none() {
        assert_eq!(
            exclusion(&BulkAct::Delete, &Target { row: None, holds_already: false }, true),
            Some(Exclusion::Gone)
        );
        assert_eq!(why(&BulkAct::Delete, "deleting", true), Some(Exclusion::Deleting));
        assert_eq!(why(&BulkAct::Delete, "running", false), Some(Exclusion::NoRight));
        for status in ["running", "failed", "provisioning", "a word of tomorrow"] {
            assert_eq!(why(&BulkAct::Delete, status, true), None, "{status}");
        }
        assert_eq!(why(&BulkAct::ApplyUpdates, "failed", true), Some(Exclusion::WrongPhase));
        assert_eq!(why(&BulkAct::RevokeConsent, "provisioning", true), Some(Exclusion::WrongPhase));
        let row = InstanceSummary { status: Some("running".into()), ..InstanceSummary::default() };
        let holds = Target { row: Some(&row), holds_already: true };
        assert_eq!(
            exclusion(&BulkAct::PatchPlatformConfig { fields: Fields::default() }, &holds, true),
            Some(Exclusion::NothingToChange)
        );
    }

    #[test]
    fn an_item_whose_turn_comes_later_is_left_out_where_it_is_no_longer_what_was_shown() {
        let row =
            |status: &str| InstanceSummary { status: Some(status.into()), ..InstanceSummary::default() };
        let now = |act: &BulkAct, status: &str, planned| left_out_now(act, Some(&row(status)), planned);
        assert_eq!(
            now(&BulkAct::Delete, "running", Some(Phase::Failed)),
            Some(Exclusion::Changed),
            "it recovered"
        );
        assert_eq!(now(&BulkAct::Delete, "failed", Some(Phase::Failed)), None);
        assert_eq!(now(&BulkAct::Delete, "running", None), None, "nobody wrote down what was shown");
        assert_eq!(now(&BulkAct::Delete, "deleting", Some(Phase::Running)), Some(Exclusion::Deleting));
        assert_eq!(now(&BulkAct::ApplyUpdates, "failed", Some(Phase::Running)), Some(Exclusion::WrongPhase));
        assert_eq!(left_out_now(&BulkAct::Delete, None, Some(Phase::Failed)), Some(Exclusion::Gone));
    }
}
