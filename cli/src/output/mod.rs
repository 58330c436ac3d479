//! What commands write: tables, JSON, times.

mod json;
mod table;
mod time;

pub use json::{
    AccessKeyView, AccountView, DeviceView, EventView, NewAccessKeyView, write_json, write_json_line,
};
pub use table::{write_facts, write_table};
pub use time::{duration, local, until};

/// Makes text harmless on a terminal. Backslashes stay: names of a Windows domain have them.
pub fn printable(text: &str) -> String {
    let parts: Vec<_> = text.split('\\').map(keyfob_core::escape).collect();
    parts.join("\\")
}

/// `1 device`, `5 devices`.
pub fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
