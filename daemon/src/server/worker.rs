use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::thread;
use std::time::Duration;

use keyfob_authority::{
    AccessRefusal, Caller, Error, LookedUp, Policy, Proof, Refused, SearchPlace, Unusable,
};
use nix::sys::socket::sockopt::PeerCredentials;
use nix::sys::socket::{MsgFlags, getsockopt, send};

use super::activity::Activity;
use super::callers::{self, Callers, Sender};
use super::passwords::Passwords;
use super::sign_in_log::{self, Answering};
use super::socket::Listener;
use super::store_owner::{Job, Progress, StoreOwner};
use super::{lock, log};
use crate::frame::{self, Deadline};
use crate::protocol::{Message, Reply, Request, Sent, encode};

/// How long a caller may take to say what it wants, and to take the answer.
const READ_PATIENCE: Duration = Duration::from_secs(2);
const WRITE_PATIENCE: Duration = Duration::from_secs(2);
/// How long a worker waits for the answer to a sign-in that has begun: it comes at once where no person has to type it.
const FOLLOW_UP_PATIENCE: Duration = Duration::from_millis(10);
/// After which an act that has not begun is not begun: the caller's own deadline.
const ACT_PATIENCE: Duration = Duration::from_secs(5);

/// Most bytes of a request: root imports seed files, the enrollment service tags devices, others sign in.
const MAX_REQUEST_OF_ROOT: usize = 256 * 1024 * 1024;
const MAX_REQUEST_OF_SERVICE: usize = 256 * 1024;
/// And where it is an import, as `MAX_IMPORT` of the client has it.
const MAX_IMPORT_OF_SERVICE: usize = crate::client::MAX_IMPORT;
const MAX_REQUEST_OF_USER: usize = 4 * 1024;

/// Every so many devices an import tells its progress.
const PROGRESS_STEP: usize = 500;

/// Serves one connection after the other.
pub struct Worker {
    listener: Listener,
    owner: Arc<StoreOwner>,
    callers: Arc<Callers>,
    activity: Arc<Activity>,
    passwords: Arc<Passwords>,
}

impl Worker {
    pub fn new(
        listener: Listener,
        owner: Arc<StoreOwner>,
        callers: Arc<Callers>,
        activity: Arc<Activity>,
        passwords: Arc<Passwords>,
    ) -> Self {
        Self { listener, owner, callers, activity, passwords }
    }

    /// Until the daemon stops.
    pub fn serve(self) {
        loop {
            match self.serve_next() {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    log(&format!("no connection can be taken: {error}"));
                    thread::sleep(Duration::from_millis(100));
                }
            }
        }
    }

    /// Waits for a connection and serves it; `false` where the daemon stops. A connection is taken only by a worker that the daemon will
    /// wait for: systemd keeps the others for the next daemon.
    fn serve_next(&self) -> io::Result<bool> {
        self.listener.wait()?;
        let Some(_busy) = self.activity.begin() else { return Ok(false) };
        if let Some(connection) = self.listener.accept()? {
            self.serve_guarded(&connection);
        }
        Ok(true)
    }

    /// A defect ends the connection, which the caller takes for a refusal, and not the daemon.
    fn serve_guarded(&self, connection: &UnixStream) {
        let served = catch_unwind(AssertUnwindSafe(|| self.serve_one(connection)));
        match served {
            Ok(Ok(())) => {}
            Ok(Err(error)) => log(&format!("a caller was not served: {error}")),
            Err(_) => log("a caller was refused because of a defect: please report it"),
        }
    }

    fn serve_one(&self, connection: &UnixStream) -> io::Result<()> {
        let uid = getsockopt(connection, PeerCredentials)?.uid();
        let sender = Sender::new(uid, &*self.owner.machine().names, || self.owner.policy());
        let Some(_counted) = self.callers.admit(uid, sender) else {
            return Err(io::Error::other(format!("uid {uid} has too many connections")));
        };
        let mut begun = None;
        while self.serve_request((uid, sender), connection, &mut begun)?
            && frame::follows(connection, Deadline::after(FOLLOW_UP_PATIENCE))?
        {}
        Ok(())
    }

    /// Says whether a code is to follow. `begun` is what the name service has said when the sign-in began.
    fn serve_request(
        &self,
        (uid, sender): (u32, Sender),
        connection: &UnixStream,
        begun: &mut Option<LookedUp>,
    ) -> io::Result<bool> {
        let deadline = Deadline::after(READ_PATIENCE);
        let length = frame::read_length(connection, deadline)?;
        let (limit, is_import) = self.limit(sender, length)?;
        if length > limit {
            return Err(frame::too_long());
        }
        let message = frame::read_message(connection, length, deadline)?;
        let (proof, request): Sent = postcard::from_bytes(&message).map_err(io::Error::other)?;
        drop(message);
        if is_import.is_some() && !matches!(request, Request::Import { .. }) {
            return Err(frame::too_long());
        }
        let answering = Answering::of(&request);
        let proof = proof.or_else(|| request.browser_token().cloned().map(Proof::Session));
        let outcome = match proof {
            Some(proof) => self.perform_on_behalf((uid, sender), proof, request, connection),
            None if request.has_password() => self.sign_in_with_password((uid, sender), request, connection),
            None => self.perform((uid, sender), request, connection, begun),
        };
        if let Err(Error::Unusable(unusable)) = &outcome {
            log(&unusable.to_string());
        }
        let asks = outcome.as_ref().is_ok_and(Reply::asks);
        let accepted = answering.and_then(|answering| answering.accepted(&outcome));
        frame::write(connection, &encode(&Message::of(outcome))?, Deadline::after(WRITE_PATIENCE))?;
        if let Some(line) = accepted {
            sign_in_log::write(&line);
        }
        Ok(asks)
    }

    /// How long a request may be. A long one of the enrollment service is an import, one at a time, or all that it may send at once would
    /// fill the memory.
    fn limit(&self, sender: Sender, length: usize) -> io::Result<(usize, Option<MutexGuard<'_, ()>>)> {
        match sender {
            Sender::Trusted => Ok((MAX_REQUEST_OF_ROOT, None)),
            Sender::User => Ok((MAX_REQUEST_OF_USER, None)),
            Sender::Service if length <= MAX_REQUEST_OF_SERVICE => Ok((MAX_REQUEST_OF_SERVICE, None)),
            Sender::Service => match self.owner.import.try_lock() {
                Ok(import) => Ok((MAX_IMPORT_OF_SERVICE, Some(import))),
                Err(TryLockError::Poisoned(import)) => Ok((MAX_IMPORT_OF_SERVICE, Some(import.into_inner()))),
                Err(TryLockError::WouldBlock) => Err(io::Error::other("another import is under way")),
            },
        }
    }

    /// The name service is asked here, where a slow one keeps only this caller waiting.
    fn perform(
        &self,
        (uid, sender): (u32, Sender),
        mut request: Request,
        connection: &UnixStream,
        begun: &mut Option<LookedUp>,
    ) -> Result<Reply, Error> {
        let deadline = Deadline::after(ACT_PATIENCE);
        if let (Sender::Service | Sender::User, Some(caller)) = (sender, request.caller_mut()) {
            caller.uid = uid;
        }
        let about = request.accounts_to_look_up();
        let looked_up = match begun.take().filter(|begun| begun.is_of(about)) {
            Some(begun) => begun,
            None => LookedUp::new(about, &*self.owner.machine().names, &*self.owner.policy()?)?,
        };
        callers::check(uid, sender, &request, &looked_up)?;
        if matches!(request, Request::Begin { .. }) {
            *begun = Some(looked_up.clone());
        }
        self.run(None, request, looked_up, deadline, connection)
    }

    /// Who has sent it is found out twice: here by name, for the name service, and with the act by the proof. What a browser's sign-in asks
    /// for is decided by its token alone.
    fn perform_on_behalf(
        &self,
        (uid, sender): (u32, Sender),
        proof: Proof,
        mut request: Request,
        connection: &UnixStream,
    ) -> Result<Reply, Error> {
        let deadline = Deadline::after(ACT_PATIENCE);
        callers::check_on_behalf(uid, sender)?;
        let policy = self.owner.policy()?;
        let find = Request::ClaimedAccount(proof.clone());
        let found = self.run(None, find, LookedUp::nobody(), deadline, connection)?;
        let Reply::Name(account) = found else { return Err(Unusable::NoOutcome.into()) };
        let about = request.accounts_to_look_up().iter().chain(request.account_of_events());
        let names = &*self.owner.machine().names;
        let mut looked_up = LookedUp::on_behalf_of(&account, about, names, &policy)?;
        if matches!(request, Request::AccountStatuses(_)) {
            looked_up = looked_up.with_groups(names);
        }
        let caller = tell_caller(&mut request, &looked_up, &policy);
        let on_behalf = (!request.is_of_browser()).then_some((proof, caller));
        self.run(on_behalf, request, looked_up, deadline, connection)
    }

    /// The password is checked before anything else is done, and by the same way for whoever has a device and whoever has none.
    fn sign_in_with_password(
        &self,
        (uid, sender): (u32, Sender),
        mut request: Request,
        connection: &UnixStream,
    ) -> Result<Reply, Error> {
        callers::check_on_behalf(uid, sender)?;
        let policy = self.owner.policy()?;
        let Some(account) = request.account() else { return Err(Unusable::NoOutcome.into()) };
        let looked_up = LookedUp::on_behalf_of(account, [], &*self.owner.machine().names, &policy)?;
        let caller = tell_caller(&mut request, &looked_up, &policy);
        let (Request::SignInWithPassword { password, .. }, Some(account)) =
            (&request, looked_up.canonical_name())
        else {
            return Err(Unusable::NoOutcome.into());
        };
        if !self.passwords.check(account, password, caller.remote.as_deref())? {
            return Err(Refused::Access(AccessRefusal::WrongPassword).into());
        }
        self.run(None, request, looked_up, Deadline::after(ACT_PATIENCE), connection)
    }

    /// In one transaction; but a search by codes in many, between which others have their turn.
    fn run(
        &self,
        on_behalf: Option<(Proof, Caller)>,
        request: Request,
        looked_up: LookedUp,
        deadline: Deadline,
        connection: &UnixStream,
    ) -> Result<Reply, Error> {
        let Request::FindDevice { account, code1, code2, caller } = &request else {
            return self.run_at_once(on_behalf, request, looked_up, deadline, connection);
        };
        let (account, typed, caller) = (account.clone(), (code1.clone(), code2.clone()), caller.clone());
        let _only_one = lock(&self.owner.search);
        self.run_at_once(on_behalf, request, looked_up.clone(), deadline, connection)?;
        let then = |request| {
            let deadline = Deadline::after(ACT_PATIENCE);
            self.run_at_once(None, request, looked_up.clone(), deadline, connection)
        };
        let (mut found, mut next) = (Vec::new(), Some(SearchPlace::default()));
        while let Some(place) = next {
            let (account, (code1, code2), caller) = (account.clone(), typed.clone(), caller.clone());
            let reply = then(Request::SearchDevices { account, code1, code2, place, caller })?;
            let Reply::Searched(part) = reply else { return Err(Unusable::NoOutcome.into()) };
            found.extend(part.found);
            next = part.next;
        }
        then(Request::EndSearch { account, found, caller })
    }

    fn run_at_once(
        &self,
        on_behalf: Option<(Proof, Caller)>,
        request: Request,
        looked_up: LookedUp,
        deadline: Deadline,
        connection: &UnixStream,
    ) -> Result<Reply, Error> {
        let progress = progress(&request, connection)?;
        let outcome = Mutex::default();
        self.owner.run(&Arc::new(Job { on_behalf, request, looked_up, deadline, progress, outcome }))
    }
}

/// Says in the request on whose behalf the enrollment service asks.
fn tell_caller(request: &mut Request, looked_up: &LookedUp, policy: &Policy) -> Caller {
    let remote = request.caller_mut().and_then(|caller| caller.remote.take());
    let caller = looked_up.caller(remote, policy);
    if let Some(told) = request.caller_mut() {
        told.clone_from(&caller);
    }
    caller
}

/// How an import tells its progress.
fn progress(request: &Request, connection: &UnixStream) -> Result<Option<Progress>, Unusable> {
    if !matches!(request, Request::Import { .. }) {
        return Ok(None);
    }
    let connection = connection.try_clone().map_err(|error| Unusable::Remote(error.to_string()))?;
    Ok(Some(Box::new(move |looked_at| tell_progress(&connection, looked_at))))
}

/// Without waiting: the store is locked meanwhile, and what is not told now is told with the next.
fn tell_progress(connection: &UnixStream, looked_at: usize) {
    if !looked_at.is_multiple_of(PROGRESS_STEP) {
        return;
    }
    if let Ok(frame) = encode(&Message::Progress(looked_at as u64)) {
        let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_NOSIGNAL;
        let _ = send(connection.as_raw_fd(), &frame, flags);
    }
}
