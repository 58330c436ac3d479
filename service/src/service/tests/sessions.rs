//! Sessions of AWS's clients and of browsers, on a real store: forged, of somebody else, and over.

use keyfob_authority::AccessKey;
use serde_json::{Value, json};
use totp_lite::{Sha1, totp_custom};

use super::site::Site;
use super::successes::associate_software_device;

const SECONDS: u64 = 900;
const WHO: [(&str, &str); 1] = [("Action", "GetCallerIdentity")];
const LIST: &str = "Action=ListUsers&Version=2010-05-08";

/// What a user's session signs with, and its token.
fn start(site: &Site, user: &str) -> (AccessKey, String) {
    let secret = associate_software_device(site, user, user);
    let serial = format!("arn:aws:iam::000000000000:mfa/{user}");
    let code = totp_custom::<Sha1>(30, 6, secret.expose(), site.now() + 30);
    let start = [("Action", "GetSessionToken"), ("SerialNumber", &*serial), ("TokenCode", &*code)];
    let seconds = ("DurationSeconds", &*SECONDS.to_string());
    let (status, told) = site.ask(user, &[&start[..], &[seconds]].concat());
    let text = |name: &str| told["Credentials"][name].as_str().unwrap_or_else(|| panic!("{status} {told}"));
    let key = json!({ "id": text("AccessKeyId"), "secret": text("SecretAccessKey") });
    (serde_json::from_value(key).unwrap(), text("SessionToken").to_owned())
}

/// The status, and the code of the error or who it is.
fn asked(site: &Site, key: &AccessKey, token: Option<&str>) -> (u16, String) {
    let (status, body) = site.answer_signed((key, token), &WHO, "application/json");
    let told: Value = serde_json::from_str(&body).unwrap();
    let arn = told.pointer("/GetCallerIdentityResponse/GetCallerIdentityResult/Arn");
    let word = arn.or(told.pointer("/Error/Code")).and_then(Value::as_str);
    (status, word.unwrap_or(&body).to_owned())
}

#[test]
fn a_session_is_its_owners_with_its_own_token_until_it_ends() {
    let site = Site::new();
    let [(alice, token), (_, of_bob)] = ["alice", "bob"].map(|user| start(&site, user));
    let of_alice = (200, "arn:aws:iam::000000000000:user/alice".to_owned());
    let ended = (403, "ExpiredToken".to_owned());
    assert_eq!(asked(&site, &alice, Some(&token)), of_alice);
    for wrong in [None, Some(&*of_bob), Some("forged"), Some(&token[1..])] {
        assert_eq!(asked(&site, &alice, wrong), ended, "{wrong:?}");
    }
    assert_eq!(asked(&site, site.key("alice"), Some(&token)), (403, "InvalidClientTokenId".into()));
    site.pass(SECONDS - 1);
    assert_eq!(asked(&site, &alice, Some(&token)), of_alice);
    site.pass(1);
    assert_eq!(asked(&site, &alice, Some(&token)), ended);
}

#[test]
fn a_browsers_session_is_known_by_its_cookie_until_it_ends() {
    let site = Site::new();
    let is_over = |(status, body): (u16, String)| status == 403 && body.contains(r#""Code":"NotSignedIn""#);
    assert_eq!(site.browse(LIST, None).0, 200);
    for forged in ["x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="] {
        assert!(is_over(site.browse(LIST, Some(forged))), "{forged}");
    }
    site.pass(30 * 60);
    assert!(is_over(site.browse(LIST, None)));
}
