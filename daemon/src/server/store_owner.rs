use std::io;
use std::sync::{Arc, Mutex};

use keyfob_authority::{
    Authorisation, Caller, Error, KeptOpen, LookedUp, Policy, PolicyFile, Proof, SharedAct, Surroundings,
    Unusable,
};

use super::lock;
use super::notifier::Notifier;
use crate::frame::Deadline;
use crate::protocol::{Reply, Request};

/// Gives the machine that the daemon runs on: what the time is, who has an account.
pub type Machine = Arc<dyn Fn() -> Surroundings + Send + Sync>;

/// Most acts that share one wait for the disk.
const MOST_TOGETHER: usize = 32;

/// The store, and the acts that wait for it. Whoever gets hold of the store does all that wait, in one transaction, so that a crowd shares
/// one wait for the disk and a single act waits for nobody.
pub struct StoreOwner {
    notifier: Notifier,
    policy: Arc<PolicyFile>,
    machine: Machine,
    /// Held by the one long import that the enrollment service may have under way.
    pub import: Mutex<()>,
    /// Held by the one search by codes that is under way.
    pub search: Mutex<()>,
    store: Mutex<KeptOpen>,
    waiting: Mutex<Vec<Arc<Job>>>,
}

/// Told how many devices of an import have been looked at.
pub type Progress = Box<dyn Fn(usize) + Send + Sync>;

/// An act that waits, or has been done.
pub struct Job {
    /// On whose behalf, where it is the enrollment service that asks.
    pub on_behalf: Option<(Proof, Caller)>,
    pub request: Request,
    pub looked_up: LookedUp,
    /// After which nobody waits for the answer: it is not begun any more, so that no code is spent for nothing.
    pub deadline: Deadline,
    pub progress: Option<Progress>,
    pub outcome: Mutex<Option<Result<Reply, Error>>>,
}

impl StoreOwner {
    pub fn new(store: KeptOpen, machine: Machine) -> io::Result<Self> {
        let policy = store.policy();
        let notifier = Notifier::start(Arc::clone(&policy))?;
        Ok(Self {
            notifier,
            policy,
            machine,
            import: Mutex::default(),
            search: Mutex::default(),
            store: Mutex::new(store),
            waiting: Mutex::default(),
        })
    }

    /// The machine it runs on.
    pub fn machine(&self) -> Surroundings {
        (self.machine)()
    }

    /// The policy as it stands in its file now.
    pub fn policy(&self) -> Result<Arc<Policy>, Unusable> {
        self.policy.current()
    }

    /// Does an act. Its outcome is on disk when this returns.
    pub fn run(&self, job: &Arc<Job>) -> Result<Reply, Error> {
        lock(&self.waiting).push(Arc::clone(job));
        let mut store = lock(&self.store);
        loop {
            if let Some(outcome) = lock(&job.outcome).take() {
                return outcome;
            }
            let jobs = self.next_jobs();
            if jobs.is_empty() {
                return Err(Unusable::NoOutcome.into());
            }
            perform(&mut store, &self.machine(), &jobs);
            self.notifier.tell(store.take_notifications());
        }
    }

    fn next_jobs(&self) -> Vec<Arc<Job>> {
        let mut waiting = lock(&self.waiting);
        let number = waiting.len().min(MOST_TOGETHER);
        waiting.drain(..number).collect()
    }
}

fn perform(store: &mut KeptOpen, machine: &Surroundings, jobs: &[Arc<Job>]) {
    let acts: Vec<_> =
        jobs.iter().map(|job| |authority: &dyn Authorisation| job.perform(authority)).collect();
    let shared: Vec<SharedAct<'_, Reply>> =
        jobs.iter().zip(&acts).map(|(job, act)| (&job.looked_up, act as _)).collect();
    for (job, outcome) in jobs.iter().zip(store.run(machine, &shared)) {
        *lock(&job.outcome) = Some(outcome);
    }
}

impl Job {
    fn perform(&self, authority: &dyn Authorisation) -> Result<Reply, Error> {
        if self.deadline.left().is_err() {
            return Err(Unusable::Remote("the store was busy for too long: try again".into()).into());
        }
        let progress = &mut |looked_at| {
            if let Some(progress) = &self.progress {
                progress(looked_at);
            }
        };
        match &self.on_behalf {
            Some((proof, caller)) => self.request.perform_on_behalf(authority, (proof, caller), progress),
            None => self.request.perform(authority, progress),
        }
    }
}
