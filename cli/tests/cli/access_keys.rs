//! `keyfob access-key`, and the daemon's answers to requests that such a key has signed.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use keyfob_authority::{
    AccessControl, AccessRefusal, Authority, Caller, Error, EventFilter, Refused, Role, SignedContent,
    SignedRequest,
};
use keyfob_core::{AccountName, Code, SerialNumber, Submission};
use keyfob_daemon::Client;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::oathtool::{TOTP, Token};
use crate::site::{OTHER_USER, Site, USER};

const PERIOD_30: Token = Token { period: 30, ..TOTP };

fn create(site: &Site, user: &str) -> Value {
    site.json(&["access-key", "create", "--user", user, "--json"])
}

fn hmac(key: &[u8], text: &str) -> [u8; 32] {
    Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(text).finalize().into_bytes().into()
}

/// Signs what only looks.
fn sign(key: &Value) -> SignedRequest {
    sign_form(key, "Action=ListUsers&Version=2010-05-08")
}

fn hexadecimal(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::new(), |all, byte| format!("{all}{byte:02x}"))
}

/// Signs a form now, as AWS documents Signature Version 4.
fn sign_form(key: &Value, form: &str) -> SignedRequest {
    let time = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let (date, _) = time.split_once('T').unwrap();
    let scope = [date, "us-east-1", "iam", "aws4_request"];
    let first = format!("AWS4{}", key["SecretAccessKey"].as_str().unwrap()).into_bytes();
    let signing_key = scope.iter().fold(first, |key, part| hmac(&key, part).to_vec());
    let canonical_request =
        format!("POST\n/\n\nhost:localhost\nx-amz-date:{time}\n\nhost;x-amz-date\n{}", hexadecimal(form));
    let hash = hexadecimal(&canonical_request);
    let string_to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{}\n{hash}", scope.join("/"));
    SignedRequest {
        key: key["AccessKeyId"].as_str().unwrap().parse().unwrap(),
        token: None,
        date: date.into(),
        region: "us-east-1".into(),
        service: "iam".into(),
        signature: hmac(&signing_key, &string_to_sign),
        string_to_sign,
        invocation: None,
        content: SignedContent { canonical_request, form: Zeroizing::new(form.into()) },
    }
}

fn client(site: &Site) -> Client {
    Client::new(site.path("keyfob.sock"), Client::ADMINISTRATION_PATIENCE)
}

fn name(name: &str) -> AccountName {
    name.parse().unwrap()
}

fn service() -> Caller {
    Caller::service(Some("192.0.2.9".into()))
}

#[track_caller]
fn refused<T>(result: Result<T, Error>) -> Refused {
    match result {
        Err(Error::Refused(refused)) => refused,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("not refused"),
    }
}

fn not_allowed<T>(result: Result<T, Error>) -> bool {
    matches!(refused(result), Refused::Access(AccessRefusal::NotAllowed))
}

#[test]
fn a_key_is_created_listed_and_deleted_and_its_secret_is_shown_once() {
    let site = Site::new(&[]);
    let none = "No access keys: make one with `keyfob access-key create --user USER`.\n";
    assert_eq!(site.keyfob(&["access-key", "list"]).done(), none);
    let key = create(&site, USER);
    let (id, secret) = (key["AccessKeyId"].as_str().unwrap(), key["SecretAccessKey"].as_str().unwrap());
    let expected = json!({ "Version": 1, "UserName": USER, "AccessKeyId": id, "SecretAccessKey": secret });
    assert_eq!(key, expected);
    let shown = site.keyfob(&["access-key", "create", "--user", OTHER_USER]).done();
    assert!(shown.starts_with("User               bin\nAccess key id      AKIA"), "{shown}");

    let list = site.keyfob(&["access-key", "list"]).done();
    assert!(list.contains(&format!("{id}  daemon  20")) && !list.contains(secret), "{list}");
    let listed = site.json(&["access-key", "list", "--json"]);
    let keys = listed.as_array().unwrap();
    // Both may have been made in the same second: either may come first.
    let this = keys.iter().find(|key| key["access_key_id"] == id).unwrap();
    assert_eq!((keys.len(), this["user_name"].as_str()), (2, Some(USER)));

    let deleted = site.keyfob(&["access-key", "delete", id]).done();
    assert_eq!(deleted, format!("Deleted access key {id}: what it signs is refused from now on.\n"));
    let unknown = "no such access key: make one with `keyfob access-key create`";
    site.keyfob(&["access-key", "delete", id]).refused(unknown);
    assert_eq!(site.keyfob(&["access-key", "delete", "AKIA1"]).code, Some(2));
    let stranger =
        "the account stranger-4711 is not known: check the name, or make it known with `keyfob user add`";
    site.keyfob(&["access-key", "create", "--user", "stranger-4711"]).refused(stranger);
}

#[test]
fn the_daemon_answers_whoever_signed_and_as_far_as_that_one_may() {
    let site = Site::new(&[PERIOD_30]);
    let key = create(&site, USER);
    let _daemon = site.daemon();
    let signed = || client(&site).on_behalf(sign(&key).into());
    let principal = signed().principal().unwrap();
    assert_eq!((principal.account.as_str(), principal.uid, principal.role), (USER, Some(1), Role::User));
    assert!(signed().account(&name(USER)).is_ok());
    assert!(signed().devices_of(&name(USER)).unwrap().is_empty());
    assert!(not_allowed(signed().account(&name(OTHER_USER))));
    assert!(not_allowed(signed().devices()));
    assert!(not_allowed(signed().events(&EventFilter::default())));
    assert!(not_allowed(signed().access_keys()));
    assert!(not_allowed(signed().begin(&name(USER), &service())));
    assert!(not_allowed(signed().create_access_key(&name(USER), &service())));
    // Without a signature it is this process that asks, and nobody has signed.
    assert!(not_allowed(client(&site).principal()));
    assert!(client(&site).devices().is_ok());
}

#[test]
fn a_wrong_signature_and_a_deleted_key_open_nothing() {
    let site = Site::new(&[]);
    let key = create(&site, USER);
    let _daemon = site.daemon();
    let mut forged = sign(&key);
    forged.signature[31] ^= 1;
    let wrong = refused(client(&site).on_behalf(forged.into()).account(&name(USER)));
    assert_eq!(wrong, Refused::Access(AccessRefusal::WrongSignature));
    let signed = sign(&key);
    client(&site).delete_access_key(&signed.key, &service()).unwrap();
    let unknown = refused(client(&site).on_behalf(signed.into()).account(&name(USER)));
    assert_eq!(unknown, Refused::Access(AccessRefusal::UnknownAccessKey));
}

#[test]
fn a_user_associates_a_device_and_then_needs_a_session() {
    let site = Site::new(&[PERIOD_30]);
    let key = create(&site, USER);
    let _daemon = site.daemon();
    let signed = |form: &str| client(&site).on_behalf(sign_form(&key, form).into());
    let step = PERIOD_30.step();
    let serial: SerialNumber = PERIOD_30.serial.parse().unwrap();
    let [code1, code2, next] = [step - 1, step, step + 1].map(|step| PERIOD_30.code(step));
    let code = |text: &str| Code::parse(text).unwrap();
    let submission = Submission { serial: serial.clone(), code1: code(&code1), code2: code(&code2) };
    let enable = |user: &str| {
        format!(
            "Action=EnableMFADevice&UserName={user}&SerialNumber={serial}&AuthenticationCode1={code1}\
             &AuthenticationCode2={code2}"
        )
    };
    let deactivate = format!("Action=DeactivateMFADevice&SerialNumber={serial}");
    assert!(not_allowed(signed(&enable(OTHER_USER)).associate(&name(OTHER_USER), &submission, &service())));
    // Whoever serves may ask for nothing but what was signed.
    let another = signed(&deactivate).associate(&name(USER), &submission, &service());
    assert_eq!(refused(another), Refused::Access(AccessRefusal::WrongSignature));
    signed(&enable(USER)).associate(&name(USER), &submission, &service()).unwrap();
    let code_required = Refused::Access(AccessRefusal::CodeRequired);
    assert_eq!(refused(signed(&deactivate).deactivate(&name(USER), &serial, &service())), code_required);
    let start = format!("Action=GetSessionToken&SerialNumber={serial}&TokenCode={next}&DurationSeconds=900");
    let session = signed(&start).start_session(&name(USER), &serial, &next, 900, &service()).unwrap();
    let key = json!({
        "AccessKeyId": session.key.id.as_str(), "SecretAccessKey": session.key.secret.reveal()
    });
    let signed = SignedRequest { token: Some(session.token), ..sign_form(&key, &deactivate) };
    client(&site).on_behalf(signed.into()).deactivate(&name(USER), &serial, &service()).unwrap();

    let events = client(&site).events(&EventFilter::default()).unwrap();
    let last: Vec<_> =
        events.iter().rev().take(4).map(|event| (event.act.name(), event.outcome.name())).collect();
    let expected =
        [("deactivate", "done"), ("sign-in", "done"), ("deactivate", "refused"), ("associate", "done")];
    assert_eq!(last, expected);
    let doors: Vec<_> = events.iter().rev().take(4).map(|event| event.door.as_str()).collect();
    assert_eq!(doors, ["service:daemon"; 4]);
    assert_eq!(events.last().unwrap().remote.as_deref(), Some("192.0.2.9"));
}
