//! Panics where the option `panic_in=authenticate`, `setcred` or `cleanup` says, so that a test can show what becomes of one. Nothing that
//! ships has this.

use std::ffi::CStr;
use std::sync::atomic::{AtomicBool, Ordering};

static IN_CLEANUP: AtomicBool = AtomicBool::new(false);

/// Panics where the arguments want it in this hook; else returns the other arguments.
pub fn in_hook<'a>(hook: &str, arguments: &[&'a CStr]) -> Vec<&'a CStr> {
    let wanted = |argument: &CStr| argument.to_bytes().strip_prefix(b"panic_in=").map(<[u8]>::to_vec);
    for place in arguments.iter().filter_map(|argument| wanted(argument)) {
        assert!(place != hook.as_bytes(), "forced");
        IN_CLEANUP.store(place == b"cleanup", Ordering::Relaxed);
    }
    arguments.iter().copied().filter(|argument| wanted(argument).is_none()).collect()
}

/// Panics where an earlier hook's arguments wanted it in the cleanup.
pub fn in_cleanup() {
    assert!(!IN_CLEANUP.load(Ordering::Relaxed), "forced");
}
