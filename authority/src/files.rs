use std::path::PathBuf;

/// Where store, policy and master key are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// The store.
    pub store: PathBuf,
    /// The policy.
    pub policy: PathBuf,
    /// The master key.
    pub key: PathBuf,
}

impl Files {
    /// The system's store and policy, or others. The master key always stands beside the policy.
    #[must_use]
    pub fn new(store: Option<PathBuf>, policy: Option<PathBuf>) -> Self {
        let policy = policy.unwrap_or_else(|| "/etc/keyfob/keyfob.toml".into());
        let store = store.unwrap_or_else(|| "/var/lib/keyfob/keyfob.db".into());
        Self { store, key: policy.with_file_name("master.key"), policy }
    }
}
