//! The parameters of a request, read as the daemon reads them: what it compares with a signature is what was understood here.

pub use keyfob_daemon::{Form as Query, FormError as QueryError};
