//! Requests that are sent again. A client that has lost an answer sends the same request once more, and whoever has seen a request could do so
//! too: each is done once, and answered from memory for as long as its signature counts.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use keyfob_authority::SignedRequest;
use keyfob_core::UnixTime;
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

use crate::answer::Answer;
use crate::sigv4::MAX_SKEW_SECONDS;

/// How long a signature may count, from before its time until after it, and a minute; but not longer than the daemon remembers it.
const REMEMBERED_SECONDS: u64 = 2 * MAX_SKEW_SECONDS + 60;

/// How many names are remembered at most.
const MAX_NAMES: usize = 20_000;

type Name = [u8; 32];
type Cell = Arc<OnceCell<Answer>>;

/// What a request is known by.
pub struct Names {
    signature: Name,
    invocation: Option<Name>,
}

/// The requests that were done, and their answers.
#[derive(Default)]
pub struct Repeats(Mutex<Memory>);

#[derive(Default)]
struct Memory {
    cells: HashMap<Name, Cell>,
    /// When to forget which, oldest first.
    ends: VecDeque<(UnixTime, Name)>,
}

impl Names {
    /// By its signature, and by what the client calls it: with that a retry is known that was signed anew. Clients don't sign it, so it
    /// counts only together with the access key and the body.
    pub fn of(signed: &SignedRequest, body: &[u8]) -> Self {
        let key = signed.key.as_str().as_bytes();
        Self {
            signature: name(&[b"signature", key, &signed.signature]),
            invocation: signed.invocation.map(|id| name(&[b"invocation", key, &id, &Sha256::digest(body)])),
        }
    }
}

/// All parts but the key have a fixed length, and so has that.
fn name(parts: &[&[u8]]) -> Name {
    parts.iter().fold(Sha256::new(), Digest::chain_update).finalize().into()
}

impl Repeats {
    /// Does `act` unless the request was done before; a second one that comes meanwhile waits for the first. The act is ended although its
    /// client hangs up. What the service could not decide is not remembered. One that was signed anew is given to the daemon, too, which has to know
    /// that this signature is none for another act. `None`: too much is remembered, or the act failed by a defect.
    pub async fn once(
        &self,
        names: &Names,
        now: UnixTime,
        act: impl Future<Output = Answer> + Send + 'static,
    ) -> Option<Answer> {
        let (cell, is_new_signature) = self.cell(names, now)?;
        let mut act = Box::pin(async {
            let answer = act.await;
            if answer.is_server_error() { Err(answer) } else { Ok(answer) }
        });
        let done = tokio::spawn(async move {
            let mut is_done_now = false;
            let first = cell.get_or_try_init(|| {
                is_done_now = true;
                &mut act
            });
            let answer = first.await.cloned();
            if is_new_signature && !is_done_now {
                act.await?;
            }
            answer
        });
        Some(done.await.ok()?.unwrap_or_else(|undecided| undecided))
    }

    /// Where the answer is or will be, and whether the signature is seen for the first time.
    fn cell(&self, names: &Names, now: UnixTime) -> Option<(Cell, bool)> {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        memory.forget(now);
        let is_new_signature = !memory.cells.contains_key(&names.signature);
        let names = [Some(names.signature), names.invocation];
        let known = names.iter().flatten().find_map(|name| memory.cells.get(name)).cloned();
        if memory.cells.len() >= MAX_NAMES {
            return known.map(|cell| (cell, is_new_signature));
        }
        let cell = known.unwrap_or_default();
        for name in names.into_iter().flatten() {
            memory.remember(name, &cell, now);
        }
        Some((cell, is_new_signature))
    }
}

impl Memory {
    fn remember(&mut self, name: Name, cell: &Cell, now: UnixTime) {
        if let Entry::Vacant(place) = self.cells.entry(name) {
            place.insert(Arc::clone(cell));
            self.ends.push_back((now.after(REMEMBERED_SECONDS), name));
        }
    }

    fn forget(&mut self, now: UnixTime) {
        while let Some((_, name)) = self.ends.front().filter(|(end, _)| *end < now) {
            self.cells.remove(name);
            self.ends.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::answer::{Api, Format, Outcome};
    use crate::error::Failure;

    static DONE: AtomicUsize = AtomicUsize::new(0);

    fn names(signature: u8, invocation: Option<u8>) -> Names {
        Names { signature: [signature; 32], invocation: invocation.map(|id| [id; 32]) }
    }

    async fn ask(repeats: &Repeats, names: Names, now: u64) -> usize {
        let act = async {
            DONE.fetch_add(1, Ordering::SeqCst);
            Answer::done(Api::Iam, "Act", &Outcome::NOTHING, Format::Xml, "id")
        };
        assert!(repeats.once(&names, UnixTime(now), act).await.is_some());
        DONE.load(Ordering::SeqCst)
    }

    #[test]
    fn a_request_is_done_once() -> std::io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        runtime.block_on(async {
            let repeats = Repeats::default();
            assert_eq!(ask(&repeats, names(1, Some(100)), 0).await, 1);
            assert_eq!(
                ask(&repeats, names(1, Some(101)), 1).await,
                1,
                "the same signature under another name"
            );
            assert_eq!(ask(&repeats, names(2, Some(100)), 1).await, 2, "signed anew: the daemon has to know");
            assert_eq!(ask(&repeats, names(2, None), 1).await, 2, "and again");
            assert_eq!(ask(&repeats, names(3, None), 1).await, 3);
            assert_eq!(ask(&repeats, names(1, None), REMEMBERED_SECONDS).await, 3);
            assert_eq!(ask(&repeats, names(1, None), REMEMBERED_SECONDS + 10).await, 4, "too old to count");
        });
        Ok(())
    }

    #[test]
    fn what_could_not_be_decided_may_be_done_again() -> std::io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        runtime.block_on(async {
            let repeats = Repeats::default();
            let failed = async { Answer::failed(Api::Iam, &Failure::ServiceFailure, Format::Xml, "id") };
            let answer = repeats.once(&names(1, None), UnixTime(0), failed).await;
            assert!(answer.is_some_and(|answer| answer.status() == 500));
            let done = async { Answer::done(Api::Iam, "Act", &Outcome::NOTHING, Format::Xml, "id") };
            let answer = repeats.once(&names(1, None), UnixTime(0), done).await;
            assert!(answer.is_some_and(|answer| answer.status() == 200));
        });
        Ok(())
    }
}
