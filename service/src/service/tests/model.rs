//! Any sequence of actions gives the same answers, and leaves the same store, as a plain model of devices and users.

use std::collections::{BTreeMap, BTreeSet};

use base32ct::{Base32UpperUnpadded, Encoding};
use keyfob_authority::Authority;
use proptest::prelude::*;
use totp_lite::{Sha1, totp_custom};

use super::site::Site;

const USERS: [&str; 2] = ["alice", "bob"];
const DEVICES: [&str; 3] = ["one", "two", "three"];

#[derive(Clone, Copy, Debug)]
enum Codes {
    Good,
    Wrong,
    /// The second of them before the first.
    Swapped,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    CreateUser(usize),
    DeleteUser(usize),
    CreateDevice(usize),
    DeleteDevice(usize),
    Enable(usize, usize, Codes),
    Resync(usize, usize, Codes),
    Deactivate(usize, usize),
    Find(usize),
    List(usize),
    Pass(u64),
}

#[derive(Default)]
struct Device {
    secret: Vec<u8>,
    owner: Option<&'static str>,
    accepted: Option<u64>,
}

/// What there is.
struct Model {
    users: BTreeSet<&'static str>,
    devices: BTreeMap<&'static str, Device>,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (user, device) = (0..USERS.len(), 0..DEVICES.len());
    let codes = prop_oneof![4 => Just(Codes::Good), 1 => Just(Codes::Wrong), 1 => Just(Codes::Swapped)];
    let pair = (user.clone(), device.clone(), codes);
    let step = prop_oneof![
        1 => user.clone().prop_map(Step::CreateUser),
        1 => user.clone().prop_map(Step::DeleteUser),
        3 => device.clone().prop_map(Step::CreateDevice),
        1 => device.clone().prop_map(Step::DeleteDevice),
        5 => pair.clone().prop_map(|(user, device, codes)| Step::Enable(user, device, codes)),
        2 => pair.prop_map(|(user, device, codes)| Step::Resync(user, device, codes)),
        2 => (user.clone(), device.clone()).prop_map(|(user, device)| Step::Deactivate(user, device)),
        1 => device.prop_map(Step::Find),
        1 => user.prop_map(Step::List),
        4 => (1..5_u64).prop_map(|steps| Step::Pass(steps * 30)),
    ];
    proptest::collection::vec(step, 1..40)
}

fn serial(device: &str) -> String {
    format!("arn:aws:iam::000000000000:mfa/{device}")
}

fn code(secret: &[u8], time: u64) -> String {
    totp_custom::<Sha1>(30, 6, secret, time)
}

impl Model {
    /// The codes of this step and the one before, or others.
    fn codes(&self, device: &str, codes: Codes, now: u64) -> [String; 2] {
        let secret = self.devices.get(device).map_or(&[][..], |device| &device.secret);
        match codes {
            Codes::Good => [code(secret, now - 30), code(secret, now)],
            Codes::Swapped => [code(secret, now), code(secret, now - 30)],
            // Of a time that no range reaches.
            Codes::Wrong => [code(secret, 30), code(secret, 60)],
        }
    }

    /// What comes of a pair for a device that may be given: a wrong one makes the account known, as it counts on it.
    fn pair(&mut self, user: &'static str, device: &str, codes: Codes, now: u64) -> &'static str {
        let step = now / 30;
        let device = self.devices.get_mut(device).unwrap();
        match codes {
            Codes::Good if device.accepted.is_none_or(|accepted| accepted < step - 1) => {
                device.accepted = Some(step);
                device.owner = Some(user);
                self.users.insert(user);
                ""
            }
            Codes::Good => "InvalidAuthenticationCode",
            Codes::Wrong | Codes::Swapped => {
                self.users.insert(user);
                "InvalidAuthenticationCode"
            }
        }
    }

    fn owner(&self, device: &str) -> Option<Option<&'static str>> {
        self.devices.get(device).map(|device| device.owner)
    }

    /// The error's code, or nothing where it is done.
    fn expect(&mut self, step: Step, now: u64) -> &'static str {
        match step {
            Step::CreateUser(user) if self.users.insert(USERS[user]) => "",
            Step::CreateUser(_) => "EntityAlreadyExists",
            Step::DeleteUser(user)
                if self.devices.values().any(|device| device.owner == Some(USERS[user])) =>
            {
                "DeleteConflict"
            }
            Step::DeleteUser(user) => {
                if self.users.remove(USERS[user]) {
                    ""
                } else {
                    "NoSuchEntity"
                }
            }
            Step::CreateDevice(device) if self.devices.contains_key(DEVICES[device]) => "EntityAlreadyExists",
            Step::CreateDevice(device) => {
                self.devices.insert(DEVICES[device], Device::default());
                ""
            }
            Step::DeleteDevice(device) => match self.owner(DEVICES[device]) {
                None => "NoSuchEntity",
                Some(Some(_)) => "DeleteConflict",
                Some(None) => {
                    self.devices.remove(DEVICES[device]);
                    ""
                }
            },
            Step::Enable(user, device, codes) => match self.owner(DEVICES[device]) {
                None => "NoSuchEntity",
                Some(Some(_)) => "EntityAlreadyExists",
                Some(None) => self.pair(USERS[user], DEVICES[device], codes, now),
            },
            Step::Resync(user, device, codes) if self.owner(DEVICES[device]) == Some(Some(USERS[user])) => {
                self.pair(USERS[user], DEVICES[device], codes, now)
            }
            Step::Deactivate(user, device) if self.owner(DEVICES[device]) == Some(Some(USERS[user])) => {
                self.devices.get_mut(DEVICES[device]).unwrap().owner = None;
                ""
            }
            Step::Resync(..) | Step::Deactivate(..) => "NoSuchEntity",
            Step::Find(device) if self.devices.contains_key(DEVICES[device]) => "",
            Step::Find(_) => "InvalidAuthenticationCode",
            Step::List(_) | Step::Pass(_) => "",
        }
    }
}

/// Does a step and compares its answer with what the model expects.
fn take(site: &Site, model: &mut Model, step: Step) -> Result<(), TestCaseError> {
    let now = site.now();
    let (user, device, which) = match step {
        Step::CreateUser(user) | Step::DeleteUser(user) | Step::List(user) => (user, 0, Codes::Good),
        Step::CreateDevice(device) | Step::DeleteDevice(device) | Step::Find(device) => {
            (0, device, Codes::Good)
        }
        Step::Enable(user, device, codes) | Step::Resync(user, device, codes) => (user, device, codes),
        Step::Deactivate(user, device) => (user, device, Codes::Good),
        Step::Pass(seconds) => {
            site.pass(seconds);
            return Ok(());
        }
    };
    let (serial, [code1, code2]) = (serial(DEVICES[device]), model.codes(DEVICES[device], which, now));
    let (user, serial) = (("UserName", USERS[user]), ("SerialNumber", &*serial));
    let (code1, code2) = (("AuthenticationCode1", &*code1), ("AuthenticationCode2", &*code2));
    let parameters = match step {
        Step::CreateUser(_) => vec![("Action", "CreateUser"), user],
        Step::DeleteUser(_) => vec![("Action", "DeleteUser"), user],
        Step::CreateDevice(_) => {
            vec![("Action", "CreateVirtualMFADevice"), ("VirtualMFADeviceName", DEVICES[device])]
        }
        Step::DeleteDevice(_) => vec![("Action", "DeleteDevice"), serial],
        Step::Enable(..) => vec![("Action", "EnableMFADevice"), user, serial, code1, code2],
        Step::Resync(..) => vec![("Action", "ResyncMFADevice"), user, serial, code1, code2],
        Step::Deactivate(..) => vec![("Action", "DeactivateMFADevice"), user, serial],
        Step::Find(_) => vec![("Action", "FindDevice"), code1, code2],
        Step::List(_) | Step::Pass(_) => vec![("Action", "ListMFADevices"), user],
    };
    let expected = model.expect(step, now);
    let (status, told) = site.ask("admin", &parameters);
    prop_assert_eq!(told["Code"].as_str().unwrap_or_default(), expected, "{:?} {} {}", step, status, &told);
    if expected.is_empty() {
        look_at(model, step, &told)?;
    }
    // No retry of the request before: AWS's clients sign each anew, a second later.
    site.pass(1);
    Ok(())
}

fn look_at(model: &mut Model, step: Step, told: &serde_json::Value) -> Result<(), TestCaseError> {
    match step {
        Step::CreateDevice(device) => {
            let seed = told["VirtualMFADevice"]["Base32StringSeed"].as_str().unwrap();
            let seed = String::from_utf8(data_encoding::BASE64.decode(seed.as_bytes()).unwrap()).unwrap();
            let secret = Base32UpperUnpadded::decode_vec(&seed).unwrap();
            model.devices.get_mut(DEVICES[device]).unwrap().secret = secret;
        }
        Step::Find(device) => {
            prop_assert_eq!(&told["SerialNumbers"], &serde_json::json!([serial(DEVICES[device])]));
        }
        Step::List(user) => {
            let listed = told["MFADevices"].as_array().unwrap();
            let listed: Vec<_> =
                listed.iter().map(|device| device["SerialNumber"].as_str().unwrap()).collect();
            let owned = model.devices.iter().filter(|(_, device)| device.owner == Some(USERS[user]));
            let mut owned: Vec<_> = owned.map(|(name, _)| serial(name)).collect();
            owned.sort();
            prop_assert_eq!(listed, owned);
        }
        _ => {}
    }
    Ok(())
}

/// Who has which device, and what it accepted last.
fn compare(site: &Site, model: &Model) -> Result<(), TestCaseError> {
    let stored: BTreeMap<_, _> = site
        .acts()
        .devices()
        .unwrap()
        .into_iter()
        .map(|device| {
            let owner = device.owner.map(|owner| owner.account.to_string());
            (device.serial.to_string(), (owner, device.position.accepted))
        })
        .collect();
    let modelled = model
        .devices
        .iter()
        .map(|(name, device)| (serial(name), (device.owner.map(str::to_owned), device.accepted)))
        .collect();
    prop_assert_eq!(stored, modelled);
    let known: BTreeSet<_> =
        site.acts().accounts().unwrap().into_iter().map(|account| account.name.to_string()).collect();
    let modelled = model.users.iter().map(|user| (*user).to_owned()).chain(["admin".to_owned()]).collect();
    prop_assert_eq!(known, modelled);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_actions_does_what_the_model_does(steps in steps()) {
        let site = Site::new();
        let mut model = Model { users: USERS.into(), devices: BTreeMap::new() };
        for step in steps {
            take(&site, &mut model, step)?;
        }
        compare(&site, &model)?;
    }
}
