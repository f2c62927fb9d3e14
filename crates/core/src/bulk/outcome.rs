//! What an answer, or its absence, means for an item and for its job. Pure.

use super::BulkAct;
use crate::error::{Code, Failure};

/// What follows from a failed call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It was refused, or failed: the item's end.
    Failed,
    /// The platform asked to come later; nothing was done.
    Later,
    /// Nobody knows whether it was done: look.
    Look,
    /// Nothing can be sent at present, and nothing was: the item waits, the job rests.
    RestUnsent,
    /// Nothing gets through, and nobody knows about this one: the job rests, the item is looked at first when it goes on.
    RestUnknown,
}

/// What a look found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// It is as it was asked.
    Done,
    /// It is not.
    NotDone,
    /// There is no way to see.
    Unseen,
}

/// What a failed call means.
pub(super) fn read_failure(act: &BulkAct, failure: &Failure) -> Verdict {
    // What is harmless to repeat says "offline" also where the request may have arrived.
    let repeatable = matches!(act, BulkAct::Delete | BulkAct::RevokeConsent);
    match failure.code {
        Code::TooManyRequests { .. } => Verdict::Later,
        Code::CredentialRefused
        | Code::NoKey
        | Code::ReadOnly
        | Code::Locked
        | Code::NoSession
        | Code::Keystore => Verdict::RestUnsent,
        // Somebody answered: it may have gone through them.
        Code::NotOurApi { .. } => Verdict::RestUnknown,
        Code::Offline | Code::BadCertificate { .. } => match repeatable {
            true => Verdict::RestUnknown,
            false => Verdict::RestUnsent,
        },
        Code::MayHaveArrived => Verdict::Look,
        Code::ServerFailed { .. } | Code::Unreadable if *act == BulkAct::Delete => Verdict::Look,
        _ => Verdict::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(act: &BulkAct, code: Code) -> Verdict {
        read_failure(act, &Failure::new(code, ""))
    }

    #[test]
    fn a_delete_that_nobody_answered_is_looked_at_and_never_counts_as_unsent() {
        for code in
            [Code::MayHaveArrived, Code::Unreadable, Code::ServerFailed { status: 502, message: None }]
        {
            assert_eq!(read(&BulkAct::Delete, code), Verdict::Look);
        }
        assert_eq!(read(&BulkAct::Delete, Code::Offline), Verdict::RestUnknown);
        assert_eq!(read(&BulkAct::ApplyUpdates, Code::Offline), Verdict::RestUnsent, "it never left");
    }

    #[test]
    fn what_refuses_one_fails_one_and_what_refuses_all_rests_the_job() {
        assert_eq!(read(&BulkAct::ApplyUpdates, Code::Conflict { message: None }), Verdict::Failed);
        assert_eq!(read(&BulkAct::ApplyUpdates, Code::CredentialRefused), Verdict::RestUnsent);
        assert_eq!(read(&BulkAct::Delete, Code::ReadOnly), Verdict::RestUnsent);
        assert_eq!(
            read(&BulkAct::Delete, Code::TooManyRequests { retry_after_seconds: Some(3) }),
            Verdict::Later
        );
    }
}
