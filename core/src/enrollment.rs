use alloc::borrow::Cow;
use alloc::string::String;
use thiserror::Error;

use crate::texts::{Message, around, decimal, joined};
use crate::time_step::TimeSteps;
use crate::{
    Code, Digits, InvalidSerialNumber, MalformedCode, MovingFactor, Parameters, Period, SerialNumber,
    UnixTime,
};

/// The steps that page and terminal share when a device is associated or resynchronised: serial number (twice for root) → first
/// code → wait for the next → second code → submit. It sees the mistakes that show without the secret.
///
/// ```
/// use keyfob_core::{Enrollment, Mistake, Step, UnixTime};
///
/// let mut enrollment = Enrollment::new(false);
/// assert_eq!(enrollment.step(UnixTime(1000)).label(), Some("Serial Number"));
/// enrollment.enter("2308701201234", UnixTime(1000))?;
/// // Who can look the device up tells how it counts here: `enrollment.describe(&parameters)`.
///
/// assert_eq!(enrollment.step(UnixTime(1015)), Step::FirstCode);
/// enrollment.enter("123456", UnixTime(1015))?;
/// assert_eq!(enrollment.step(UnixTime(1017)), Step::Wait(3));
/// assert_eq!(enrollment.enter("123456", UnixTime(1018)), Err(Mistake::SameCode));
/// assert_eq!(enrollment.step(UnixTime(1020)), Step::SecondCode);
/// enrollment.enter("654321", UnixTime(1024))?;
///
/// assert_eq!(enrollment.step(UnixTime(1025)), Step::Submit);
/// let submission = enrollment.submission().ok_or("not complete")?;
/// assert_eq!(submission.serial.as_str(), "2308701201234");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Enrollment {
    for_root: bool,
    moving_factor: MovingFactor,
    digits: Option<Digits>,
    serial: Option<SerialNumber>,
    serial_was_repeated: bool,
    first: Option<FirstCode>,
    code2: Option<Code>,
}

#[derive(Debug)]
struct FirstCode {
    code: Code,
    entered_at: UnixTime,
}

/// What to ask for or to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Ask for the Serial Number.
    SerialNumber,
    /// Ask for the Serial Number once more (for root).
    SerialNumberAgain,
    /// Ask for Authentication Code 1.
    FirstCode,
    /// Show the wait for the next code, in seconds; entering Authentication Code 2 is possible meanwhile. Say "about": the
    /// device's clock may stand some seconds off.
    Wait(u64),
    /// Ask for Authentication Code 2.
    SecondCode,
    /// Ask to press the device's button once more, and for Authentication Code 2: an HOTP device needs no wait.
    SecondCodeAfterPress,
    /// Everything is there: submit.
    Submit,
}

/// A mistake that can be seen without the secret. The step stays the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{}", self.message())]
pub enum Mistake {
    /// No serial number looks like this.
    #[error(transparent)]
    SerialNumber(#[from] InvalidSerialNumber),
    /// The serial number was not the same the second time.
    OtherSerialNumber,
    /// No code looks like this.
    #[error(transparent)]
    Code(#[from] MalformedCode),
    /// The code has another length than the device's codes.
    WrongLength(Digits),
    /// The second code equals the first.
    SameCode,
    /// Something was entered after the second code.
    NothingToEnter,
}

impl Message for Mistake {
    fn message(&self) -> Cow<'static, str> {
        match self {
            Self::SerialNumber(why) => why.message(),
            Self::OtherSerialNumber => {
                "the serial numbers differ: type the one on the back of the device again".into()
            }
            Self::Code(why) => why.message(),
            Self::WrongLength(digits) => around("this device's codes have ", digits.get().into(), " digits"),
            Self::SameCode => "both codes are the same. Wait for the next code".into(),
            Self::NothingToEnter => "nothing is left to enter: submit".into(),
        }
    }
}

/// What an [`Enrollment`] collects.
#[derive(Debug)]
pub struct Submission {
    /// The device.
    pub serial: SerialNumber,
    /// Authentication Code 1.
    pub code1: Code,
    /// Authentication Code 2.
    pub code2: Code,
}

impl Enrollment {
    /// Starts. `for_root` asks for the serial number twice.
    #[must_use]
    pub const fn new(for_root: bool) -> Self {
        Self {
            for_root,
            moving_factor: MovingFactor::Time { period: Period::THIRTY_SECONDS, t0: UnixTime(0) },
            digits: None,
            serial: None,
            serial_was_repeated: false,
            first: None,
            code2: None,
        }
    }

    /// Tells how the device counts, once its serial number is known. Without it, as in a browser, the wait is that of a 30 s
    /// step and a code of any length is taken.
    pub const fn describe(&mut self, parameters: &Parameters) {
        self.moving_factor = parameters.moving_factor;
        self.digits = Some(parameters.digits);
    }

    /// The serial number, once it was entered, so that the device can be looked up.
    #[must_use]
    pub const fn serial(&self) -> Option<&SerialNumber> {
        self.serial.as_ref()
    }

    /// What to ask for or to do now.
    #[must_use]
    pub fn step(&self, now: UnixTime) -> Step {
        match (&self.serial, &self.first, &self.code2) {
            (None, ..) => Step::SerialNumber,
            (Some(_), ..) if self.for_root && !self.serial_was_repeated => Step::SerialNumberAgain,
            (Some(_), None, _) => Step::FirstCode,
            (Some(_), Some(first), None) => self.second_code(first.entered_at, now),
            (Some(_), Some(_), Some(_)) => Step::Submit,
        }
    }

    /// Takes what was typed for the current step, as [`SerialNumber::from_typed`] and [`Code::from_typed`] read it.
    ///
    /// # Errors
    /// [`Mistake`] says what to correct; the step stays the same.
    pub fn enter(&mut self, text: &str, now: UnixTime) -> Result<(), Mistake> {
        match self.step(now) {
            Step::SerialNumber => self.serial = Some(SerialNumber::from_typed(text)?),
            Step::SerialNumberAgain => self.repeat_serial(&SerialNumber::from_typed(text)?)?,
            Step::FirstCode => self.first = Some(FirstCode { code: self.code(text)?, entered_at: now }),
            Step::Wait(_) | Step::SecondCode | Step::SecondCodeAfterPress => self.enter_second(text)?,
            Step::Submit => return Err(Mistake::NothingToEnter),
        }
        Ok(())
    }

    /// Forgets the codes and keeps the serial number, after a refusal.
    pub fn start_codes_again(&mut self) {
        self.first = None;
        self.code2 = None;
    }

    /// What was collected; `None` before [`Step::Submit`].
    #[must_use]
    pub fn submission(mut self) -> Option<Submission> {
        self.take_submission()
    }

    /// Hands over what was collected and forgets the codes; the serial number stays, for another try after a refusal. `None` before
    /// [`Step::Submit`].
    pub fn take_submission(&mut self) -> Option<Submission> {
        let serial = self.serial.clone()?;
        let code2 = self.code2.take()?;
        Some(Submission { serial, code1: self.first.take()?.code, code2 })
    }

    /// An HOTP device shows its next code when asked; a TOTP device at the end of the step in which the first one was typed.
    fn second_code(&self, entered_at: UnixTime, now: UnixTime) -> Step {
        let MovingFactor::Time { period, t0 } = self.moving_factor else {
            return Step::SecondCodeAfterPress;
        };
        let steps = TimeSteps { period, t0 };
        let next_code_at = steps.start(steps.at(entered_at.0.into()) + 1);
        // No longer than a period, even where the clock was set back meanwhile.
        let wait = (next_code_at - i128::from(now.0)).min(period.seconds().into());
        match u64::try_from(wait) {
            Ok(seconds @ 1..) => Step::Wait(seconds),
            Ok(0) | Err(_) => Step::SecondCode,
        }
    }

    fn repeat_serial(&mut self, again: &SerialNumber) -> Result<(), Mistake> {
        if self.serial.as_ref() != Some(again) {
            return Err(Mistake::OtherSerialNumber);
        }
        self.serial_was_repeated = true;
        Ok(())
    }

    fn enter_second(&mut self, text: &str) -> Result<(), Mistake> {
        let code = self.code(text)?;
        if self.first.as_ref().is_some_and(|first| first.code.is_same_as(&code)) {
            return Err(Mistake::SameCode);
        }
        self.code2 = Some(code);
        Ok(())
    }

    fn code(&self, text: &str) -> Result<Code, Mistake> {
        let code = Code::from_typed(text)?;
        match self.digits {
            Some(digits) if digits != code.digits() => Err(Mistake::WrongLength(digits)),
            _ => Ok(code),
        }
    }
}

impl Step {
    /// The label of what is asked for, in AWS's words; `None` where nothing is.
    #[must_use]
    pub const fn label(self) -> Option<&'static str> {
        match self {
            Self::SerialNumber => Some("Serial Number"),
            Self::SerialNumberAgain => Some("Re-Enter Serial Number"),
            Self::FirstCode => Some("Authentication Code 1"),
            Self::Wait(_) | Self::SecondCode | Self::SecondCodeAfterPress => Some("Authentication Code 2"),
            Self::Submit => None,
        }
    }

    /// What to tell while Authentication Code 2 is asked for; `None` at the other steps.
    #[must_use]
    pub fn notice(self) -> Option<String> {
        match self {
            Self::Wait(seconds) => {
                Some(joined(&["Wait about ", &decimal(seconds, 1), " s for the next code."]))
            }
            Self::SecondCode => Some("The device shows its next code now.".into()),
            Self::SecondCodeAfterPress => Some("Press the device's button once more.".into()),
            Self::SerialNumber | Self::SerialNumberAgain | Self::FirstCode | Self::Submit => None,
        }
    }
}
