//! How many requests ask the daemon at the same time.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::MAX_ACTS;
use crate::error::Failure;

/// How many of them have a password checked, which takes seconds where it is wrong: others are never kept waiting by these.
const MAX_PASSWORDS: usize = 8;

/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// One turn for each request that may ask the daemon.
#[derive(Clone)]
pub struct Turns {
    acts: Arc<Semaphore>,
    passwords: Arc<Semaphore>,
}

impl Default for Turns {
    fn default() -> Self {
        let [acts, passwords] = [MAX_ACTS, MAX_PASSWORDS].map(|places| Arc::new(Semaphore::new(places)));
        Self { acts, passwords }
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

    /// Has the daemon check a password.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn check_password<T: Send + 'static>(
        &self,
        check: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let place = wait(&self.passwords).await?;
        self.ask(move || {
            let answer = check();
            drop(place);
            answer
        })
        .await
    }
}

async fn wait(places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Failure> {
    let place = timeout(PATIENCE, Arc::clone(places).acquire_owned()).await;
    place.ok().and_then(Result::ok).ok_or(Failure::ServiceUnavailable)
}
