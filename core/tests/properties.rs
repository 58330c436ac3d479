//! Random devices, times and codes against an independent implementation and against windows written out naively.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::ops::RangeInclusive;

use common::{ALGORITHMS, code, independent, secret};
use keyfob_core::{
    Device, Digits, Drift, MovingFactor, Otpauth, PairRefusal, Parameters, Position, RecoveryCode, Refusal,
    SyncRange, UnixTime, VerifyWindow, associate, resynchronise, verify,
};
use proptest::prelude::*;

/// A device's secret and parameters, to compute its codes with and without us.
#[derive(Clone, Debug)]
struct Token {
    secret: Vec<u8>,
    parameters: Parameters,
}

impl Token {
    fn at(&self, position: Position) -> Device {
        Device::new(&secret(&self.secret), self.parameters, position)
    }

    fn independent(&self, counter: u64) -> String {
        independent(&self.secret, self.parameters.algorithm, self.parameters.digits, counter)
    }

    /// The counters of `range` that exist and whose code is `text`.
    fn matches(&self, text: &str, range: RangeInclusive<i128>) -> Vec<u64> {
        let existing = range.filter_map(|counter| u64::try_from(counter).ok());
        existing.filter(|counter| self.independent(*counter) == text).collect()
    }

    /// Period and T0, in seconds.
    fn timing(&self) -> (i128, i128) {
        match self.parameters.moving_factor {
            MovingFactor::Time { period, t0 } => (period.seconds().into(), t0.0.into()),
            MovingFactor::Counter => panic!("HOTP has no steps"),
        }
    }

    /// The step at a time in seconds: counted up or down from T0 by whole periods.
    fn step(&self, seconds: i128) -> i128 {
        let (period, t0) = self.timing();
        let since = seconds - t0;
        if since < 0 { -((period - 1 - since) / period) } else { since / period }
    }

    /// What `verify` has to say about `text`, where `window` is looked at.
    fn verdict(
        &self,
        text: &str,
        accepted: Option<u64>,
        window: RangeInclusive<i128>,
    ) -> Result<u64, Refusal> {
        let matches = self.matches(text, window);
        match matches.iter().find(|counter| accepted.is_none_or(|accepted| **counter > accepted)) {
            Some(counter) => Ok(*counter),
            None if matches.is_empty() => Err(Refusal::Wrong),
            None => Err(Refusal::AlreadyUsed),
        }
    }
}

fn secrets() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 16..=128)
}

fn tokens(moving_factor: impl Strategy<Value = MovingFactor>) -> impl Strategy<Value = Token> {
    let digits = (6..=10_u32).prop_map(|digits| Digits::new(digits).unwrap());
    let parameters = (moving_factor, prop::sample::select(&ALGORITHMS[..]), digits);
    (secrets(), parameters).prop_map(|(secret, (moving_factor, algorithm, digits))| Token {
        secret,
        parameters: Parameters { moving_factor, algorithm, digits },
    })
}

fn hotp() -> impl Strategy<Value = Token> {
    tokens(Just(MovingFactor::Counter))
}

/// Periods of 1 s to 2 minutes, the common ones often; T0 in 1970 or later.
fn totp() -> impl Strategy<Value = Token> {
    let periods = prop_oneof![Just(30), Just(60), 1..=120_u32];
    let t0 = prop_oneof![Just(0), 0..2_000_000_000_u64];
    tokens((periods, t0).prop_map(|(period, t0)| common::time(period, t0)))
}

/// Small ones, any, and those next to the last.
fn counters() -> impl Strategy<Value = u64> {
    prop_oneof![0..300_u64, any::<u64>(), (0..300_u64).prop_map(|below| u64::MAX - below)]
}

/// A code at `offset` of `counter` where there is one, or else six zeros and the like.
fn code_near(token: &Token, counter: i128, offset: i128) -> String {
    match u64::try_from(counter + offset) {
        Ok(counter) => token.independent(counter),
        Err(_) => "0".repeat(token.parameters.digits.get().into()),
    }
}

proptest! {
    #[test]
    fn codes_are_those_of_another_implementation(token in hotp(), counter in counters()) {
        prop_assert_eq!(token.at(Position::default()).code_at(counter).reveal(), token.independent(counter));
    }

    #[test]
    fn hotp_accepts_what_a_naive_window_accepts(
        token in hotp(),
        accepted in prop::option::of(counters()),
        look_ahead in 1..=20_u32,
        offset in -25..=25_i128,
    ) {
        let next = accepted.map_or(0, |accepted| i128::from(accepted) + 1);
        let ahead = i128::from(look_ahead);
        let text = code_near(&token, next, offset);
        let device = token.at(Position { accepted, drift: Drift::default() });
        let outcome = verify(&device, &code(&text), UnixTime(0), VerifyWindow::new(0, look_ahead).unwrap());
        let expected = token.verdict(&text, accepted, next - ahead..=next + ahead - 1);
        prop_assert_eq!(outcome.map(|it| it.counter), expected);
        if let Ok(it) = outcome {
            prop_assert_eq!(it.position, Position { accepted: Some(it.counter), drift: Drift::default() });
        }
    }

    #[test]
    fn totp_accepts_what_a_naive_window_accepts(
        token in totp(),
        now in prop_oneof![0..500_u64, 0..4_000_000_000_u64, Just(u64::MAX)],
        seconds in prop_oneof![-1000..=1000_i64, any::<i64>()],
        entry_delay in 0..=400_u32,
        width in 0..=10_u32,
        accepted_offset in prop::option::of(-12..=12_i128),
        offset in -15..=30_i128,
    ) {
        let device_time = i128::from(now) + i128::from(seconds);
        let middle = token.step(device_time);
        let (period, _) = token.timing();
        let latest = token.step(device_time + i128::from(entry_delay).min(10 * period).min(300));
        let accepted = accepted_offset.and_then(|offset| u64::try_from(middle + offset).ok());
        let text = code_near(&token, middle, offset);
        let device = token.at(Position { accepted, drift: Drift { seconds, entry_delay } });
        let outcome = verify(&device, &code(&text), UnixTime(now), VerifyWindow::new(width, 1).unwrap());
        let expected = token.verdict(&text, accepted, middle - i128::from(width)..=latest + i128::from(width));
        prop_assert_eq!(outcome.map(|it| it.counter), expected);
    }

    #[test]
    fn pairs_are_accepted_where_a_naive_range_accepts_them(
        token in totp(),
        now in prop_oneof![0..500_u64, 1_000_000_000..4_000_000_000_u64],
        seconds in -100_000..=100_000_i64,
        steps in 0..=12_u32,
        accepted_offset in prop::option::of(-15..=15_i128),
        (first, second) in (-30..=30_i128, prop_oneof![4 => Just(1), 1 => -3..=3_i128]),
    ) {
        let middle = token.step(i128::from(now) + i128::from(seconds));
        let accepted = accepted_offset.and_then(|offset| u64::try_from(middle + offset).ok());
        let texts = [code_near(&token, middle, first), code_near(&token, middle, first + second)];
        let device = token.at(Position { accepted, drift: Drift { seconds, entry_delay: 0 } });
        let range = SyncRange::inside_sign_in(steps, 2).unwrap();
        let outcome = resynchronise(&device, &code(&texts[0]), &code(&texts[1]), UnixTime(now), range);
        let reach = i128::from(steps);
        let expected = pair_verdict(&token, &texts, accepted, middle - reach..=middle + reach, 2 * reach);
        prop_assert_eq!(outcome.map(|it| it.counter), expected);
    }

    #[test]
    fn after_association_the_next_code_signs_in_and_the_pair_does_not(
        token in totp(),
        shown_at in 2_000_100_000..4_000_000_000_u64,
        clock in -3000..=3000_i64,
        delay in 0..=300_u64,
        later in 1..=5000_u64,
        resync in any::<bool>(),
    ) {
        // Code 2 is shown at `shown_at` by a clock that is `clock` seconds ahead, and typed `delay` seconds later.
        let period = u64::try_from(token.timing().0).unwrap();
        let delay = delay.min(10 * period);
        let shown = |time: u64| u64::try_from(token.step(i128::from(time) + i128::from(clock))).unwrap();
        let step = shown(shown_at);
        let [code1, code2] = [step - 1, step].map(|step| code(&token.independent(step)));
        prop_assume!(code1.reveal() != code2.reveal());
        let act = if resync { resynchronise } else { associate };
        let typed_at = UnixTime(shown_at + delay);
        let range = SyncRange::for_administrator(3600, 2).unwrap();
        let position = act(&token.at(Position::default()), &code1, &code2, typed_at, range).unwrap().position;
        let device = token.at(position);
        for spent in [&code1, &code2] {
            prop_assert!(verify(&device, spent, typed_at, VerifyWindow::default()).is_err());
        }
        // The next code, or a later one, typed while the device shows it.
        let now = typed_at.after(later);
        prop_assume!(shown(now.0) > step);
        let next = code(&token.independent(shown(now.0)));
        let signed_in = verify(&device, &next, now, VerifyWindow::default());
        prop_assert_eq!(signed_in.map(|it| it.counter), Ok(shown(now.0)));
    }

    #[test]
    fn a_token_typed_within_half_a_step_stays_in_step(
        period in prop_oneof![Just(30_u32), Just(60)],
        start in 1_500_000_000..2_000_000_000_u64,
        clock in -3000..=3000_i64,
        sign_ins in prop::collection::vec((1..=40_u64, 0..60_u64, 0..=30_u64), 1..60),
    ) {
        let token = Token {
            secret: common::SECRET.to_vec(),
            parameters: Parameters { moving_factor: common::time(period, 0), ..common::TOTP },
        };
        let period = u64::from(period);
        let shown = |time: u64| time.checked_add_signed(clock).unwrap() / period;
        let [code1, code2] = [shown(start) - 1, shown(start)].map(|step| code(&token.independent(step)));
        let range = SyncRange::for_administrator(3600, 2).unwrap();
        let associated = associate(&token.at(Position::default()), &code1, &code2, UnixTime(start), range);
        let (mut position, mut time) = (associated.unwrap().position, start);
        for (steps, phase, delay) in sign_ins {
            // At least one whole step later, so that the code is new whatever the delay was.
            time += steps * period + period + phase % period;
            let typed = code(&token.independent(shown(time)));
            time += delay.min(period / 2);
            let outcome = verify(&token.at(position), &typed, UnixTime(time), VerifyWindow::default());
            position = outcome.unwrap().position;
        }
    }

    #[test]
    fn an_otpauth_uri_reads_back(
        token in prop_oneof![hotp(), totp()],
        counter in any::<u64>(),
        issuer in prop::option::of("\\PC{1,20}"),
        account in "[^:\\s][^:]{0,20}",
        serial in prop::option::of("[A-Za-z0-9_+=/:,.@-]{1,20}"),
    ) {
        let parameters = match token.parameters.moving_factor {
            MovingFactor::Counter => token.parameters,
            MovingFactor::Time { period, .. } => {
                Parameters { moving_factor: common::time(period.seconds(), 0), ..token.parameters }
            }
        };
        let counter = (parameters.moving_factor == MovingFactor::Counter).then_some(counter);
        let written = Otpauth { issuer, account, secret: secret(&token.secret), parameters, counter, serial };
        let read = Otpauth::parse(&written.reveal()).unwrap();
        prop_assert_eq!((&read.issuer, &read.account, &read.serial), (&written.issuer, &written.account, &written.serial));
        prop_assert_eq!((read.parameters, read.counter), (parameters, counter));
        prop_assert_eq!(read.secret.expose(), &token.secret[..]);
    }

    #[test]
    fn no_text_makes_a_parser_panic(text in any::<String>(), query in "[a-z%&=+0-9 :?#]{0,40}") {
        let _ = (keyfob_core::Answer::parse(&text), Otpauth::parse(&text));
        let known = format!("otpauth://totp/{query}?secret={}&{query}{text}", "A".repeat(32));
        let _ = Otpauth::parse(&known);
    }

    #[test]
    fn a_recovery_code_reads_back(bytes in any::<[u8; 10]>(), key in any::<[u8; 32]>()) {
        let written = RecoveryCode::from_random(bytes);
        let read = RecoveryCode::parse(&written.reveal()).unwrap();
        prop_assert_eq!(read.hash(&key), written.hash(&key));
    }
}

/// What a pair has to be told, its second code accepted in `range` and searched `more` steps around its middle.
fn pair_verdict(
    token: &Token,
    texts: &[String; 2],
    accepted: Option<u64>,
    range: RangeInclusive<i128>,
    more: i128,
) -> Result<u64, PairRefusal> {
    if texts[0] == texts[1] {
        return Err(PairRefusal::SameCode);
    }
    let middle = (range.start() + range.end()) / 2;
    let searched = middle - more..=middle + more;
    let firsts = token.matches(&texts[0], searched.start() - 1..=*searched.end());
    let seconds = token.matches(&texts[1], searched.start() - 1..=*searched.end());
    let mut refusal = if firsts.is_empty() || seconds.is_empty() {
        PairRefusal::Wrong
    } else {
        PairRefusal::NotConsecutive
    };
    for first in firsts.iter().filter(|first| seconds.contains(&(*first + 1))) {
        let is_fresh = accepted.is_none_or(|accepted| *first > accepted);
        if is_fresh && range.contains(&i128::from(first + 1)) {
            return Ok(first + 1);
        }
        refusal = if is_fresh { PairRefusal::TooFarOff } else { PairRefusal::AlreadyUsed };
    }
    Err(refusal)
}
