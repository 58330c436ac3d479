use keyfob_core::{
    Code, Device, LimitExceeded, PairRefusal, SyncRange, Synchronised, UnixTime, VerifyWindow,
};
use wasm_bindgen::prelude::*;

use crate::given::{GivenDevice, time};
use crate::misuse::Misuse;
use crate::outcome;

/// Verifies one code (RFC 4226 §7.2, RFC 6238 §5.2): `{ ok: true, counter, position }` or `{ ok: false, reason, message }`.
///
/// # Errors
/// [`Misuse`] beyond what core supports.
#[wasm_bindgen]
pub fn verify(
    device: &GivenDevice,
    code: &str,
    now: f64,
    totp_steps: Option<u32>,
    hotp_look_ahead: Option<u32>,
) -> Result<JsValue, Misuse> {
    let device = device.parsed()?;
    let window = limited(VerifyWindow::new(
        totp_steps.unwrap_or(VerifyWindow::DEFAULT_TOTP_STEPS),
        hotp_look_ahead.unwrap_or(VerifyWindow::DEFAULT_HOTP_LOOK_AHEAD),
    ))?;
    Ok(match Code::from_typed(code) {
        Err(malformed) => outcome::refused(&malformed),
        Ok(code) => match keyfob_core::verify(&device, &code, time(now), window) {
            Ok(accepted) => outcome::found(accepted.counter, accepted.position),
            Err(refusal) => outcome::refused(&refusal),
        },
    })
}

/// Finds where a device stands by two consecutive codes, around now. With `totp_steps` the range is the narrower one inside a
/// sign-in.
///
/// # Errors
/// [`Misuse`] beyond what core supports.
#[wasm_bindgen]
pub fn associate(
    device: &GivenDevice,
    code1: &str,
    code2: &str,
    now: f64,
    totp_seconds: Option<u32>,
    totp_steps: Option<u32>,
    hotp_counters: Option<u32>,
) -> Result<JsValue, Misuse> {
    let range = range(totp_seconds, totp_steps, hotp_counters)?;
    synchronise(keyfob_core::associate, device, [code1, code2], time(now), range)
}

/// As [`associate`], around now and the known drift (RFC 4226 §7.4, RFC 6238 §6).
///
/// # Errors
/// [`Misuse`] beyond what core supports.
#[wasm_bindgen]
pub fn resynchronise(
    device: &GivenDevice,
    code1: &str,
    code2: &str,
    now: f64,
    totp_seconds: Option<u32>,
    totp_steps: Option<u32>,
    hotp_counters: Option<u32>,
) -> Result<JsValue, Misuse> {
    let range = range(totp_seconds, totp_steps, hotp_counters)?;
    synchronise(keyfob_core::resynchronise, device, [code1, code2], time(now), range)
}

type Synchronise = fn(&Device, &Code, &Code, UnixTime, SyncRange) -> Result<Synchronised, PairRefusal>;

fn synchronise(
    synchronise: Synchronise,
    device: &GivenDevice,
    [code1, code2]: [&str; 2],
    now: UnixTime,
    range: SyncRange,
) -> Result<JsValue, Misuse> {
    let device = device.parsed()?;
    Ok(match (Code::from_typed(code1), Code::from_typed(code2)) {
        (Err(malformed), _) | (_, Err(malformed)) => outcome::refused(&malformed),
        (Ok(code1), Ok(code2)) => match synchronise(&device, &code1, &code2, now, range) {
            Ok(synchronised) => outcome::found(synchronised.counter, synchronised.position),
            Err(refusal) => outcome::refused(&refusal),
        },
    })
}

fn range(
    totp_seconds: Option<u32>,
    totp_steps: Option<u32>,
    hotp_counters: Option<u32>,
) -> Result<SyncRange, Misuse> {
    limited(match totp_steps {
        Some(steps) => SyncRange::inside_sign_in(
            steps,
            hotp_counters.unwrap_or(SyncRange::DEFAULT_SIGN_IN_HOTP_COUNTERS),
        ),
        None => SyncRange::for_administrator(
            totp_seconds.unwrap_or(SyncRange::DEFAULT_TOTP_SECONDS),
            hotp_counters.unwrap_or(SyncRange::DEFAULT_HOTP_COUNTERS),
        ),
    })
}

fn limited<T>(limits: Result<T, LimitExceeded>) -> Result<T, Misuse> {
    limits.map_err(|why| Misuse::invalid("limit-exceeded", &why))
}
