//! How many requests ask the daemon at the same time.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::MAX_ACTS;
use crate::error::Failure;

/// How many of them have a password checked, which takes seconds where it is wrong: others are never kept waiting by these.
const MAX_PASSWORDS: usize = 8;

/// And how many of these whoever asks from an address that has failed lately: a crowd that guesses leaves some to everybody else.
const MAX_PASSWORDS_OF_FAILED: usize = MAX_PASSWORDS - 2;

/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// One turn for each request that may ask the daemon.
#[derive(Clone)]
pub struct Turns {
    acts: Arc<Semaphore>,
    passwords: Arc<Semaphore>,
    passwords_of_failed: Arc<Semaphore>,
}

impl Default for Turns {
    fn default() -> Self {
        let [acts, passwords, passwords_of_failed] =
            [MAX_ACTS, MAX_PASSWORDS, MAX_PASSWORDS_OF_FAILED].map(|places| Arc::new(Semaphore::new(places)));
        Self { acts, passwords, passwords_of_failed }
    }
}

impl Turns {
    /// How many requests wait for the daemon's answer.
    pub fn taken(&self) -> usize {
        MAX_ACTS.saturating_sub(self.acts.available_permits())
    }

    /// Asks the daemon, on a thread that may wait. What has begun is ended, also where nobody waits for it any more.
    ///
    /// # Errors
    /// [`Failure::ServiceUnavailable`] where too many others ask.
    pub async fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let turn = wait(&self.acts).await?;
        let asked = tokio::task::spawn_blocking(move || {
            let answer = ask();
            drop(turn);
            answer
        });
        asked.await.map_err(|error| Failure::internal(&error))
    }

    /// Has the daemon check a password, for somebody whose address has failed lately or not.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn check_password<T: Send + 'static>(
        &self,
        has_failed: bool,
        check: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let of_failed = if has_failed { Some(wait(&self.passwords_of_failed).await?) } else { None };
        let place = wait(&self.passwords).await?;
        self.ask(move || {
            let answer = check();
            drop((place, of_failed));
            answer
        })
        .await
    }
}

async fn wait(places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Failure> {
    let place = timeout(PATIENCE, Arc::clone(places).acquire_owned()).await;
    place.ok().and_then(Result::ok).ok_or(Failure::ServiceUnavailable)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::{Condvar, Mutex};

    use super::*;

    #[test]
    fn a_crowd_of_addresses_that_have_failed_leaves_places_to_others() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (turns, gate) = (Turns::default(), Arc::new((Mutex::new(true), Condvar::new())));
            let guess = || {
                let (turns, gate) = (turns.clone(), Arc::clone(&gate));
                let check = move || {
                    let (is_closed, opened) = &*gate;
                    drop(opened.wait_while(is_closed.lock().unwrap(), |is_closed| *is_closed));
                };
                tokio::spawn(async move { turns.check_password(true, check).await })
            };
            let crowd: Vec<_> = (0..2 * MAX_PASSWORDS).map(|_| guess()).collect();
            while turns.taken() < MAX_PASSWORDS_OF_FAILED {
                tokio::task::yield_now().await;
            }
            assert!(turns.check_password(false, || ()).await.is_ok(), "it waited in vain");
            assert_eq!(turns.taken(), MAX_PASSWORDS_OF_FAILED);
            *gate.0.lock().unwrap() = false;
            gate.1.notify_all();
            for guess in crowd {
                assert!(guess.await.unwrap().is_ok(), "each has its turn");
            }
        });
    }
}
