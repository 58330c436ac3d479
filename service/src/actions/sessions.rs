use keyfob_authority::{AccessKey, Error, SessionCredentials};
use serde::Serialize;
use zeroize::Zeroizing;

use super::Call;
use crate::answer::Outcome;
use crate::error::Failure;
use crate::time::rfc3339;
use crate::{arn, parameter};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GetSessionToken {
    credentials: Credentials,
}

/// What a session's requests are signed with, told once.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Credentials {
    access_key_id: String,
    secret_access_key: Zeroizing<String>,
    session_token: Zeroizing<String>,
    expiration: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct GetCallerIdentity {
    arn: String,
    user_id: String,
    account: &'static str,
}

/// Starts a session by a code of one of the caller's devices.
pub fn start(call: &Call) -> Result<Outcome, Failure> {
    let serial = parameter::optional_serial_number(call.query)?;
    let code = parameter::optional_token_code(call.query)?;
    let seconds = parameter::duration_seconds(call.query)?;
    let (Some(serial), Some(code)) = (serial, code) else {
        return Err(Failure::AccessDenied(
            "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."
                .into(),
        ));
    };
    if call.principal.with_code {
        return Err(Failure::AccessDenied("Cannot call GetSessionToken with session credentials".into()));
    }
    let code = Zeroizing::new(code.reveal());
    let account = &call.principal.account;
    let session = call.acts.start_session(account, &serial, &code, seconds, call.caller).map_err(denied)?;
    call.result(&GetSessionToken { credentials: credentials(&session) })
}

/// AWS tells nothing apart here but what can't be decided, and what another code would not mend.
fn denied(error: Error) -> Failure {
    let failure = Failure::from(error);
    match failure.as_aws() {
        Failure::InvalidAuthenticationCode | Failure::NoSuchEntity(_) => Failure::AccessDenied(
            "MultiFactorAuthentication failed with invalid MFA one time pass code.".into(),
        ),
        Failure::EntityTemporarilyUnmodifiable(message) => Failure::AccessDenied(message.clone()),
        _ => failure,
    }
}

fn credentials(session: &SessionCredentials) -> Credentials {
    let SessionCredentials { key: AccessKey { id, secret }, token, expires } = session;
    Credentials {
        access_key_id: id.to_string(),
        secret_access_key: Zeroizing::new(secret.reveal().to_owned()),
        session_token: Zeroizing::new(token.reveal().to_owned()),
        expiration: rfc3339(*expires),
    }
}

/// Says who the caller is.
pub fn caller_identity(call: &Call) -> Result<Outcome, Failure> {
    let account = call.acts.account(&call.principal.account)?;
    call.result(&GetCallerIdentity {
        arn: arn::of_user(account.name.as_str()),
        user_id: arn::user_id(&account),
        account: arn::ACCOUNT,
    })
}
