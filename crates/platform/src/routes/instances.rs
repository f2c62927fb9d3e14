//! Operations 1, 6 and 7: the fleet and one of its members.

use super::reply;
use crate::call::{Call, Platform, now};
use crate::dice::hex;
use crate::refusal::{Answer, Refusal};
use crate::store::{Instance, instances};
use axum::body::Bytes;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use nineheads_contract::instances::{Deleted, InstanceList, Status};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// Lists as they were last sent, by who may see them, each with the revision it was built from: between two writes the
/// same bytes go out again, however often they are asked for.
#[derive(Debug, Default)]
pub(crate) struct Lists(Mutex<HashMap<(Uuid, Option<Uuid>), Built>>);

#[derive(Debug, Clone)]
struct Built {
    revision: u64,
    etag: String,
    body: Bytes,
}

/// Operation 1.
pub(crate) fn list(call: &Call) -> Answer {
    let built = build(&call.platform, (call.caller.person.tenant, call.caller.own_only()))?;
    let etag = HeaderValue::try_from(&built.etag).map_err(|error| Refusal::Broken(error.to_string()))?;
    let known = call.header(header::IF_NONE_MATCH).unwrap_or_default();
    let unchanged = known.split(',').any(|tag| {
        let tag = tag.trim();
        tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == built.etag
    });
    if unchanged {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response());
    }
    let json = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, json), (header::ETAG, etag)], built.body).into_response())
}

fn build(platform: &Platform, whose: (Uuid, Option<Uuid>)) -> Result<Built, Refusal> {
    let kept = platform.lists.0.lock().unwrap_or_else(PoisonError::into_inner).get(&whose).cloned();
    // Read before the rows are: at worst a list is called older than it is, and is built once more.
    let revision = platform.store.revision();
    if let Some(kept) = kept.filter(|kept| kept.revision == revision) {
        return Ok(kept);
    }
    let instances = platform.store.read(|db| instances::list(db, whose.0, whose.1))?;
    let body = Bytes::from(serde_json::to_vec(&InstanceList { instances, skipped: 0 })?);
    let etag = format!("\"{}\"", hex(&Sha256::digest(&body)));
    let built = Built { revision, etag, body };
    platform.lists.0.lock().unwrap_or_else(PoisonError::into_inner).insert(whose, built.clone());
    Ok(built)
}

/// Operation 6.
pub(crate) fn get(call: &Call) -> Answer {
    let instance = call.instance()?;
    let vitals = call.platform.vitals(&instance, now());
    reply(&instance.detail(vitals.health.map(str::to_owned)))
}

/// Operation 7, in the documented steps. Tearing down (5) and clean-up (6, 7) are the worker's.
pub(crate) fn delete(call: &Call) -> Answer {
    let mut check = call.check();
    let id = check.instance_id();
    check.finish()?;
    // 1: exists and authorised.
    let instance = call
        .store()
        .read(|db| instances::find(db, id))?
        .filter(|instance| instance.tenant == call.caller.person.tenant)
        .ok_or_else(|| Refusal::not_found("Instance"))?;
    if !call.caller.sees(&instance) {
        return Err(Refusal::forbidden("Not authorized to delete this instance"));
    }
    // 2 to 4: already gone, or gone from now on.
    let first = begin(&call.platform, &instance)?;
    let status = match (first, instance.deleted_at) {
        (_, Some(_)) => "deleted",
        _ => "deleting",
    };
    let message = match first {
        true => "Instance deletion started",
        false => "Instance already deleted or being deleted",
    };
    reply(&Deleted {
        already_deleted: !first,
        instance_id: instance.wire_id(),
        message: Some(message.to_owned()),
        status: Some(Status::from(status)),
    })
}

/// The transition of a delete with its audit record. True for the one who made it.
pub(super) fn begin(platform: &Platform, instance: &Instance) -> Result<bool, Refusal> {
    let first = platform.store.write(|db| {
        let first = instances::begin_delete(db, instance.id, now())?;
        if first {
            instances::keep_snapshot(db, instance, now())?;
        }
        Ok::<_, rusqlite::Error>(first)
    })?;
    if first {
        platform.counter.deleted();
        platform.work.notify_one();
    }
    Ok(first)
}
