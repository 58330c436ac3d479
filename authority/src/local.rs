use crate::{Files, Surroundings};

/// The acts themselves: opens policy, master key and store for one act at a time. Every method is one open, one transaction, one
/// close, so nothing is held while a person types.
pub struct LocalAuthority {
    pub(crate) files: Files,
    pub(crate) surroundings: Surroundings,
}

impl LocalAuthority {
    /// Nothing is opened yet.
    #[must_use]
    pub fn new(files: Files, surroundings: Surroundings) -> Self {
        Self { files, surroundings }
    }
}
