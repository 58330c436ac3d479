use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use keyfob_authority::{LookedUp, NameService, Policy, Unusable};
use nix::unistd::geteuid;

use super::lock;
use crate::protocol::Request;

/// Connections that one user may have at a time, and all users together; root is not counted, so that nobody can keep sshd out.
const OF_ONE_USER: usize = 4;
const OF_ALL_USERS: usize = 32;
/// And the enrollment service, which waits for one of them rather than being refused.
const OF_THE_SERVICE: usize = 24;

/// Who sends, by the uid of its process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sender {
    /// Root, and whoever the daemon runs as: what they ask for, they could do themselves.
    Trusted,
    /// The user that the enrollment service runs as: for whoever has signed a request.
    Service,
    /// Anybody else: for the own sign-in.
    User,
}

impl Sender {
    /// Asks the name service about the policy's user, for those who are not trusted. Where that fails, nobody is the service.
    pub fn new(
        uid: u32,
        names: &dyn NameService,
        policy: impl FnOnce() -> Result<Arc<Policy>, Unusable>,
    ) -> Self {
        let is_service = || {
            let service = policy().unwrap_or_default().service_user.parse().ok();
            let found = service.and_then(|service| names.look_up(&service).ok().flatten());
            found.is_some_and(|found| found.uid == uid)
        };
        if is_trusted(uid) {
            Self::Trusted
        } else if is_service() {
            Self::Service
        } else {
            Self::User
        }
    }
}

/// Who has connections open.
#[derive(Default)]
pub struct Callers(Mutex<HashMap<(u32, Sender), usize>>);

/// A connection that is counted until it is dropped.
pub struct Counted {
    callers: Arc<Callers>,
    of: (u32, Sender),
}

impl Callers {
    /// Counts a connection of a user; `None` where there are too many.
    pub fn admit(self: &Arc<Self>, uid: u32, sender: Sender) -> Option<Counted> {
        let mut open = lock(&self.0);
        let of_users = open.iter().filter(|((_, sender), _)| *sender == Sender::User);
        let all: usize = of_users.map(|(_, count)| count).sum();
        let own = open.entry((uid, sender)).or_default();
        let is_one_too_many = match sender {
            Sender::Trusted => false,
            Sender::Service => *own >= OF_THE_SERVICE,
            Sender::User => *own >= OF_ONE_USER || all >= OF_ALL_USERS,
        };
        if is_one_too_many {
            return None;
        }
        *own += 1;
        Some(Counted { callers: Arc::clone(self), of: (uid, sender) })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut open = lock(&self.callers.0);
        if let Some(count) = open.get_mut(&self.of) {
            *count -= 1;
        }
        open.retain(|_, count| *count > 0);
    }
}

fn is_trusted(uid: u32) -> bool {
    uid == 0 || uid == geteuid().as_raw()
}

/// May this user ask for that on behalf of whoever has signed it?
pub fn check_on_behalf(uid: u32, sender: Sender) -> Result<(), Unusable> {
    match sender {
        Sender::Trusted | Sender::Service => Ok(()),
        Sender::User => Err(Unusable::Remote(format!(
            "uid {uid} may not ask for others: run the enrollment service as the user that the policy's [service] names"
        ))),
    }
}

/// May this user ask for that? Others than root may sign in to their own account.
pub fn check(uid: u32, sender: Sender, request: &Request, looked_up: &LookedUp) -> Result<(), Unusable> {
    if sender == Sender::Trusted || request.is_sign_in() && looked_up.uid() == Some(uid) {
        return Ok(());
    }
    let what = if request.is_sign_in() { "sign-ins to its own account" } else { "sign-ins" };
    Err(Unusable::Remote(format!("uid {uid} may ask for {what} only: ask as root")))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use keyfob_authority::{Caller, Door, Membership, NameService, Policy, SystemAccount};
    use keyfob_core::AccountName;

    use super::*;

    /// A uid that neither root nor this test runs as.
    fn user(number: u32) -> u32 {
        geteuid().as_raw() + 1 + number
    }

    #[test]
    fn one_user_has_a_few_connections() {
        let callers = Arc::new(Callers::default());
        let open: Vec<_> = (0..OF_ONE_USER).map(|_| callers.admit(user(0), Sender::User).unwrap()).collect();
        assert!(callers.admit(user(0), Sender::User).is_none());
        assert!(callers.admit(user(1), Sender::User).is_some());
        drop(open);
        assert!(callers.admit(user(0), Sender::User).is_some());
    }

    #[test]
    fn all_users_together_keep_nobody_trusted_out() {
        let callers = Arc::new(Callers::default());
        let users = 0..u32::try_from(OF_ALL_USERS).unwrap();
        let open: Vec<_> = users.map(|number| callers.admit(user(number), Sender::User).unwrap()).collect();
        assert!(callers.admit(user(9999), Sender::User).is_none());
        let trusted: Vec<_> = (0..100).map(|_| callers.admit(0, Sender::Trusted).unwrap()).collect();
        assert_eq!((open.len(), trusted.len()), (OF_ALL_USERS, 100));
    }

    #[test]
    fn the_service_has_connections_of_its_own_that_leave_some_to_users_and_root() {
        let callers = Arc::new(Callers::default());
        let users = 0..u32::try_from(OF_ALL_USERS).unwrap();
        let open: Vec<_> = users.map(|number| callers.admit(user(number), Sender::User).unwrap()).collect();
        let admit = || callers.admit(user(9999), Sender::Service);
        let of_service: Vec<_> = (0..OF_THE_SERVICE).map(|_| admit().unwrap()).collect();
        assert!(admit().is_none());
        assert!(open.len() + of_service.len() < super::super::WORKERS);
    }

    /// Every name is that of the user 0, but `broken` is nobody's to tell.
    struct Names;

    impl NameService for Names {
        fn look_up(&self, name: &AccountName) -> Result<Option<SystemAccount>, Unusable> {
            match name.as_str() {
                "broken" => Err(Unusable::NameService { account: name.clone(), detail: "no answer".into() }),
                "nobody" => Ok(None),
                _ => Ok(Some(SystemAccount { name: name.clone(), uid: user(0) })),
            }
        }

        fn membership(&self, _: &AccountName, _: &str) -> Membership {
            Membership::NotMember
        }

        fn groups(&self, _: &AccountName) -> Option<Vec<String>> {
            None
        }
    }

    #[test]
    fn only_the_policys_user_is_the_service() {
        let sender = |uid, service_user: &str| {
            let policy = Policy { service_user: service_user.into(), ..Policy::default() };
            Sender::new(uid, &Names, || Ok(Arc::new(policy)))
        };
        assert_eq!(sender(0, "keyfob"), Sender::Trusted);
        assert_eq!(sender(geteuid().as_raw(), "nobody"), Sender::Trusted);
        assert_eq!(sender(user(0), "keyfob"), Sender::Service);
        for (number, service_user) in [(1, "keyfob"), (0, "nobody"), (0, "broken"), (0, ""), (0, "no name")] {
            assert_eq!(sender(user(number), service_user), Sender::User, "{service_user:?}");
        }
    }

    #[test]
    fn the_service_may_ask_for_whoever_signed_and_for_nothing_else() {
        assert!(check_on_behalf(user(0), Sender::Service).is_ok());
        assert!(check_on_behalf(0, Sender::Trusted).is_ok());
        assert!(check_on_behalf(user(0), Sender::User).is_err());
        for request in [Request::Devices, Request::AccessKeys, Request::Identify] {
            assert!(check(user(0), Sender::Service, &request, &LookedUp::nobody()).is_err());
        }
    }

    #[test]
    fn a_user_may_sign_in_to_the_own_account_and_nothing_else() {
        let account: AccountName = "alice".parse().unwrap();
        let looked_up = LookedUp::new([&account], &Names, &Policy::default()).unwrap();
        let caller = Caller { door: Door::CommandLine, remote: None, uid: 0 };
        let begin = Request::Begin { account: account.clone(), caller };
        assert!(check(user(0), Sender::User, &begin, &looked_up).is_ok());
        assert!(check(user(1), Sender::User, &begin, &looked_up).is_err());
        assert!(check(0, Sender::Trusted, &begin, &looked_up).is_ok());
        for administration in [Request::Devices, Request::Account(account)] {
            assert!(check(user(0), Sender::User, &administration, &looked_up).is_err());
            assert!(check(0, Sender::Trusted, &administration, &looked_up).is_ok());
        }
    }
}
