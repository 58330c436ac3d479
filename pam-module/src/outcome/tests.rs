#![allow(clippy::unwrap_used, clippy::needless_pass_by_value)]

use PamResultCode::{
    PAM_AUTH_ERR, PAM_AUTHINFO_UNAVAIL, PAM_BUF_ERR, PAM_CONV_ERR, PAM_IGNORE, PAM_MAXTRIES, PAM_PERM_DENIED,
    PAM_SERVICE_ERR, PAM_SUCCESS, PAM_USER_UNKNOWN,
};
use keyfob_core::{PairRefusal, SerialNumber};
use nix::unistd::{ResUid, Uid};

use super::*;
use crate::testing::alice;

const NOW: UnixTime = UnixTime(1_000_000);
const NO_CHECK: Option<&str> = Some("Codes can't be checked now: tell an administrator.");

fn serial() -> SerialNumber {
    "GA-1".parse().unwrap()
}

fn refused(refused: Refused) -> Outcome {
    Outcome::Refused(alice(), refused)
}

fn accepted(factor: Factor) -> Outcome {
    Outcome::Accepted(alice(), SignedIn { factor, notices: Vec::new() })
}

fn throttled_for(seconds: u64) -> Outcome {
    refused(Throttled::Until(NOW.after(seconds)).into())
}

/// Code, whether a refusal, and what the person is told.
fn check(outcome: &Outcome, code: PamResultCode, told: Option<&str>) {
    let refusal = !matches!(code, PAM_SUCCESS | PAM_IGNORE);
    assert_eq!(outcome.code(), code, "{outcome:?}");
    assert_eq!(outcome.is_refusal(), refusal, "{outcome:?}");
    assert_eq!(outcome.told(NOW).as_deref(), told, "{outcome:?}");
}

#[test]
fn no_device() {
    check(&Outcome::NoDevice, PAM_IGNORE, None);
}

#[test]
fn without_a_device_after_a_public_key() {
    check(&Outcome::PublicKeyAlone(alice()), PAM_SUCCESS, None);
    check(&Outcome::NoPublicKey(alice()), PAM_AUTH_ERR, None);
}

#[test]
fn forwarding() {
    check(&Outcome::Forwarded, PAM_IGNORE, None);
    check(&Outcome::NoPassword(alice()), PAM_AUTH_ERR, None);
    check(&Outcome::AmbiguousCode(alice()), PAM_AUTH_ERR, None);
    check(&Outcome::NothingForwarded(alice()), PAM_AUTH_ERR, NO_CHECK);
    check(&Outcome::NotKept, PAM_BUF_ERR, NO_CHECK);
}

#[test]
fn accepted_ones() {
    check(&accepted(Factor::Device(serial())), PAM_SUCCESS, None);
    check(&accepted(Factor::RecoveryCode { left: 9 }), PAM_SUCCESS, Some("You have 9 recovery codes left."));
    check(&accepted(Factor::RecoveryCode { left: 1 }), PAM_SUCCESS, Some("You have 1 recovery code left."));
    check(
        &accepted(Factor::RecoveryCode { left: 0 }),
        PAM_SUCCESS,
        Some("That was your last recovery code: ask an administrator for new ones."),
    );
}

#[test]
fn refused_answers() {
    check(&refused(Refused::WrongCode), PAM_AUTH_ERR, None);
    check(&refused(Refused::Malformed), PAM_AUTH_ERR, None);
    check(&refused(Refused::NoDevice(alice())), PAM_AUTH_ERR, None);
    let used = "That code was already used: wait for the next one.";
    check(&refused(Refused::AlreadyUsed), PAM_AUTH_ERR, Some(used));
    check(&refused(PairRefusal::Wrong.into()), PAM_AUTH_ERR, None);
    check(&refused(PairRefusal::AlreadyUsed.into()), PAM_AUTH_ERR, Some(used));
}

#[test]
fn throttled() {
    check(&throttled_for(25), PAM_MAXTRIES, Some("Too many wrong codes: try again in 25 seconds."));
    let locked = "Too many wrong codes: an administrator has to unlock the account.";
    check(&refused(Throttled::Locked.into()), PAM_MAXTRIES, Some(locked));
}

#[test]
fn waits_are_never_told_too_short() {
    let waits = [
        (0, "1 second"),
        (1, "1 second"),
        (2, "2 seconds"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (121, "3 minutes"),
        (3600, "60 minutes"),
        (7199, "120 minutes"),
        (7200, "2 hours"),
        (7201, "3 hours"),
    ];
    for (seconds, text) in waits {
        let told = format!("Too many wrong codes: try again in {text}.");
        assert_eq!(throttled_for(seconds).told(NOW), Some(told));
    }
    assert!(refused(Throttled::Until(UnixTime(u64::MAX)).into()).told(UnixTime(0)).is_some());
}

#[test]
fn accounts() {
    let recreated = Refused::Recreated { account: alice(), stored: 1000, now: 1001 };
    check(&refused(recreated), PAM_PERM_DENIED, NO_CHECK);
    check(&refused(Refused::UnknownAccount(alice())), PAM_USER_UNKNOWN, None);
    let no_name = Outcome::NoAccountName("a b".into(), InvalidAccountName::StrayCharacter);
    check(&no_name, PAM_USER_UNKNOWN, None);
}

#[test]
fn what_cannot_be_decided() {
    let name_service = Unusable::NameService { account: alice(), detail: "timed out".into() };
    check(&Outcome::Unusable(alice(), name_service), PAM_AUTHINFO_UNAVAIL, NO_CHECK);
    let uids = ResUid { real: Uid::from_raw(1000), effective: Uid::from_raw(0), saved: Uid::from_raw(0) };
    check(&Outcome::Denied(Denied::NotRoot(uids)), PAM_AUTHINFO_UNAVAIL, NO_CHECK);
    check(&Outcome::Misconfigured(vec![Mistake::Prompt]), PAM_SERVICE_ERR, NO_CHECK);
    check(&Outcome::ConversationFailed, PAM_CONV_ERR, None);
}

#[test]
fn answers_to_other_acts_let_nobody_in() {
    for other in [
        Refused::UnknownSerialNumber(serial()),
        Refused::Taken { serial: serial(), owner: alice() },
        Refused::NotAssociated { serial: serial(), account: alice() },
        Refused::DeviceLimit(alice()),
    ] {
        check(&refused(other), PAM_SERVICE_ERR, None);
    }
}

#[test]
fn log_lines_name_account_and_reason() {
    let lines = [
        (accepted(Factor::Device(serial())), "accepted alice by a code of the device GA-1"),
        (accepted(Factor::RecoveryCode { left: 3 }), "accepted alice by a recovery code, 3 are left"),
        (Outcome::PublicKeyAlone(alice()), "accepted alice by a public key alone: the account has no device"),
        (
            Outcome::NoPublicKey(alice()),
            "refused alice: the account has no device, and no public key was accepted before",
        ),
        (Outcome::NoPassword(alice()), "refused alice: no password was typed before the code"),
        (
            Outcome::AmbiguousCode(alice()),
            "refused alice: the devices' codes have several lengths, and more than one fits what was typed: type a space between \
             password and code",
        ),
        (
            Outcome::NothingForwarded(alice()),
            "refused alice: no code was forwarded: write a line with forward_pass before the one with use_forwarded_code",
        ),
        (refused(Refused::WrongCode), "refused alice: wrong code: type the code the device shows now"),
        (throttled_for(3000), "refused alice: too many wrong codes: no code counts for 50 minutes"),
        (
            Outcome::Unusable(alice(), Unusable::Missing { what: "store", path: "/s".into() }),
            "can't decide on alice, so refused: the store /s does not exist: make it with `keyfob init`, or restore it from a backup",
        ),
        (
            Outcome::NoAccountName("a b".into(), InvalidAccountName::StrayCharacter),
            "refused the user name 'a b': the user name has a character that no account name has",
        ),
    ];
    for (outcome, line) in lines {
        assert_eq!(outcome.log_lines(NOW), [line]);
    }
}

#[test]
fn accounts_without_a_device_leave_no_log_line() {
    assert!(Outcome::NoDevice.log_lines(NOW).is_empty());
    assert!(Outcome::Forwarded.log_lines(NOW).is_empty());
}

#[test]
fn each_mistake_has_its_log_line() {
    let outcome = Outcome::Misconfigured(vec![Mistake::Twice("debug"), Mistake::Unknown("x".into())]);
    let lines = [
        "refused: the option debug stands twice: remove one",
        "refused: there is no option x: pam_keyfob(8) lists the options",
    ];
    assert_eq!(outcome.log_lines(NOW), lines);
}
