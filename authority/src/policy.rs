/// The policy file as `keyfob init` writes it.
pub const DEFAULT_POLICY: &str = "";

/// The policy: windows, throttle, log.
pub struct Policy;
