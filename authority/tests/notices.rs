//! What an owner is told at the next sign-in, and what not.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use common::{Machine, Token, command_line, name, pam, refused};
use keyfob_authority::{Authority, Caller, Factor, Notice, NoticeKind, SignedIn};
use keyfob_core::UnixTime;

/// Signs in with the token's next code, and shows each notice as `kind serial door remote count`.
fn told(machine: &Machine, token: &Token, caller: &Caller) -> Vec<String> {
    machine.pass(90);
    let signed_in = machine.authority.answer(&name("alice"), &token.code(machine.now()), caller).unwrap();
    signed_in.notices.iter().map(shown).collect()
}

fn shown(notice: &Notice) -> String {
    let serial = notice.serial.as_ref().map_or("-", |serial| serial.as_str());
    let remote = notice.remote.as_deref().unwrap_or("-");
    format!("{:?} {serial} {} {remote} {}", notice.kind, notice.door, notice.count)
}

fn wrong(machine: &Machine, token: &Token, caller: &Caller) {
    machine.pass(600);
    let _ = refused(machine.authority.answer(&name("alice"), &token.wrong_code(machine.now()), caller));
}

fn home() -> Caller {
    pam("sshd", "192.0.2.7", 0)
}

#[test]
fn an_owner_is_told_once_what_an_administrator_did() {
    let (machine, tokens) = Machine::with_devices(2);
    let alice = name("alice");
    let more = Token::new("T3", 50);
    machine.import(&more).unwrap();
    machine.associate("alice", &more).unwrap();
    machine.pass(300);
    let pair = tokens[0].pair(machine.now() - 30, machine.now());
    machine.authority.resynchronise(&alice, &pair, &command_line()).unwrap();
    machine.pass(1);
    machine.authority.deactivate(&alice, &tokens[1].serial, &command_line()).unwrap();
    assert_eq!(
        told(&machine, &tokens[0], &home()),
        [
            "Associated T3 command-line - 1",
            "Resynchronised T1 command-line - 1",
            "Deactivated T2 command-line - 1"
        ]
    );
    assert_eq!(told(&machine, &tokens[0], &home()), [""; 0]);
}

#[test]
fn wrong_codes_elsewhere_are_told_with_their_number_and_own_ones_are_not() {
    let (machine, tokens) = Machine::with_devices(1);
    for (remote, count, expected) in [
        ("192.0.2.7", 2, vec![]),
        ("203.0.113.9", 2, vec!["CodesRefused - pam:sshd 203.0.113.9 2".to_owned()]),
    ] {
        (0..count).for_each(|_| wrong(&machine, &tokens[0], &pam("sshd", remote, 0)));
        assert_eq!(told(&machine, &tokens[0], &home()), expected);
    }
    wrong(&machine, &tokens[0], &pam("sudo", "192.0.2.7", 0));
    assert_eq!(told(&machine, &tokens[0], &home()), ["CodesRefused - pam:sudo 192.0.2.7 1"]);
}

#[test]
fn a_mistake_at_home_hides_no_attack_from_elsewhere() {
    let (machine, tokens) = Machine::with_devices(1);
    wrong(&machine, &tokens[0], &pam("sshd", "203.0.113.9", 0));
    wrong(&machine, &tokens[0], &home());
    assert_eq!(told(&machine, &tokens[0], &home()), ["CodesRefused - pam:sshd 192.0.2.7 2"]);
}

#[test]
fn the_command_line_neither_shows_nor_forgets_them() {
    let (machine, tokens) = Machine::with_devices(1);
    wrong(&machine, &tokens[0], &pam("sudo", "-", 0));
    assert_eq!(told(&machine, &tokens[0], &command_line()), [""; 0]);
    assert_eq!(told(&machine, &tokens[0], &home()), ["CodesRefused - pam:sudo - 1"]);
}

#[test]
fn a_recovery_code_is_told_at_the_sign_in_after_it() {
    let (machine, tokens) = Machine::with_devices(1);
    let codes = machine.authority.create_recovery_codes(&name("alice"), &command_line()).unwrap();
    let time = UnixTime(machine.now());
    let signed_in = machine.authority.answer(&name("alice"), &codes[0].reveal(), &home()).unwrap();
    assert_eq!(
        signed_in,
        SignedIn { factor: Factor::RecoveryCode { left: codes.len() - 1 }, notices: vec![] }
    );
    machine.pass(90);
    let signed_in = machine.answer("alice", &tokens[0].code(machine.now())).unwrap();
    let (kind, door, remote) = (NoticeKind::RecoveryCodeUsed, "pam:sshd".into(), Some("192.0.2.7".into()));
    assert_eq!(signed_in.notices, [Notice { kind, time, serial: None, door, remote, count: 1 }]);
}

#[test]
fn a_resync_inside_a_sign_in_and_its_wrong_pairs_are_told() {
    let (machine, tokens) = Machine::with_devices(1);
    let now = machine.now();
    let attempt = |codes: [String; 2], service| {
        let pair = tokens[0].submission(&codes[0], &codes[1]);
        let caller = pam(service, "192.0.2.7", 0);
        machine.authority.resynchronise_at_sign_in(&name("alice"), &pair.code1, &pair.code2, &caller)
    };
    let _ = refused(attempt([tokens[0].wrong_code(now), tokens[0].code(now)], "sudo"));
    machine.pass(1);
    attempt([tokens[0].code(now - 30), tokens[0].code(now)], "sshd").unwrap();
    assert_eq!(
        told(&machine, &tokens[0], &home()),
        ["CodesRefused - pam:sudo 192.0.2.7 1", "Resynchronised T1 pam:sshd 192.0.2.7 1"]
    );
}
