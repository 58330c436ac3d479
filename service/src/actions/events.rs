use keyfob_authority::{EventFilter, Role};
use serde::Serialize;

use super::Call;
use crate::answer::Outcome;
use crate::error::Failure;
use crate::parameter;
use crate::time::rfc3339;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListEvents {
    events: Vec<Event>,
    is_truncated: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Event {
    id: i64,
    time: String,
    act: &'static str,
    user_name: Option<String>,
    serial_number: Option<String>,
    door: String,
    remote: Option<String>,
    outcome: &'static str,
    reason: Option<String>,
}

/// Lists the newest events that fit, newest first. Who administers nothing sees the own ones.
pub fn list(call: &Call) -> Result<Outcome, Failure> {
    let account = parameter::optional_user_name(call.query)?;
    let own = || (call.principal.role == Role::User).then(|| call.principal.account.clone());
    let [after, before] = parameter::event_range(call.query)?;
    let max_items = parameter::max_items(call.query)?;
    let mut events = call.acts.events(&EventFilter {
        account: account.or_else(own),
        serial: parameter::optional_serial_number(call.query)?,
        after,
        before,
        newest: Some(max_items.saturating_add(1)),
    })?;
    events.reverse();
    let max_items = usize::try_from(max_items).unwrap_or(usize::MAX);
    let is_truncated = events.len() > max_items;
    events.truncate(max_items);
    call.result(&ListEvents { events: events.into_iter().map(Event::from).collect(), is_truncated })
}

impl From<keyfob_authority::Event> for Event {
    fn from(event: keyfob_authority::Event) -> Self {
        Self {
            id: event.id.0,
            time: rfc3339(event.time),
            act: event.act.name(),
            user_name: event.account,
            serial_number: event.serial.map(|serial| serial.to_string()),
            door: event.door,
            remote: event.remote,
            outcome: event.outcome.name(),
            reason: event.reason,
        }
    }
}
