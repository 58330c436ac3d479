use crate::{Files, Surroundings, Unusable};

/// What [`init`] made; what was there already is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Initialised {
    /// The store is new.
    pub store: bool,
    /// The policy is new.
    pub policy: bool,
    /// The master key is new.
    pub key: bool,
}

/// Makes store, policy and master key, and their folders, where they are missing. A missing key of an existing store is never made anew.
///
/// # Errors
/// [`Unusable`] where something can't be made, or what is there can't be used.
pub fn init(files: &Files, surroundings: &Surroundings) -> Result<Initialised, Unusable> {
    todo!()
}
