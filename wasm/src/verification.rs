use keyfob_core::{
    Code, Device, LimitExceeded, PairRefusal, Position, SyncRange, Synchronised, UnixTime, VerifyWindow,
};
use wasm_bindgen::prelude::*;

use crate::arguments::{self, small_number};
use crate::misuse::Misuse;
use crate::outcome::Outcome;
use crate::properties::{self, Getter, Properties, optional_object};

/// Verifies one code (RFC 4226 §7.2, RFC 6238 §5.2): `{ ok: true, counter, position }` or `{ ok: false, reason, message }`.
///
/// # Errors
/// [`Misuse`] names the argument.
#[wasm_bindgen]
pub fn verify(device: &JsValue, code: &JsValue, now: &JsValue, policy: &JsValue) -> Result<Outcome, Misuse> {
    let device = properties::device(device)?;
    let code = Code::from_typed(&arguments::text("code", code)?);
    let now = arguments::time("now", now)?;
    let window = window(optional_object("policy", policy)?)?;
    Ok(match code {
        Err(malformed) => Outcome::refused(&malformed),
        Ok(code) => match keyfob_core::verify(&device, &code, now, window) {
            Ok(accepted) => found(accepted.counter, accepted.position),
            Err(refusal) => Outcome::refused(&refusal),
        },
    })
}

/// Finds where a device stands by two consecutive codes, around now.
///
/// # Errors
/// [`Misuse`] names the argument.
#[wasm_bindgen]
pub fn associate(
    device: &JsValue,
    code1: &JsValue,
    code2: &JsValue,
    now: &JsValue,
    policy: &JsValue,
) -> Result<Outcome, Misuse> {
    synchronise(keyfob_core::associate, device, [code1, code2], now, policy)
}

/// As [`associate`], around now and the known drift (RFC 4226 §7.4, RFC 6238 §6).
///
/// # Errors
/// [`Misuse`] names the argument.
#[wasm_bindgen]
pub fn resynchronise(
    device: &JsValue,
    code1: &JsValue,
    code2: &JsValue,
    now: &JsValue,
    policy: &JsValue,
) -> Result<Outcome, Misuse> {
    synchronise(keyfob_core::resynchronise, device, [code1, code2], now, policy)
}

type Synchronise = fn(&Device, &Code, &Code, UnixTime, SyncRange) -> Result<Synchronised, PairRefusal>;

fn synchronise(
    synchronise: Synchronise,
    device: &JsValue,
    [code1, code2]: [&JsValue; 2],
    now: &JsValue,
    policy: &JsValue,
) -> Result<Outcome, Misuse> {
    let device = properties::device(device)?;
    let code1 = Code::from_typed(&arguments::text("code1", code1)?);
    let code2 = Code::from_typed(&arguments::text("code2", code2)?);
    let now = arguments::time("now", now)?;
    let range = range(optional_object("policy", policy)?)?;
    Ok(match (code1, code2) {
        (Err(malformed), _) | (_, Err(malformed)) => Outcome::refused(&malformed),
        (Ok(code1), Ok(code2)) => match synchronise(&device, &code1, &code2, now, range) {
            Ok(synchronised) => found(synchronised.counter, synchronised.position),
            Err(refusal) => Outcome::refused(&refusal),
        },
    })
}

fn found(counter: u64, position: Position) -> Outcome {
    let outcome = Outcome::accepted();
    outcome.set_counter("counter", counter);
    outcome.set("position", &Outcome::position(position));
    outcome
}

fn window(policy: Option<&Properties>) -> Result<VerifyWindow, Misuse> {
    let Some(policy) = policy else {
        return Ok(VerifyWindow::default());
    };
    let steps = policy.optional(
        "totpSteps",
        Properties::totp_steps,
        VerifyWindow::DEFAULT_TOTP_STEPS,
        small_number,
    )?;
    let ahead = policy.optional(
        "hotpLookAhead",
        Properties::hotp_look_ahead,
        VerifyWindow::DEFAULT_HOTP_LOOK_AHEAD,
        small_number,
    )?;
    limited(VerifyWindow::new(steps, ahead))
}

/// With `totpSteps` it is the narrower range inside a sign-in.
fn range(policy: Option<&Properties>) -> Result<SyncRange, Misuse> {
    let Some(policy) = policy else {
        return Ok(SyncRange::administrator_default());
    };
    let number = |name, getter: Getter| {
        policy.optional(name, getter, None, |name, value| small_number(name, value).map(Some))
    };
    let steps = number("totpSteps", Properties::totp_steps)?;
    let seconds = number("totpSeconds", Properties::totp_seconds)?;
    let counters = number("hotpCounters", Properties::hotp_counters)?;
    limited(match (steps, seconds) {
        (Some(_), Some(_)) => {
            return Err(Misuse::out_of_range("policy", "given totpSteps or totpSeconds, not both"));
        }
        (Some(steps), None) => {
            SyncRange::inside_sign_in(steps, counters.unwrap_or(SyncRange::DEFAULT_SIGN_IN_HOTP_COUNTERS))
        }
        (None, seconds) => SyncRange::for_administrator(
            seconds.unwrap_or(SyncRange::DEFAULT_TOTP_SECONDS),
            counters.unwrap_or(SyncRange::DEFAULT_HOTP_COUNTERS),
        ),
    })
}

fn limited<T>(limits: Result<T, LimitExceeded>) -> Result<T, Misuse> {
    limits.map_err(|why| Misuse::invalid("limit-exceeded", &why))
}
