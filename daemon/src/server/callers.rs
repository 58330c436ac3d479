use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use keyfob_authority::{LookedUp, Unusable};
use nix::unistd::geteuid;

use crate::protocol::Request;

/// Connections that one user may have at a time, and all users together; root is not counted, so that nobody can keep sshd out.
const OF_ONE_USER: usize = 4;
const OF_ALL_USERS: usize = 32;

/// Who has connections open.
#[derive(Default)]
pub struct Callers(Mutex<HashMap<u32, usize>>);

/// A connection that is counted until it is dropped.
pub struct Counted {
    callers: Arc<Callers>,
    uid: u32,
}

impl Callers {
    /// Counts a connection of a user; `None` where there are too many.
    pub fn admit(self: &Arc<Self>, uid: u32) -> Option<Counted> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = open.iter().filter(|(uid, _)| !is_trusted(**uid)).map(|(_, count)| count).sum();
        let own = open.entry(uid).or_default();
        if !is_trusted(uid) && (*own >= OF_ONE_USER || all >= OF_ALL_USERS) {
            return None;
        }
        *own += 1;
        Some(Counted { callers: Arc::clone(self), uid })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut open = self.callers.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.uid) {
            *count -= 1;
        }
        open.retain(|_, count| *count > 0);
    }
}

/// Root, and whoever the daemon runs as: what they ask for, they could do themselves.
pub fn is_trusted(uid: u32) -> bool {
    uid == 0 || uid == geteuid().as_raw()
}

/// May this user ask for that? Others than root may sign in to their own account.
pub fn check(uid: u32, request: &Request, looked_up: &LookedUp) -> Result<(), Unusable> {
    if is_trusted(uid) || request.is_sign_in() && looked_up.uid() == Some(uid) {
        return Ok(());
    }
    let what = if request.is_sign_in() { "sign-ins to its own account" } else { "sign-ins" };
    Err(Unusable::Remote(format!("uid {uid} may ask for {what} only: ask as root")))
}
