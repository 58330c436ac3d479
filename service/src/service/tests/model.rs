//! Any sequence of actions, of whomever, gives the same answers, and leaves the same store, as a plain model of devices and users.

use std::collections::{BTreeMap, BTreeSet};

use base32ct::{Base32UpperUnpadded, Encoding};
use keyfob_authority::Authority;
use proptest::prelude::*;
use serde_json::{Value, json};
use totp_lite::{Sha1, totp_custom};

use super::site::Site;

const USERS: [&str; 2] = ["alice", "bob"];
const DEVICES: [Kind; 4] =
    [Kind::Software("one"), Kind::Software("two"), Kind::Hardware("TIME1"), Kind::Counter("COUNT1")];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// By its name.
    Software(&'static str),
    /// One with a clock, by its serial number.
    Hardware(&'static str),
    /// One with a counter.
    Counter(&'static str),
}

/// Who asks about a user.
#[derive(Clone, Copy, Debug)]
enum By {
    Administrator,
    Itself,
    /// The other user.
    Other,
}

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
    /// Made, or imported.
    AddDevice(usize),
    DeleteDevice(usize),
    Enable(By, usize, usize, Codes),
    Resync(By, usize, usize, Codes),
    Deactivate(By, usize, usize),
    Session(usize, usize, Codes),
    Get(usize, usize),
    Tag(usize, u8),
    Untag(usize),
    Find(usize),
    List(By, usize),
    Pass(u64),
}

#[derive(Clone, Debug, Default)]
struct Device {
    secret: Vec<u8>,
    owner: Option<&'static str>,
    /// The last time step or counter.
    accepted: Option<u64>,
    tag: Option<u8>,
}

/// What there is.
struct Model {
    users: BTreeSet<&'static str>,
    /// Whose access key there is: it goes with its user, and does not come back.
    keys: BTreeSet<&'static str>,
    devices: BTreeMap<usize, Device>,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (user, device) = (|| 0..USERS.len(), || 0..DEVICES.len());
    let by = || prop_oneof![3 => Just(By::Administrator), 2 => Just(By::Itself), 1 => Just(By::Other)];
    let codes = || prop_oneof![4 => Just(Codes::Good), 1 => Just(Codes::Wrong), 1 => Just(Codes::Swapped)];
    let pair = || (by(), user(), device(), codes());
    let step = prop_oneof![
        1 => user().prop_map(Step::CreateUser),
        1 => user().prop_map(Step::DeleteUser),
        5 => device().prop_map(Step::AddDevice),
        1 => device().prop_map(Step::DeleteDevice),
        6 => pair().prop_map(|(by, user, device, codes)| Step::Enable(by, user, device, codes)),
        2 => pair().prop_map(|(by, user, device, codes)| Step::Resync(by, user, device, codes)),
        2 => (by(), user(), device()).prop_map(|(by, user, device)| Step::Deactivate(by, user, device)),
        3 => (user(), device(), codes()).prop_map(|(user, device, codes)| Step::Session(user, device, codes)),
        1 => (user(), device()).prop_map(|(user, device)| Step::Get(user, device)),
        1 => (device(), any::<u8>()).prop_map(|(device, value)| Step::Tag(device, value)),
        1 => device().prop_map(Step::Untag),
        1 => device().prop_map(Step::Find),
        1 => (by(), user()).prop_map(|(by, user)| Step::List(by, user)),
        4 => (1..5_u64).prop_map(|steps| Step::Pass(steps * 30)),
    ];
    proptest::collection::vec(step, 1..60)
}

/// A hardware device's secret; a software device has another one.
fn secret(device: usize) -> Vec<u8> {
    vec![u8::try_from(device).unwrap(); 20]
}

impl Kind {
    fn serial(self) -> String {
        match self {
            Self::Software(name) => format!("arn:aws:iam::000000000000:mfa/{name}"),
            Self::Hardware(serial) | Self::Counter(serial) => serial.into(),
        }
    }

    /// A counter's code is that of a clock whose steps last a second.
    fn code(self, secret: &[u8], position: u64) -> String {
        match self {
            Self::Counter(_) => totp_custom::<Sha1>(1, 6, secret, position),
            Self::Software(_) | Self::Hardware(_) => totp_custom::<Sha1>(30, 6, secret, position * 30),
        }
    }
}

impl By {
    fn name(self, user: usize) -> &'static str {
        match self {
            Self::Administrator => "admin",
            Self::Itself => USERS[user],
            Self::Other => USERS[1 - user],
        }
    }
}

impl Model {
    /// Where a device stands now: the code of this position is its next one or, by the clock, this step's.
    fn position(&self, device: usize, now: u64) -> u64 {
        let accepted = self.devices.get(&device).and_then(|device| device.accepted);
        match DEVICES[device] {
            Kind::Counter(_) => accepted.map_or(1, |accepted| accepted + 2),
            Kind::Software(_) | Kind::Hardware(_) => now / 30,
        }
    }

    /// Those of the position and the one before it, or others.
    fn codes(&self, device: usize, codes: Codes, now: u64) -> [String; 2] {
        let secret = self.devices.get(&device).map_or_else(|| secret(device), |device| device.secret.clone());
        let position = self.position(device, now);
        let pair = match codes {
            Codes::Good => [position - 1, position],
            Codes::Swapped => [position, position - 1],
            // Where no range reaches.
            Codes::Wrong => [90_000_001, 90_000_002],
        };
        pair.map(|position| DEVICES[device].code(&secret, position))
    }

    fn has_owner(&self, user: usize, device: usize) -> bool {
        self.devices.get(&device).is_some_and(|device| device.owner == Some(USERS[user]))
    }

    /// What comes of a pair for a device that may be given: a wrong one makes the account known, as it counts on it, and one that was used does not.
    fn pair(&mut self, user: usize, device: usize, codes: Codes, now: u64) -> &'static str {
        let position = self.position(device, now);
        let device = self.devices.get_mut(&device).unwrap();
        let is_used = device.accepted.is_some_and(|accepted| accepted >= position - 1);
        if matches!(codes, Codes::Good) && is_used {
            return "InvalidAuthenticationCode";
        }
        self.users.insert(USERS[user]);
        if !matches!(codes, Codes::Good) {
            return "InvalidAuthenticationCode";
        }
        device.accepted = Some(position);
        device.owner = Some(USERS[user]);
        ""
    }

    /// Whether somebody may ask that about a user: the code of the refusal, if not.
    fn refusal(&self, by: By, user: usize) -> Option<&'static str> {
        match by {
            By::Administrator => None,
            _ if !self.keys.contains(by.name(user)) => Some("InvalidClientTokenId"),
            By::Itself => None,
            By::Other => Some("AccessDenied"),
        }
    }

    /// The error's code, or nothing where it is done.
    fn expect(&mut self, step: Step, now: u64) -> &'static str {
        if let Step::Enable(by, user, ..)
        | Step::Resync(by, user, ..)
        | Step::Deactivate(by, user, _)
        | Step::List(by, user) = step
            && let Some(refusal) = self.refusal(by, user)
        {
            return refusal;
        }
        match step {
            Step::CreateUser(user) if self.users.insert(USERS[user]) => "",
            Step::CreateUser(_) => "EntityAlreadyExists",
            Step::DeleteUser(user) => self.delete_user(USERS[user]),
            Step::AddDevice(device) => self.add_device(device),
            Step::DeleteDevice(device) => match self.devices.get(&device) {
                None => "NoSuchEntity",
                Some(Device { owner: Some(_), .. }) => "DeleteConflict",
                Some(_) => {
                    self.devices.remove(&device);
                    ""
                }
            },
            Step::Enable(by, user, device, codes) => match (by, self.devices.get(&device)) {
                (_, Some(Device { owner: None, .. })) => self.pair(user, device, codes, now),
                // A user does not learn why.
                (By::Itself | By::Other, _) => "InvalidAuthenticationCode",
                (By::Administrator, None) => "NoSuchEntity",
                (By::Administrator, Some(_)) => "EntityAlreadyExists",
            },
            Step::Resync(_, user, device, codes) if self.has_owner(user, device) => {
                self.pair(user, device, codes, now)
            }
            Step::Deactivate(_, user, device) if self.has_owner(user, device) => {
                self.devices.get_mut(&device).unwrap().owner = None;
                ""
            }
            Step::Get(user, device) if self.has_owner(user, device) => "",
            Step::Resync(..) | Step::Deactivate(..) | Step::Get(..) => "NoSuchEntity",
            Step::Session(user, device, codes) => self.start_session(user, device, codes, now),
            Step::Tag(device, value) => self.set_tag(device, Some(value)),
            Step::Untag(device) => self.set_tag(device, None),
            Step::Find(device) if self.devices.contains_key(&device) => "",
            Step::Find(_) => "InvalidAuthenticationCode",
            Step::List(..) | Step::Pass(_) => "",
        }
    }

    fn delete_user(&mut self, user: &'static str) -> &'static str {
        if self.devices.values().any(|device| device.owner == Some(user)) {
            return "DeleteConflict";
        }
        self.keys.remove(user);
        if self.users.remove(user) { "" } else { "NoSuchEntity" }
    }

    /// A file that was imported before is no mistake.
    fn add_device(&mut self, device: usize) -> &'static str {
        let is_software = matches!(DEVICES[device], Kind::Software(_));
        if is_software && self.devices.contains_key(&device) {
            return "EntityAlreadyExists";
        }
        let new = || Device { secret: secret(device), ..Device::default() };
        self.devices.entry(device).or_insert_with(new);
        ""
    }

    fn start_session(&mut self, user: usize, device: usize, codes: Codes, now: u64) -> &'static str {
        let position = self.position(device, now);
        if !self.keys.contains(USERS[user]) {
            return "InvalidClientTokenId";
        }
        let is_new = |device: &&mut Device| device.accepted.is_none_or(|accepted| accepted < position);
        let found = if self.has_owner(user, device) { self.devices.get_mut(&device) } else { None };
        match (codes, found.filter(is_new)) {
            (Codes::Good, Some(device)) => {
                device.accepted = Some(position);
                ""
            }
            _ => "AccessDenied",
        }
    }

    fn set_tag(&mut self, device: usize, value: Option<u8>) -> &'static str {
        let Some(device) = self.devices.get_mut(&device) else { return "NoSuchEntity" };
        device.tag = value;
        ""
    }
}

/// Who asks, and for what.
fn request(model: &Model, step: Step, now: u64) -> (&'static str, Vec<(&'static str, String)>) {
    let user = |user: usize| ("UserName", USERS[user].to_owned());
    let serial = |device: usize| ("SerialNumber", DEVICES[device].serial());
    let pair = |device, codes| {
        let [first, second] = model.codes(device, codes, now);
        [("AuthenticationCode1", first), ("AuthenticationCode2", second)]
    };
    let (by, action, parameters) = match step {
        Step::CreateUser(name) => ("admin", "CreateUser", vec![user(name)]),
        Step::DeleteUser(name) => ("admin", "DeleteUser", vec![user(name)]),
        Step::AddDevice(device) => {
            let Kind::Software(name) = DEVICES[device] else { panic!("it is imported") };
            ("admin", "CreateVirtualMFADevice", vec![("VirtualMFADeviceName", name.into())])
        }
        Step::DeleteDevice(device) => ("admin", "DeleteDevice", vec![serial(device)]),
        Step::Enable(by, name, device, codes) | Step::Resync(by, name, device, codes) => {
            let action = if matches!(step, Step::Enable(..)) { "EnableMFADevice" } else { "ResyncMFADevice" };
            let [first, second] = pair(device, codes);
            (by.name(name), action, vec![user(name), serial(device), first, second])
        }
        Step::Deactivate(by, name, device) => {
            (by.name(name), "DeactivateMFADevice", vec![user(name), serial(device)])
        }
        Step::Session(name, device, codes) => {
            let codes = if matches!(codes, Codes::Good) { codes } else { Codes::Wrong };
            let [_, (_, code)] = pair(device, codes);
            (USERS[name], "GetSessionToken", vec![serial(device), ("TokenCode", code)])
        }
        Step::Get(name, device) => ("admin", "GetMFADevice", vec![user(name), serial(device)]),
        Step::Tag(device, value) => {
            let tag = [("Tags.member.1.Key", "key".into()), ("Tags.member.1.Value", value.to_string())];
            ("admin", "TagMFADevice", [vec![serial(device)], tag.into()].concat())
        }
        Step::Untag(device) => {
            ("admin", "UntagMFADevice", vec![serial(device), ("TagKeys.member.1", "key".into())])
        }
        Step::Find(device) => ("admin", "FindDevice", pair(device, Codes::Good).into()),
        Step::List(by, name) => (by.name(name), "ListMFADevices", vec![user(name)]),
        Step::Pass(_) => panic!("nothing is asked"),
    };
    (by, [vec![("Action", action.to_owned())], parameters].concat())
}

/// Does a step and compares its answer with what the model expects.
fn take(site: &Site, model: &mut Model, step: Step) -> Result<(), TestCaseError> {
    let now = site.now();
    match step {
        Step::Pass(seconds) => {
            site.pass(seconds);
            return Ok(());
        }
        Step::AddDevice(device) if !matches!(DEVICES[device], Kind::Software(_)) => {
            let is_known = model.devices.contains_key(&device);
            prop_assert_eq!(model.expect(step, now), "");
            return import(site, device, is_known);
        }
        _ => {}
    }
    let (by, parameters) = request(model, step, now);
    let parameters: Vec<_> = parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let expected = model.expect(step, now);
    let (status, told) = site.ask(by, &parameters);
    prop_assert_eq!(told["Code"].as_str().unwrap_or_default(), expected, "{:?} {} {}", step, status, &told);
    if expected.is_empty() {
        look_at(model, step, &told)?;
    }
    // No retry of the request before: AWS's clients sign each anew, a second later.
    site.pass(1);
    Ok(())
}

fn import(site: &Site, device: usize, is_known: bool) -> Result<(), TestCaseError> {
    let (kind, secret) = (DEVICES[device], data_encoding::HEXLOWER.encode(&secret(device)));
    let (word, counter) = if let Kind::Counter(_) = kind { ("HOTP", "0") } else { ("TOTP", "") };
    let file = format!("serial,secret hex,type,counter\n{},{secret},{word},{counter}\n", kind.serial());
    let (_, told) = site.import("", &file);
    let counts = (&told[0]["Result"]["Imported"], &told[0]["Result"]["Known"]);
    prop_assert_eq!(counts, (&json!(u8::from(!is_known)), &json!(u8::from(is_known))), "{:?}", told);
    Ok(())
}

fn look_at(model: &mut Model, step: Step, told: &Value) -> Result<(), TestCaseError> {
    match step {
        Step::AddDevice(device) => {
            let seed = told["VirtualMFADevice"]["Base32StringSeed"].as_str().unwrap();
            let seed = String::from_utf8(data_encoding::BASE64.decode(seed.as_bytes()).unwrap()).unwrap();
            let secret = Base32UpperUnpadded::decode_vec(&seed).unwrap();
            model.devices.get_mut(&device).unwrap().secret = secret;
        }
        Step::Get(user, _) => prop_assert_eq!(&told["UserName"], USERS[user]),
        Step::Find(device) => {
            prop_assert_eq!(&told["SerialNumbers"], &json!([DEVICES[device].serial()]));
        }
        Step::List(_, user) => {
            let listed = told["MFADevices"].as_array().unwrap();
            let listed: BTreeSet<_> =
                listed.iter().map(|device| device["SerialNumber"].as_str().unwrap().to_owned()).collect();
            let owned = (0..DEVICES.len()).filter(|device| model.has_owner(user, *device));
            prop_assert_eq!(listed, owned.map(|device| DEVICES[device].serial()).collect());
        }
        _ => {}
    }
    Ok(())
}

/// Who has which device, what it accepted last, its tags, and who is known.
fn compare(site: &Site, model: &Model) -> Result<(), TestCaseError> {
    let stored: BTreeMap<_, _> = site
        .acts()
        .devices()
        .unwrap()
        .into_iter()
        .map(|device| {
            let owner = device.owner.map(|owner| owner.account.to_string());
            (device.serial.to_string(), (owner, device.position.accepted, device.tags))
        })
        .collect();
    let modelled = model
        .devices
        .iter()
        .map(|(device, Device { owner, accepted, tag, .. })| {
            let tags = tag.iter().map(|value| ("key".to_owned(), value.to_string())).collect();
            (DEVICES[*device].serial(), (owner.map(str::to_owned), *accepted, tags))
        })
        .collect();
    prop_assert_eq!(stored, modelled);
    let known: BTreeSet<_> =
        site.acts().accounts().unwrap().into_iter().map(|account| account.name.to_string()).collect();
    let modelled = model.users.iter().map(|user| (*user).to_owned()).chain(["admin".to_owned()]).collect();
    prop_assert_eq!(known, modelled);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_actions_does_what_the_model_does(steps in steps()) {
        let site = Site::new();
        let mut model = Model { users: USERS.into(), keys: USERS.into(), devices: BTreeMap::new() };
        for step in steps {
            take(&site, &mut model, step)?;
        }
        compare(&site, &model)?;
    }
}
