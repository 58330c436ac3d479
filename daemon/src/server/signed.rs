//! Whether a change is the one that its sender has signed. The enrollment service reads the form that was signed and asks for the change; it
//! may have been taken over, and then asks for another one.

use std::collections::BTreeSet;
use std::str::FromStr;

use keyfob_authority::{DEFAULT_SESSION_SECONDS, ImportMode, Principal, SignedRequest};
use keyfob_core::{AccountName, SerialNumber};

use crate::form::Form;
use crate::protocol::{Pair, Request};

impl Request {
    /// Whether it is the change that this signature is for. What only looks is not compared.
    pub fn is_signed_by(&self, signed: &SignedRequest, sender: &Principal) -> bool {
        if let Self::Import { mode, .. } = self {
            return signed_import_mode(signed)
                .is_some_and(|wanted| [wanted, ImportMode::DryRun].contains(mode));
        }
        let is_action = |canonical: &str| canonical.starts_with("POST\n/\n\n");
        let form = signed.form().filter(|_| signed.canonical_request().is_some_and(is_action));
        form.and_then(|form| Form::parse(form).ok()).is_some_and(|form| self.is_in(&form, &sender.account))
    }

    fn is_in(&self, form: &Form, sender: &AccountName) -> bool {
        let is = |action| form.says("Action", action);
        let serial = |serial: &SerialNumber| form.has("SerialNumber", serial);
        let user = |account: &AccountName| form.has("UserName", account);
        // Whoever names no user means the own account.
        let own =
            |account: &AccountName| user(account) || form.get("UserName").is_none() && account == sender;
        match self {
            Self::Associate { account, pair, .. } => {
                is("EnableMFADevice") && user(account) && form.has_pair(pair)
            }
            Self::Resynchronise { account, pair, .. } => {
                is("ResyncMFADevice") && user(account) && form.has_pair(pair)
            }
            Self::Deactivate { account, serial: device, .. } => {
                is("DeactivateMFADevice") && own(account) && serial(device)
            }
            Self::RemoveDevice { serial: device, .. } => {
                (is("DeleteVirtualMFADevice") || is("DeleteDevice")) && serial(device)
            }
            Self::CreateSoftwareDevice { serial, tags, .. } => {
                is("CreateVirtualMFADevice") && form.names_software_device(serial) && form.has_tags(tags)
            }
            Self::TagDevice { serial: device, tags, .. } => {
                is("TagMFADevice") && serial(device) && form.has_tags(tags)
            }
            Self::UntagDevice { serial: device, keys, .. } => {
                is("UntagMFADevice") && serial(device) && form.has_tag_keys(keys)
            }
            Self::AddAccount { account, .. } => is("CreateUser") && user(account),
            Self::RemoveAccount { account, .. } => is("DeleteUser") && user(account),
            Self::UnlockAccount { account, .. } => is("UnlockUser") && user(account),
            Self::CreateRecoveryCodes { account, .. } => {
                is("CreateRecoveryCodes") && own(account) && form.get("ExpiresIn").is_none()
            }
            Self::IssueRecoveryCode { account, lifetime, .. } => {
                is("CreateRecoveryCodes") && own(account) && form.has("ExpiresIn", &u32::from(*lifetime))
            }
            Self::FindDevice { code1, code2, .. } => {
                let second = code2.as_ref().map(|code| code.0.as_str());
                is("FindDevice")
                    && form.says("AuthenticationCode1", &code1.0)
                    && form.get("AuthenticationCode2") == second
            }
            Self::StartSession { serial: device, code, seconds, .. } => {
                is("GetSessionToken")
                    && serial(device)
                    && form.says("TokenCode", &code.0)
                    && form.has_duration(*seconds)
            }
            Self::EndBrowserSession { account, id, .. } => {
                is("EndSession") && own(account) && form.has("SessionId", id)
            }
            // Nobody may ask for others by a signature, or it changes nothing.
            _ => false,
        }
    }
}

/// What the query of a signed import says.
fn signed_import_mode(signed: &SignedRequest) -> Option<ImportMode> {
    let rest = signed.canonical_request()?.strip_prefix("POST\n/import\n")?;
    let query = Form::parse(rest.split('\n').next()?.as_bytes()).ok()?;
    Some(ImportMode::new(query.says("DryRun", "true"), query.says("SkipRejects", "true")))
}

impl Form {
    fn says(&self, name: &str, value: &str) -> bool {
        self.get(name) == Some(value)
    }

    fn has<T: FromStr + PartialEq>(&self, name: &str, value: &T) -> bool {
        self.get(name).and_then(|text| text.parse().ok()).is_some_and(|found: T| found == *value)
    }

    fn has_pair(&self, pair: &Pair) -> bool {
        self.has("SerialNumber", &pair.serial)
            && self.says("AuthenticationCode1", &pair.code1.0)
            && self.says("AuthenticationCode2", &pair.code2.0)
    }

    fn names_software_device(&self, serial: &SerialNumber) -> bool {
        let (path, name) = (self.get("Path").unwrap_or("/"), self.get("VirtualMFADeviceName"));
        name.is_some_and(|name| serial.as_str().ends_with(&format!(":mfa{path}{name}")))
    }

    /// Whether it has these tags and no others.
    fn has_tags(&self, tags: &[(String, String)]) -> bool {
        let tag = |(name, key): (&str, &str)| {
            let member = name.strip_prefix("Tags.member.")?.strip_suffix(".Key")?;
            let value = self.get(&format!("Tags.member.{member}.Value"))?;
            Some((key.to_owned(), value.to_owned()))
        };
        let found: BTreeSet<_> = self.iter().filter_map(tag).collect();
        found == tags.iter().cloned().collect()
    }

    fn has_tag_keys(&self, keys: &[String]) -> bool {
        let found = self.iter().filter(|(name, _)| name.starts_with("TagKeys.member."));
        let found: BTreeSet<_> = found.map(|(_, key)| key).collect();
        found == keys.iter().map(String::as_str).collect()
    }

    fn has_duration(&self, seconds: u32) -> bool {
        self.get("DurationSeconds")
            .map_or(seconds == DEFAULT_SESSION_SECONDS, |text| text.parse() == Ok(seconds))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use data_encoding::HEXLOWER;
    use keyfob_authority::{Caller, Role, SignedContent};
    use sha2::{Digest, Sha256};
    use zeroize::Zeroizing;

    use super::*;
    use crate::protocol::SecretText;
    use ImportMode::{AllOrNone, DryRun, SkipConflicts};

    fn hash(text: &str) -> String {
        HEXLOWER.encode(&Sha256::digest(text))
    }

    /// A signature, which nobody checks here, for that form sent there.
    fn signed(target: &str, form: &str) -> SignedRequest {
        let canonical_request = format!("POST\n{target}\nhost:localhost\n\nhost\n{}", hash(form));
        SignedRequest {
            key: "AKIAIOSFODNN7EXAMPLE".parse().unwrap(),
            token: None,
            date: "20261124".into(),
            region: "us-east-1".into(),
            service: "iam".into(),
            string_to_sign: format!("AWS4-HMAC-SHA256\nTIME\nSCOPE\n{}", hash(&canonical_request)),
            signature: [0; 32],
            invocation: None,
            content: SignedContent { canonical_request, form: Zeroizing::new(form.into()) },
        }
    }

    fn sender() -> Principal {
        let account = "alice".parse().unwrap();
        Principal {
            account,
            uid: None,
            role: Role::User,
            with_code: true,
            needs_code: true,
            in_browser: false,
        }
    }

    fn is_signed(request: &Request, form: &str) -> bool {
        request.is_signed_by(&signed("/\n", form), &sender())
    }

    fn deactivate() -> Request {
        let (account, serial) = ("alice".parse().unwrap(), "GAHT1".parse().unwrap());
        Request::Deactivate { account, serial, caller: Caller::service(None) }
    }

    fn pair() -> Pair {
        let [code1, code2] = ["012345", "543210"].map(|code| SecretText::new(code.into()));
        Pair { serial: "GAHT1".parse().unwrap(), code1, code2 }
    }

    /// Each change, the form that it is signed by, and what is another one.
    fn changes() -> Vec<(Request, &'static str)> {
        let caller = || Caller::service(None);
        let account = || "alice".parse().unwrap();
        let serial = || "GAHT1".parse().unwrap();
        let tags = vec![("a".to_owned(), "1".to_owned()), ("b c".to_owned(), String::new())];
        let code = |code: &str| SecretText::new(code.into());
        vec![
            (
                Request::Associate { account: account(), pair: pair(), caller: caller() },
                "Action=EnableMFADevice&UserName=alice&SerialNumber=GAHT1&AuthenticationCode1=012345&AuthenticationCode2=543210",
            ),
            (
                Request::Resynchronise { account: account(), pair: pair(), caller: caller() },
                "Action=ResyncMFADevice&UserName=alice&SerialNumber=GAHT1&AuthenticationCode1=012345&AuthenticationCode2=543210",
            ),
            (deactivate(), "Action=DeactivateMFADevice&UserName=alice&SerialNumber=GAHT1"),
            (
                Request::RemoveDevice { serial: serial(), caller: caller() },
                "Action=DeleteDevice&SerialNumber=GAHT1",
            ),
            (
                Request::CreateSoftwareDevice {
                    serial: "arn:aws:iam::000000000000:mfa/x/y".parse().unwrap(),
                    tags: tags.clone(),
                    caller: caller(),
                },
                "Action=CreateVirtualMFADevice&Path=%2Fx%2F&VirtualMFADeviceName=y&Tags.member.1.Key=a&Tags.member.1.Value=1\
                 &Tags.member.2.Key=b+c&Tags.member.2.Value=",
            ),
            (
                Request::TagDevice { serial: serial(), tags, caller: caller() },
                "Action=TagMFADevice&SerialNumber=GAHT1&Tags.member.1.Key=a&Tags.member.1.Value=1&Tags.member.2.Key=b%20c\
                 &Tags.member.2.Value=",
            ),
            (
                Request::UntagDevice { serial: serial(), keys: vec!["a".into()], caller: caller() },
                "Action=UntagMFADevice&SerialNumber=GAHT1&TagKeys.member.1=a",
            ),
            (
                Request::AddAccount { account: account(), caller: caller() },
                "Action=CreateUser&UserName=alice",
            ),
            (
                Request::RemoveAccount { account: account(), caller: caller() },
                "Action=DeleteUser&UserName=alice",
            ),
            (
                Request::UnlockAccount { account: account(), caller: caller() },
                "Action=UnlockUser&UserName=alice",
            ),
            (
                Request::CreateRecoveryCodes { account: account(), caller: caller() },
                "Action=CreateRecoveryCodes&UserName=alice",
            ),
            (
                Request::IssueRecoveryCode {
                    account: account(),
                    lifetime: 600.try_into().unwrap(),
                    caller: caller(),
                },
                "Action=CreateRecoveryCodes&UserName=alice&ExpiresIn=600",
            ),
            (
                Request::FindDevice {
                    account: account(),
                    code1: code("012345"),
                    code2: Some(code("543210")),
                    caller: caller(),
                },
                "Action=FindDevice&AuthenticationCode1=012345&AuthenticationCode2=543210",
            ),
            (
                Request::StartSession {
                    account: account(),
                    serial: serial(),
                    code: code("012345"),
                    seconds: 900,
                    caller: caller(),
                },
                "Action=GetSessionToken&SerialNumber=GAHT1&TokenCode=012345&DurationSeconds=900",
            ),
            (
                Request::EndBrowserSession {
                    account: account(),
                    id: "ABCDEFGHIJKLMNOPQRSTUVWX27".parse().unwrap(),
                    caller: caller(),
                },
                "Action=EndSession&UserName=alice&SessionId=ABCDEFGHIJKLMNOPQRSTUVWX27",
            ),
        ]
    }

    #[test]
    fn each_change_is_signed_by_its_own_form_and_by_none_that_says_anything_else() {
        for (request, form) in changes() {
            assert!(is_signed(&request, form), "{form}");
            for (other, others_form) in changes() {
                if form != others_form {
                    assert!(!is_signed(&request, others_form), "{form} by {others_form}");
                    assert!(!is_signed(&other, form), "{others_form} by {form}");
                }
            }
            let parameters: Vec<&str> = form.split('&').collect();
            for at in 0..parameters.len() {
                let (name, value) = parameters[at].split_once('=').unwrap();
                let mut changed = parameters.clone();
                let other = format!("{name}=1{value}");
                changed[at] = &other;
                assert!(!is_signed(&request, &changed.join("&")), "{form} by {other}");
                assert!(!is_signed(&request, &format!("{form}&{other}")), "{form} by two of {name}");
            }
        }
    }

    #[test]
    fn whoever_names_no_user_means_the_own_account() {
        assert!(is_signed(&deactivate(), "Action=DeactivateMFADevice&SerialNumber=GAHT1"));
        let other = Request::Deactivate {
            account: "bob".parse().unwrap(),
            serial: "GAHT1".parse().unwrap(),
            caller: Caller::service(None),
        };
        assert!(!is_signed(&other, "Action=DeactivateMFADevice&SerialNumber=GAHT1"));
    }

    #[test]
    fn a_form_counts_where_it_was_sent_and_as_it_was_signed() {
        let form = "Action=DeactivateMFADevice&SerialNumber=GAHT1";
        for target in ["/import\n", "/\nAction=DeactivateMFADevice", "/other\n"] {
            assert!(!deactivate().is_signed_by(&signed(target, form), &sender()), "{target}");
        }
        let mut other_form = signed("/\n", "Action=ListUsers");
        *other_form.content.form = form.into();
        assert!(!deactivate().is_signed_by(&other_form, &sender()));
        let mut other_request = signed("/\n", "Action=ListUsers");
        other_request.content = signed("/\n", form).content;
        assert!(!deactivate().is_signed_by(&other_request, &sender()));
    }

    #[test]
    fn an_import_is_signed_by_its_place_and_its_query() {
        let import = |mode| Request::Import { devices: Vec::new(), mode, caller: Caller::service(None) };
        for (query, modes) in [
            ("", &[DryRun, AllOrNone][..]),
            ("DryRun=false&SkipRejects=true", &[DryRun, SkipConflicts]),
            ("DryRun=true&SkipRejects=true", &[DryRun]),
        ] {
            for mode in [DryRun, AllOrNone, SkipConflicts] {
                let is_signed =
                    import(mode).is_signed_by(&signed(&format!("/import\n{query}"), ""), &sender());
                assert_eq!(is_signed, modes.contains(&mode), "{query} {mode:?}");
            }
        }
        assert!(!import(DryRun).is_signed_by(&signed("/\n", "Action=ListUsers"), &sender()));
    }
}
