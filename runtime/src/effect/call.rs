//! The call is to be in the history.
//!
//! RetailCRM knows a call by our external id and leaves one that it has alone, so an upload can be repeated; and it
//! cannot be completed afterwards, so the recording has to be there, or given up on, before (reference, section 5.2).

use std::time::Duration;

use serde_json::json;

use super::request::UploadCall;
use super::run::Look;
use super::verdict::{Done, Trouble};
use super::world::World;
use crate::crm::{CallRecord, CrmError, Priority};
use crate::directory::crm_moment;

pub(super) fn look(wanted: &UploadCall) -> Look {
    match wanted.phone {
        Some(_) => Look::Absent,
        None => Look::Done(Done::skipped("the number is hidden")),
    }
}

pub(super) async fn send(world: &World<'_>, wanted: &UploadCall) -> Result<Done, Trouble> {
    let Some(phone) = wanted.phone.clone() else { return Ok(Done::skipped("the number is hidden")) };
    let record = CallRecord {
        external_id: wanted.external_id.clone(),
        date: crm_moment(wanted.started, &world.directory.zones().crm),
        direction: wanted.direction,
        phone,
        user_id: wanted.employee.as_ref().and_then(|one| world.user_of(one)),
        result: wanted.result,
        duration: wanted.talk_seconds,
        duration_waiting: wanted.wait_seconds,
        record_url: wanted.record_url.clone(),
        external_phone: wanted
            .virtual_number
            .as_ref()
            .map(|number| number.trim_start_matches('+').to_owned()),
        site: Some(wanted.site.clone()),
        source: wanted.source.to_source(),
    };
    let uploaded = world.crm.upload_call(record, world.urgency(Priority::Upload)).await;
    let uploaded = match uploaded {
        // A known call is reported among the duplicates, not refused; whatever this means, asking again tells.
        Err(error @ CrmError::AlreadyExists(_)) => {
            return Err(Trouble::Retry { error: error.to_string(), at_least: Duration::ZERO, counts: true });
        }
        uploaded => uploaded.map_err(|error| Trouble::of_read(&error))?,
    };
    let duplicate = uploaded.duplicates.contains(&wanted.external_id);
    if uploaded.processed == 0 && !duplicate {
        let error = "RetailCRM took the upload and no call of it".to_owned();
        return Err(Trouble::Retry { error, at_least: Duration::from_secs(60), counts: true });
    }
    Ok(Done { response: json!({ "duplicate": duplicate }), ..Done::default() })
}
