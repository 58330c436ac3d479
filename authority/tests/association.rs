//! Associating, resynchronising and deactivating devices.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{Machine, Token, command_line, name, refused};
use keyfob_authority::{Authority, Begin, Caller, Refused};
use keyfob_core::{PairRefusal, SerialNumber, Submission, Throttled, UnixTime};

fn associate(machine: &Machine, account: &str, submission: &Submission) -> Result<(), Refused> {
    let result = machine.authority.associate(&name(account), submission, &command_line());
    if result.is_ok() { Ok(()) } else { Err(refused(result)) }
}

fn resynchronise(machine: &Machine, account: &str, submission: &Submission) -> Result<(), Refused> {
    let result = machine.authority.resynchronise(&name(account), submission, &command_line());
    if result.is_ok() { Ok(()) } else { Err(refused(result)) }
}

/// Alice's machine with one token that nobody has.
fn with_spare_token() -> (Machine, Token) {
    let machine = Machine::new();
    let token = Token::new("T1", 1);
    machine.import(&token).unwrap();
    (machine, token)
}

#[test]
fn after_association_the_next_code_signs_in_and_neither_of_the_two() {
    let (machine, token) = with_spare_token();
    let now = machine.now();
    associate(&machine, "alice", &token.pair(now - 30, now)).unwrap();
    assert_eq!(machine.last_event(), "associate done - alice T1 command-line");
    for spent in [now - 30, now] {
        assert_eq!(refused(machine.answer("alice", &token.code(spent))), Refused::AlreadyUsed);
    }
    machine.pass(30);
    assert!(machine.answer("alice", &token.code(machine.now())).is_ok());
}

#[test]
fn a_pair_typed_late_and_a_slow_clock_both_sign_in_next() {
    for delay in [0, 45, 150, 270] {
        for clock in [delay, 0] {
            let (machine, token) = with_spare_token();
            let shown = machine.now() - delay;
            associate(&machine, "alice", &token.pair(shown - 30, shown)).unwrap();
            machine.pass(60);
            assert!(machine.answer("alice", &token.code(machine.now() - clock)).is_ok(), "{delay} {clock}");
        }
    }
}

#[test]
fn pairs_that_are_none_leave_everything_as_it_was() {
    let (machine, token) = with_spare_token();
    let now = machine.now();
    let day = 20 * 60 * 60;
    let wrong = token.wrong_code(now);
    for (submission, refusal) in [
        (token.pair(now, now - 30), PairRefusal::NotConsecutive),
        (token.pair(now - 60, now), PairRefusal::NotConsecutive),
        (token.pair(now, now), PairRefusal::SameCode),
        (token.submission(&token.code(now - 30), &wrong), PairRefusal::Wrong),
        (token.submission(&wrong, &token.code(now)), PairRefusal::Wrong),
        (token.submission("1234567", "7654321"), PairRefusal::WrongLength),
        (token.pair(now - day - 30, now - day), PairRefusal::TooFarOff),
    ] {
        let before = machine.authority.devices().unwrap();
        assert_eq!(associate(&machine, "alice", &submission), Err(refusal.into()));
        assert_eq!(machine.authority.devices().unwrap(), before);
        assert_eq!(machine.begin("alice"), Begin::NotRequired);
        // Keeps the throttle out of it.
        machine.authority.add_account(&name("alice"), &command_line()).unwrap();
        machine.authority.unlock_account(&name("alice"), &command_line()).unwrap();
    }
    associate(&machine, "alice", &token.pair(now - 30, now)).unwrap();
}

#[test]
fn wrong_pairs_are_throttled_apart_from_sign_in() {
    let (machine, token) = with_spare_token();
    let wrong = token.submission(&token.wrong_code(machine.now()), &token.code(machine.now()));
    for _ in 0..3 {
        assert_eq!(associate(&machine, "alice", &wrong), Err(PairRefusal::Wrong.into()));
    }
    let wait = Throttled::Until(UnixTime(machine.now() + 15));
    let right = token.pair(machine.now() - 30, machine.now());
    assert_eq!(associate(&machine, "alice", &right), Err(wait.into()));
    assert_eq!(machine.last_event(), "associate refused throttled alice T1 command-line");
    let summary = machine.authority.account(&name("alice")).unwrap();
    assert_eq!((summary.association_failures, summary.sign_in_failures), (3, 0));
    machine.pass(15);
    associate(&machine, "alice", &right).unwrap();
    assert_eq!(machine.authority.account(&name("alice")).unwrap().association_failures, 0);
}

#[test]
fn who_has_the_device_is_told_before_any_code_is_looked_at() {
    let (machine, tokens) = Machine::with_devices(1);
    let pair = tokens[0].pair(machine.now() - 30, machine.now());
    let taken = Refused::Taken { serial: tokens[0].serial.clone(), owner: name("alice") };
    for account in ["bob", "alice"] {
        assert_eq!(associate(&machine, account, &pair), Err(taken.clone()));
    }
    assert_eq!(machine.last_event(), "associate refused taken alice T1 command-line");
    // Neither code was spent.
    assert!(machine.answer("alice", &tokens[0].code(machine.now() - 30)).is_ok());
}

#[test]
fn unknown_serial_numbers_and_accounts_are_refused() {
    let (machine, token) = with_spare_token();
    let stranger = Token::new("T9", 9);
    let now = machine.now();
    assert_eq!(
        associate(&machine, "alice", &stranger.pair(now - 30, now)),
        Err(Refused::UnknownSerialNumber(stranger.serial.clone()))
    );
    assert_eq!(
        associate(&machine, "mallory", &token.pair(now - 30, now)),
        Err(Refused::UnknownAccount(name("mallory")))
    );
    assert!(machine.authority.accounts().unwrap().is_empty());
}

#[test]
fn an_account_has_eight_devices_at_most() {
    let (machine, tokens) = Machine::with_devices(8);
    let ninth = Token::new("T9", 90);
    machine.import(&ninth).unwrap();
    let pair = ninth.pair(machine.now() - 30, machine.now());
    assert_eq!(associate(&machine, "alice", &pair), Err(Refused::DeviceLimit(name("alice"))));
    machine.authority.deactivate(&name("alice"), &tokens[3].serial, &command_line()).unwrap();
    associate(&machine, "alice", &pair).unwrap();
}

#[test]
fn a_device_moves_to_another_account_and_no_code_comes_back() {
    let (machine, tokens) = Machine::with_devices(1);
    let token = &tokens[0];
    let used = machine.now();
    assert!(machine.answer("alice", &token.code(used)).is_ok());
    machine.authority.deactivate(&name("alice"), &token.serial, &command_line()).unwrap();
    assert_eq!(machine.last_event(), "deactivate done - alice T1 command-line");
    assert_eq!(machine.begin("alice"), Begin::NotRequired);
    // A stale pair: one of the codes signed Alice in.
    assert_eq!(
        associate(&machine, "bob", &token.pair(used - 30, used)),
        Err(PairRefusal::AlreadyUsed.into())
    );
    assert_eq!(
        associate(&machine, "bob", &token.pair(used, used + 30)),
        Err(PairRefusal::AlreadyUsed.into())
    );
    associate(&machine, "bob", &token.pair(used + 30, used + 60)).unwrap();
    assert_eq!(refused(machine.answer("bob", &token.code(used + 60))), Refused::AlreadyUsed);
    // The pair showed a clock that is two steps ahead.
    assert!(machine.answer("bob", &token.code(used + 90)).is_ok());
}

#[test]
fn deactivating_is_for_the_account_that_has_the_device() {
    let (machine, tokens) = Machine::with_devices(1);
    let serial = &tokens[0].serial;
    let not_bobs = Refused::NotAssociated { serial: serial.clone(), account: name("bob") };
    assert_eq!(refused(machine.authority.deactivate(&name("bob"), serial, &command_line())), not_bobs);
    machine.authority.deactivate(&name("alice"), serial, &command_line()).unwrap();
    let not_alices = Refused::NotAssociated { serial: serial.clone(), account: name("alice") };
    assert_eq!(refused(machine.authority.deactivate(&name("alice"), serial, &command_line())), not_alices);
    let unknown: SerialNumber = "T9".parse().unwrap();
    assert_eq!(
        refused(machine.authority.deactivate(&name("alice"), &unknown, &command_line())),
        Refused::UnknownSerialNumber(unknown)
    );
}

#[test]
fn a_device_of_a_deleted_account_can_be_released() {
    let (machine, tokens) = Machine::with_devices(1);
    machine.names.borrow_mut().accounts.remove("alice");
    machine.authority.deactivate(&name("alice"), &tokens[0].serial, &command_line()).unwrap();
    associate(&machine, "bob", &tokens[0].pair(machine.now() - 30, machine.now())).unwrap();
}

#[test]
fn resync_finds_a_clock_that_ran_away() {
    for offset in [-6 * 60 * 60, 6 * 60 * 60_i64] {
        let (machine, tokens) = Machine::with_devices(1);
        machine.pass(12 * 60 * 60);
        let clock = machine.now().checked_add_signed(offset).unwrap();
        assert_eq!(refused(machine.answer("alice", &tokens[0].code(clock))), Refused::WrongCode);
        resynchronise(&machine, "alice", &tokens[0].pair(clock, clock + 30)).unwrap();
        assert_eq!(machine.last_event(), "resync done - alice T1 command-line");
        assert!(machine.answer("alice", &tokens[0].code(clock + 60)).is_ok());
        assert_eq!(refused(machine.answer("alice", &tokens[0].code(clock + 30))), Refused::AlreadyUsed);
    }
}

#[test]
fn resync_takes_no_code_that_was_used() {
    let (machine, tokens) = Machine::with_devices(1);
    let now = machine.now();
    assert!(machine.answer("alice", &tokens[0].code(now)).is_ok());
    for first in [now - 60, now - 30, now] {
        let stale = tokens[0].pair(first, first + 30);
        assert_eq!(resynchronise(&machine, "alice", &stale), Err(PairRefusal::AlreadyUsed.into()), "{first}");
    }
    resynchronise(&machine, "alice", &tokens[0].pair(now + 30, now + 60)).unwrap();
}

#[test]
fn resync_is_for_the_account_that_has_the_device() {
    let (machine, tokens) = Machine::with_devices(1);
    let pair = tokens[0].pair(machine.now() - 30, machine.now());
    let not_bobs = Refused::NotAssociated { serial: tokens[0].serial.clone(), account: name("bob") };
    assert_eq!(resynchronise(&machine, "bob", &pair), Err(not_bobs));
    assert!(machine.answer("alice", &tokens[0].code(machine.now() - 30)).is_ok());
}

#[test]
fn removing_an_account_releases_its_devices() {
    let (machine, tokens) = Machine::with_devices(2);
    let released = machine.authority.remove_account(&name("alice"), &command_line()).unwrap();
    assert_eq!(released, [tokens[0].serial.clone(), tokens[1].serial.clone()]);
    assert!(machine.authority.accounts().unwrap().is_empty());
    assert_eq!(machine.begin("alice"), Begin::NotRequired);
    associate(&machine, "bob", &tokens[0].pair(machine.now() - 30, machine.now())).unwrap();
    assert_eq!(
        refused(machine.authority.remove_account(&name("mallory"), &command_line())),
        Refused::UnknownAccount(name("mallory"))
    );
}

#[test]
fn the_enrollment_service_removes_no_account_that_has_devices() {
    let (machine, tokens) = Machine::with_devices(1);
    let remove = || machine.authority.remove_account(&name("alice"), &Caller::service(None));
    assert_eq!(refused(remove()), Refused::HasDevices(name("alice")));
    assert_eq!(machine.authority.account(&name("alice")).unwrap().devices, [tokens[0].serial.clone()]);
    machine.authority.deactivate(&name("alice"), &tokens[0].serial, &command_line()).unwrap();
    assert_eq!(remove().unwrap(), []);
    assert!(machine.authority.accounts().unwrap().is_empty());
}

#[test]
fn a_serial_number_may_be_typed_in_another_case_and_with_other_dashes() {
    let machine = Machine::new();
    let token = Token::new("AB-12", 1);
    machine.import(&token).unwrap();
    let typed = |text: &str, token: &Token, now: u64| Submission {
        serial: text.parse().unwrap(),
        ..token.pair(now - 30, now)
    };
    associate(&machine, "alice", &typed("ab12", &token, machine.now())).unwrap();
    assert_eq!(machine.last_event(), "associate done - alice AB-12 command-line");
    machine.pass(300);
    resynchronise(&machine, "alice", &typed("a-b12", &token, machine.now())).unwrap();
    assert_eq!(machine.last_event(), "resync done - alice AB-12 command-line");
    assert_eq!(machine.authority.device(&"ab-12".parse().unwrap()).unwrap().serial, token.serial);
}

#[test]
fn of_two_devices_that_differ_in_case_and_dashes_alone_the_exact_one_is_meant() {
    let machine = Machine::new();
    let [one, other] = [Token::new("AB-12", 1), Token::new("ab12", 2)];
    machine.import(&one).unwrap();
    machine.import(&other).unwrap();
    let now = machine.now();
    let ambiguous = Submission { serial: "AB12".parse().unwrap(), ..one.pair(now - 30, now) };
    let unknown = Refused::UnknownSerialNumber("AB12".parse().unwrap());
    assert_eq!(associate(&machine, "alice", &ambiguous), Err(unknown));
    associate(&machine, "alice", &other.pair(now - 30, now)).unwrap();
    assert_eq!(machine.last_event(), "associate done - alice ab12 command-line");
}
