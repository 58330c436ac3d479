//! Access keys, sessions, and who may do what with them.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{Machine, Token, command_line, name, refused};
use hmac::{Hmac, KeyInit, Mac};
use keyfob_authority::{
    About, AccessControl, AccessKey, AccessRefusal, Act, Authorisation, Authority, Caller, Error, Membership,
    Operation, Principal, Proof, Refused, Role, SessionCredentials, SignedContent, SignedRequest,
};
use sha2::Sha256;

const SCOPE: [&str; 4] = ["", "us-east-1", "iam", "aws4_request"];

fn hmac(key: &[u8], text: &str) -> [u8; 32] {
    Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(text).finalize().into_bytes().into()
}

/// Signs something at START, 2027-01-15T08:00:00Z.
fn sign(key: &AccessKey) -> SignedRequest {
    let scope = SCOPE.map(|part| if part.is_empty() { "20270115" } else { part });
    let first = format!("AWS4{}", key.secret.reveal()).into_bytes();
    let signing_key = scope.iter().fold(first, |key, part| hmac(&key, part).to_vec());
    let string_to_sign = format!("AWS4-HMAC-SHA256\n20270115T080000Z\n{}\n{:064}", scope.join("/"), 0);
    SignedRequest {
        key: key.id.clone(),
        token: None,
        date: "20270115".into(),
        region: "us-east-1".into(),
        service: "iam".into(),
        signature: hmac(&signing_key, &string_to_sign),
        string_to_sign,
        invocation: None,
        content: SignedContent::default(),
    }
}

/// The same as a proof.
fn proof(key: &AccessKey) -> Proof {
    sign(key).into()
}

fn sign_in_session(session: &SessionCredentials) -> SignedRequest {
    SignedRequest { token: Some(session.token.clone()), ..sign(&session.key) }
}

fn create(machine: &Machine, account: &str) -> AccessKey {
    machine.authority.create_access_key(&name(account), &command_line()).unwrap()
}

fn access<T>(result: Result<T, Error>) -> AccessRefusal {
    match refused(result) {
        Refused::Access(refusal) => refusal,
        other => panic!("{other}"),
    }
}

/// The service on behalf of an account.
fn on_behalf_of(account: &str) -> Caller {
    let door = keyfob_authority::Door::Service { account: Some(name(account)), is_administrator: false };
    Caller { door, remote: Some("192.0.2.9".into()), uid: 1001 }
}

/// A session of Alice's, begun by a code of this token now. The signatures' time stays where it is.
fn session(machine: &Machine, token: &Token, seconds: u32) -> Result<SessionCredentials, Error> {
    let code = token.code(machine.now());
    machine.authority.start_session(&name("alice"), &token.serial, &code, seconds, &on_behalf_of("alice"))
}

/// Alice has a token, and no time has passed since START.
fn with_device() -> (Machine, Token) {
    let machine = Machine::new();
    let token = Token::new("T1", 1);
    machine.import(&token).unwrap();
    machine.associate("alice", &token).unwrap();
    machine.clock.set(machine.now() + 30);
    (machine, token)
}

#[test]
fn a_key_shows_whose_it_is_until_it_is_deleted() {
    let machine = Machine::new();
    let key = create(&machine, "alice");
    assert_eq!(machine.last_event(), "create-access-key done - alice - command-line");
    assert_eq!((key.secret.reveal().len(), &key.id.to_string()[..4]), (40, "AKIA"));
    let expected = Principal {
        account: name("alice"),
        uid: Some(1001),
        role: Role::User,
        with_code: false,
        needs_code: false,
        in_browser: false,
    };
    assert_eq!(machine.authority.authenticate(&proof(&key)).unwrap(), expected);
    let listed = machine.authority.access_keys().unwrap();
    assert_eq!(
        listed.iter().map(|key| (&key.id, key.account.as_str())).collect::<Vec<_>>(),
        [(&key.id, "alice")]
    );
    machine.authority.delete_access_key(&key.id, &command_line()).unwrap();
    assert_eq!(machine.last_event(), "delete-access-key done - alice - command-line");
    assert_eq!(access(machine.authority.authenticate(&proof(&key))), AccessRefusal::UnknownAccessKey);
    let again = machine.authority.delete_access_key(&key.id, &command_line());
    assert_eq!(access(again), AccessRefusal::UnknownAccessKey);
}

#[test]
fn an_account_has_two_keys_at_most_whatever_sessions_it_has() {
    let (machine, token) = with_device();
    session(&machine, &token, 900).unwrap();
    let [first, _] = [(); 2].map(|()| create(&machine, "alice"));
    let third = || machine.authority.create_access_key(&name("alice"), &command_line());
    assert_eq!(refused(third()), Refused::AccessKeyLimit(name("alice")));
    assert_eq!(machine.last_event(), "create-access-key refused access-key-limit alice - command-line");
    create(&machine, "bob");
    machine.authority.delete_access_key(&first.id, &command_line()).unwrap();
    third().unwrap();
}

#[test]
fn each_key_has_a_secret_of_its_own() {
    let machine = Machine::new();
    let [first, second, bobs] = ["alice", "alice", "bob"].map(|account| create(&machine, account));
    let forged = AccessKey { id: first.id.clone(), secret: second.secret.clone() };
    assert_eq!(access(machine.authority.authenticate(&proof(&forged))), AccessRefusal::WrongSignature);
    assert_eq!(machine.authority.authenticate(&proof(&bobs)).unwrap().account, name("bob"));
}

#[test]
fn a_key_whose_row_names_another_account_is_worthless() {
    let machine = Machine::new();
    let key = create(&machine, "alice");
    create(&machine, "bob");
    machine.tamper("UPDATE access_key SET account = (SELECT id FROM account WHERE name = 'bob')");
    assert_eq!(access(machine.authority.authenticate(&proof(&key))), AccessRefusal::WrongSignature);
}

#[test]
fn no_secret_stands_in_the_store() {
    let (machine, token) = with_device();
    let key = create(&machine, "alice");
    let session = session(&machine, &token, 900).unwrap();
    let everything: Vec<u8> = std::fs::read_dir(machine.files.store.parent().unwrap())
        .unwrap()
        .flat_map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .collect();
    let found = |text: &str| everything.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(found(key.id.as_str()) && found(session.key.id.as_str()));
    assert!(!found(key.secret.reveal()) && !found(session.key.secret.reveal()));
    assert!(!found(session.token.reveal()));
    assert_eq!(format!("{key:?} {session:?}").matches("[redacted]").count(), 3);
}

#[test]
fn a_key_goes_with_its_account_and_is_refused_where_that_was_made_anew() {
    let machine = Machine::new();
    let (key, bobs) = (create(&machine, "alice"), create(&machine, "bob"));
    machine.authority.remove_account(&name("bob"), &command_line()).unwrap();
    assert_eq!(access(machine.authority.authenticate(&proof(&bobs))), AccessRefusal::UnknownAccessKey);
    machine.names.borrow_mut().accounts.insert("alice".into(), 2001);
    let recreated = Refused::Recreated { account: name("alice"), stored: 1001, now: 2001 };
    assert_eq!(refused(machine.authority.authenticate(&proof(&key))), recreated);
    machine.names.borrow_mut().accounts.remove("alice");
    assert_eq!(access(machine.authority.authenticate(&proof(&key))), AccessRefusal::UnknownAccessKey);
}

#[test]
fn roles_are_root_the_policys_group_and_all_others() {
    let machine = Machine::new();
    machine.names.borrow_mut().accounts.insert("root".into(), 0);
    let keys = ["root", "alice", "bob"].map(|account| (account, create(&machine, account)));
    let role = |account: &str| {
        let (_, key) = keys.iter().find(|(name, _)| *name == account).unwrap();
        machine.authority.authenticate(&proof(key)).unwrap().role
    };
    assert_eq!((role("root"), role("alice")), (Role::Root, Role::User));
    std::fs::write(&machine.files.policy, "[service]\nadministrators = \"wheel\"\n").unwrap();
    assert_eq!(role("alice"), Role::User, "{:?}", Membership::UnknownGroup);
    machine.names.borrow_mut().groups.insert("wheel".into(), vec!["alice".into()]);
    assert_eq!((role("alice"), role("bob")), (Role::Administrator, Role::User));
}

#[test]
fn a_session_begins_with_a_code_that_is_spent_then() {
    let (machine, token) = with_device();
    let code = token.code(machine.now());
    let session = session(&machine, &token, 900).unwrap();
    assert_eq!(machine.last_event(), "sign-in done - alice T1 service:alice");
    assert_eq!(session.expires.0, machine.now() + 900);
    let principal = machine.authority.authenticate(&sign_in_session(&session).into()).unwrap();
    assert_eq!((principal.with_code, principal.needs_code), (true, true));
    assert_eq!(refused(machine.answer("alice", &code)), Refused::AlreadyUsed);
    assert!(machine.authority.access_keys().unwrap().is_empty());
}

#[test]
fn a_code_of_a_sign_in_starts_no_session() {
    let (machine, token) = with_device();
    assert!(machine.answer("alice", &token.code(machine.now())).is_ok());
    assert_eq!(refused(session(&machine, &token, 900)), Refused::AlreadyUsed);
}

#[test]
fn a_session_takes_codes_of_the_named_device_of_the_account_only() {
    let (machine, token) = with_device();
    let other = Token::new("T2", 2);
    let not_associated =
        |token: &Token| Refused::NotAssociated { serial: token.serial.clone(), account: name("alice") };
    assert_eq!(refused(session(&machine, &other, 900)), not_associated(&other));
    machine.import(&other).unwrap();
    assert_eq!(refused(session(&machine, &other, 900)), not_associated(&other));
    machine.associate("alice", &other).unwrap();
    machine.clock.set(machine.now() + 30);
    let others_code = other.code(machine.now());
    let caller = on_behalf_of("alice");
    let start =
        |code: &str| machine.authority.start_session(&name("alice"), &token.serial, code, 900, &caller);
    assert_eq!(refused(start(&others_code)), Refused::WrongCode);
    assert_eq!(machine.authority.account(&name("alice")).unwrap().sign_in_failures, 1);
    assert_eq!(refused(start("abcdef")), Refused::Malformed);
    assert_eq!(machine.authority.account(&name("alice")).unwrap().sign_in_failures, 1);
    start(&token.code(machine.now())).unwrap();
}

#[test]
fn a_session_ends_and_needs_its_token() {
    let (machine, token) = with_device();
    let session = session(&machine, &token, 1).unwrap();
    let signed = sign_in_session(&session);
    let authenticate = |signed: &SignedRequest| machine.authority.authenticate(&signed.clone().into());
    let wrong = keyfob_authority::SessionToken::new("another".into());
    for token in [None, Some(wrong)] {
        let signed = SignedRequest { token, ..signed.clone() };
        assert_eq!(access(authenticate(&signed)), AccessRefusal::ExpiredSession);
    }
    let kept = SignedRequest { token: signed.token.clone(), ..sign(&create(&machine, "alice")) };
    assert_eq!(access(authenticate(&kept)), AccessRefusal::UnknownAccessKey);
    machine.clock.set(session.expires.0 - 1);
    authenticate(&signed).unwrap();
    machine.clock.set(session.expires.0);
    assert_eq!(access(authenticate(&signed)), AccessRefusal::ExpiredSession);
}

#[test]
fn a_session_ends_with_a_key_of_its_account_and_not_with_anothers() {
    let (machine, token) = with_device();
    let [key, bobs] = ["alice", "bob"].map(|account| create(&machine, account));
    let signed = Proof::from(sign_in_session(&session(&machine, &token, 900).unwrap()));
    machine.authority.delete_access_key(&bobs.id, &command_line()).unwrap();
    machine.authority.authenticate(&signed).unwrap();
    machine.authority.delete_access_key(&key.id, &command_line()).unwrap();
    assert_eq!(access(machine.authority.authenticate(&signed)), AccessRefusal::UnknownAccessKey);
}

#[test]
fn a_session_that_is_made_longer_in_the_store_is_worthless() {
    let (machine, token) = with_device();
    let session = session(&machine, &token, 900).unwrap();
    machine.tamper("UPDATE access_key SET expires = X'00000000FFFFFFFF' WHERE expires IS NOT NULL");
    let result = machine.authority.authenticate(&sign_in_session(&session).into());
    assert_eq!(access(result), AccessRefusal::WrongSignature);
}

#[test]
fn whoever_has_a_device_changes_devices_in_a_session_only_unless_the_policy_says_otherwise() {
    let (machine, token) = with_device();
    let key = proof(&create(&machine, "alice"));
    let alice = name("alice");
    let deactivate = |proof: &Proof| {
        let operation = Operation::Change(Act::Deactivate);
        machine.authority.authorise(proof, operation, About::Account(&alice), &on_behalf_of("alice"))
    };
    assert_eq!(access(deactivate(&key)), AccessRefusal::CodeRequired);
    assert_eq!(machine.last_event(), "deactivate refused code-required alice - service:alice");
    deactivate(&sign_in_session(&session(&machine, &token, 900).unwrap()).into()).unwrap();
    std::fs::write(&machine.files.policy, "[service]\nrequire_mfa_for_writes = false\n").unwrap();
    deactivate(&key).unwrap();
}

#[test]
fn a_user_may_see_the_own_account_and_devices_and_no_others() {
    let (machine, token) = with_device();
    let (alices, bobs) = (proof(&create(&machine, "alice")), proof(&create(&machine, "bob")));
    let (alice, unknown) = (name("ALICE"), "T9".parse().unwrap());
    let read = |proof, about| machine.authority.authorise(proof, Operation::Read, about, &on_behalf_of("x"));
    let before = machine.events().len();
    for about in [About::Account(&alice), About::Device(&token.serial)] {
        assert!(read(&alices, about).is_ok(), "{about:?}");
        assert_eq!(access(read(&bobs, about)), AccessRefusal::NotAllowed, "{about:?}");
    }
    assert_eq!(access(read(&alices, About::Device(&unknown))), AccessRefusal::NotAllowed);
    assert_eq!(machine.events().len(), before);
}

#[test]
fn roots_devices_are_out_of_reach_for_everybody() {
    let (machine, token) = with_device();
    machine.names.borrow_mut().accounts.insert("root".into(), 0);
    let other = Token::new("T2", 2);
    machine.import(&other).unwrap();
    machine.associate("root", &other).unwrap();
    std::fs::write(&machine.files.policy, "[service]\nrequire_mfa_for_writes = false\n").unwrap();
    let roots = proof(&create(&machine, "root"));
    let change = |act, about| {
        machine.authority.authorise(&roots, Operation::Change(act), about, &on_behalf_of("root"))
    };
    let root = name("root");
    for (act, about) in [
        (Act::Deactivate, About::Account(&root)),
        (Act::Associate, About::Account(&root)),
        (Act::RemoveAccount, About::Account(&root)),
        (Act::TagDevice, About::Device(&other.serial)),
    ] {
        assert_eq!(access(change(act, about)), AccessRefusal::NotAllowed, "{act:?}");
    }
    change(Act::TagDevice, About::Device(&token.serial)).unwrap();
}
