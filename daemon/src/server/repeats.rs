//! How signed changes ended, for whoever has lost the answer and asks again. What is secret is told once, and so is what is long.

use keyfob_authority::{AccessRefusal, Error, Refused, RememberedChange, Unusable};

use crate::protocol::{Reply, Request};

/// Whoever wrote it: another version may read it otherwise.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What is kept of an outcome: of some nothing, and what can't be decided is undone.
pub fn ended(
    request: &Request,
    outcome: &Result<Reply, Error>,
) -> Result<Option<RememberedChange>, Unusable> {
    let kept = match outcome {
        Ok(reply) if may_be_told_again(request) => Ok(reply),
        Err(Error::Refused(refused)) => Err(refused),
        Ok(_) | Err(Error::Unusable(_)) => return Ok(None),
    };
    let outcome = postcard::to_allocvec(&(VERSION, kept)).map_err(|_| Unusable::NoOutcome)?;
    Ok(Some(RememberedChange { outcome: Some(outcome) }))
}

/// How a change that was done before has ended.
pub fn outcome(change: &RememberedChange) -> Result<Reply, Error> {
    let kept = change.outcome.as_deref().and_then(read);
    Ok(kept.unwrap_or_else(|| Err(AccessRefusal::Repeated.into()))?)
}

fn read(kept: &[u8]) -> Option<Result<Reply, Refused>> {
    let (version, rest) = postcard::take_from_bytes::<&str>(kept).ok()?;
    if version != VERSION {
        return None;
    }
    postcard::from_bytes(rest).ok()
}

/// Not those of which a secret comes, and those that are only begun.
const fn may_be_told_again(request: &Request) -> bool {
    matches!(
        request,
        Request::Associate { .. }
            | Request::Resynchronise { .. }
            | Request::Deactivate { .. }
            | Request::RemoveDevice { .. }
            | Request::TagDevice { .. }
            | Request::UntagDevice { .. }
            | Request::AddAccount { .. }
            | Request::RemoveAccount { .. }
            | Request::UnlockAccount { .. }
            | Request::EndBrowserSession { .. }
    )
}
