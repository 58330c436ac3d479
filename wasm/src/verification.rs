use keyfob_core::{
    Code, Device, LimitExceeded, PairRefusal, Position, SyncRange, Synchronised, UnixTime, VerifyWindow,
};
use wasm_bindgen::prelude::*;

use crate::arguments::{self, optional, small_number};
use crate::misuse::Misuse;
use crate::outcome::Outcome;
use crate::properties::{self, Properties, optional_object};

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
    outcome.set_counter(counter);
    outcome.set_position(&Outcome::position(position));
    outcome
}

fn window(policy: Option<&Properties>) -> Result<VerifyWindow, Misuse> {
    let Some(policy) = policy else {
        return Ok(VerifyWindow::default());
    };
    let steps = number("totpSteps", &policy.totp_steps()?, VerifyWindow::DEFAULT_TOTP_STEPS)?;
    let ahead = number("hotpLookAhead", &policy.hotp_look_ahead()?, VerifyWindow::DEFAULT_HOTP_LOOK_AHEAD)?;
    limited(VerifyWindow::new(steps, ahead))
}

/// With `totpSteps` it is the narrower range inside a sign-in.
fn range(policy: Option<&Properties>) -> Result<SyncRange, Misuse> {
    let Some(policy) = policy else {
        return Ok(SyncRange::administrator_default());
    };
    let (steps, seconds, counters) = (policy.totp_steps()?, policy.totp_seconds()?, policy.hotp_counters()?);
    if steps.is_undefined() {
        let seconds = number("totpSeconds", &seconds, SyncRange::DEFAULT_TOTP_SECONDS)?;
        let counters = number("hotpCounters", &counters, SyncRange::DEFAULT_HOTP_COUNTERS)?;
        return limited(SyncRange::for_administrator(seconds, counters));
    }
    if !seconds.is_undefined() {
        return Err(Misuse::out_of_range("policy", "given totpSteps or totpSeconds, not both"));
    }
    let steps = small_number("totpSteps", &steps)?;
    let counters = number("hotpCounters", &counters, SyncRange::DEFAULT_SIGN_IN_HOTP_COUNTERS)?;
    limited(SyncRange::inside_sign_in(steps, counters))
}

fn number(name: &str, value: &JsValue, default: u32) -> Result<u32, Misuse> {
    optional(value, default, |value| small_number(name, value))
}

fn limited<T>(limits: Result<T, LimitExceeded>) -> Result<T, Misuse> {
    limits.map_err(|why| Misuse::invalid("limit-exceeded", &why))
}
