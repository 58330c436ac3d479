//! What pages pass, as `package/arguments.js` has read it: every property is there and of its type.

use alloc::string::String;
use alloc::vec::Vec;

use keyfob_core::{
    Algorithm, Device, Digits, Drift, MovingFactor, Parameters, Period, Position, Secret, TimeSteps, UnixTime,
};
use wasm_bindgen::prelude::*;

use crate::misuse::Misuse;

#[wasm_bindgen]
extern "C" {
    /// How a device computes its codes.
    pub type GivenParameters;

    #[wasm_bindgen(method, getter)]
    fn algorithm(this: &GivenParameters) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn digits(this: &GivenParameters) -> Option<u32>;
    /// Of a TOTP device alone.
    #[wasm_bindgen(method, getter)]
    fn period(this: &GivenParameters) -> Option<u32>;
    #[wasm_bindgen(method, getter)]
    fn t0(this: &GivenParameters) -> f64;

    /// A device with its secret, and where it stands.
    #[wasm_bindgen(extends = GivenParameters)]
    pub type GivenDevice;

    #[wasm_bindgen(method, getter)]
    fn secret(this: &GivenDevice) -> Vec<u8>;
    #[wasm_bindgen(method, getter)]
    fn accepted(this: &GivenDevice) -> Option<u64>;
    #[wasm_bindgen(method, getter)]
    fn drift(this: &GivenDevice) -> f64;
    #[wasm_bindgen(method, getter, js_name = entryDelay)]
    fn entry_delay(this: &GivenDevice) -> u32;
}

impl GivenParameters {
    /// # Errors
    /// [`Misuse`] beyond what core supports.
    pub(crate) fn parsed(&self) -> Result<Parameters, Misuse> {
        let moving_factor = match self.period() {
            None => MovingFactor::Counter,
            Some(seconds) => {
                let TimeSteps { period, t0 } = time_steps(seconds, self.t0())?;
                MovingFactor::Time { period, t0 }
            }
        };
        parameters(moving_factor, self.algorithm(), self.digits())
    }
}

impl GivenDevice {
    /// # Errors
    /// [`Misuse`] beyond what core supports.
    pub(crate) fn parsed(&self) -> Result<Device, Misuse> {
        Ok(Device::new(&self.parsed_secret()?, GivenParameters::parsed(self)?, self.position()))
    }

    /// # Errors
    /// [`Misuse`] beyond the lengths of secrets.
    pub(crate) fn parsed_secret(&self) -> Result<Secret, Misuse> {
        secret(self.secret())
    }

    #[expect(clippy::cast_possible_truncation, reason = "the number is whole and safe")]
    fn position(&self) -> Position {
        let drift = Drift { seconds: self.drift() as i64, entry_delay: self.entry_delay() };
        Position { accepted: self.accepted(), drift }
    }
}

pub fn secret(bytes: Vec<u8>) -> Result<Secret, Misuse> {
    Secret::new(bytes.into_boxed_slice()).map_err(|why| Misuse::invalid("invalid-secret", &why))
}

/// HMAC-SHA-1 and 6 digits where nothing else is said.
pub fn parameters(
    moving_factor: MovingFactor,
    algorithm: Option<String>,
    digits: Option<u32>,
) -> Result<Parameters, Misuse> {
    let algorithm = algorithm.map_or(Ok(Algorithm::Sha1), |name| name.parse());
    let digits = digits.map_or(Ok(Digits::SIX), Digits::new);
    Ok(Parameters {
        moving_factor,
        algorithm: algorithm.map_err(|why| Misuse::invalid("unsupported-algorithm", &why))?,
        digits: digits.map_err(|why| Misuse::invalid("unsupported-digits", &why))?,
    })
}

pub fn time_steps(period: u32, t0: f64) -> Result<TimeSteps, Misuse> {
    let period = Period::from_seconds(period)
        .ok_or_else(|| Misuse::new("out-of-range", "period has to be at least one second"))?;
    Ok(TimeSteps { period, t0: time(t0) })
}

/// Seconds since 1970, whole and not beyond the year 9999.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number is whole and within limits"
)]
pub const fn time(seconds: f64) -> UnixTime {
    UnixTime(seconds as u64)
}
