use std::sync::{Arc, Mutex, PoisonError};

use crate::files::FileVersion;
use crate::{Files, Policy, Unusable};

/// The policy file: read when it has changed, and shared by all who need the policy.
pub struct PolicyFile {
    files: Files,
    read: Mutex<Option<(FileVersion, Arc<Policy>)>>,
}

impl PolicyFile {
    pub(crate) const fn new(files: Files) -> Self {
        Self { files, read: Mutex::new(None) }
    }

    /// What stands in it now.
    ///
    /// # Errors
    /// [`Unusable`] says why it can't be used.
    pub fn current(&self) -> Result<Arc<Policy>, Unusable> {
        let version = self.files.policy_version()?;
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, policy)) = &*read
            && *known == version
        {
            return Ok(Arc::clone(policy));
        }
        let policy = Arc::new(self.files.read_policy()?);
        *read = Some((version, Arc::clone(&policy)));
        Ok(policy)
    }
}
