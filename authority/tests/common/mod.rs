//! A machine of its own for each test: a store in a temporary folder, a clock and a name service that the test sets, and tokens
//! whose codes an independent implementation computes.
#![allow(dead_code, clippy::unwrap_used, clippy::panic, reason = "each test file uses a part of it")]

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use keyfob_authority::{
    Ask, Authority, Begin, Caller, Clock, Door, Error, Event, EventFilter, Files, ImportMode, LocalAuthority,
    Membership, NameService, Randomness, Refused, SignedIn, Surroundings, SystemAccount, Unusable, init,
};
use keyfob_core::{
    AccountName, Algorithm, Code, Digits, ImportedDevice, MovingFactor, Parameters, Period, Position, Secret,
    SerialNumber, Submission, UnixTime,
};
use tempfile::TempDir;
use totp_lite::{Sha1, totp_custom};

pub const START: u64 = 1_800_000_000;

pub struct Machine {
    pub folder: TempDir,
    pub files: Files,
    pub authority: LocalAuthority,
    pub clock: Rc<Cell<u64>>,
    pub names: Rc<RefCell<Names>>,
}

impl Machine {
    /// Alice and Bob have accounts; nobody has a device.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::new(
            Some(folder.path().join("store/keyfob.db")),
            Some(folder.path().join("etc/keyfob.toml")),
        );
        let clock = Rc::new(Cell::new(START));
        let names = Rc::new(RefCell::new(Names::default()));
        init(&files, &surroundings(&clock, &names)).unwrap();
        let authority = LocalAuthority::new(files.clone(), surroundings(&clock, &names));
        Self { folder, files, authority, clock, names }
    }

    /// A machine on which Alice has the tokens `T1`, `T2`, …, associated one after the other.
    pub fn with_devices(count: u8) -> (Self, Vec<Token>) {
        let machine = Self::new();
        let tokens: Vec<Token> =
            (1..=count).map(|number| Token::new(&format!("T{number}"), number)).collect();
        for token in &tokens {
            machine.import(token).unwrap();
            machine.associate("alice", token).unwrap();
        }
        machine.tamper("DELETE FROM notice");
        machine.pass(300);
        (machine, tokens)
    }

    pub fn now(&self) -> u64 {
        self.clock.get()
    }

    pub fn pass(&self, seconds: u64) {
        self.clock.set(self.clock.get() + seconds);
    }

    pub fn surroundings(&self) -> Surroundings {
        surroundings(&self.clock, &self.names)
    }

    pub fn import(&self, token: &Token) -> Result<(), Error> {
        self.authority
            .import(&[token.imported()], ImportMode::AllOrNone, &mut |_| {}, &command_line())
            .map(|_| ())
    }

    /// Associates a token by the codes of this step and the one before.
    pub fn associate(&self, account: &str, token: &Token) -> Result<(), Error> {
        let submission = token.pair(self.now() - 30, self.now());
        self.authority.associate(&name(account), &submission, &command_line()).map(|_| ())
    }

    pub fn begin(&self, account: &str) -> Begin {
        self.authority.begin(&name(account), &sshd()).unwrap().next
    }

    pub fn answer(&self, account: &str, answer: &str) -> Result<SignedIn, Error> {
        self.authority.answer(&name(account), answer, &sshd())
    }

    pub fn events(&self) -> Vec<Event> {
        self.authority.events(&EventFilter::default()).unwrap()
    }

    /// The newest event as `act outcome reason account serial door`.
    pub fn last_event(&self) -> String {
        let event = self.events().pop().unwrap();
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".into());
        format!(
            "{} {} {} {} {} {}",
            event.act.name(),
            event.outcome.name(),
            or_dash(event.reason),
            or_dash(event.account),
            or_dash(event.serial.map(|serial| serial.to_string())),
            event.door
        )
    }

    /// Runs SQL on the store, as somebody with the file but without the key could.
    pub fn tamper(&self, sql: &str) {
        rusqlite::Connection::open(&self.files.store).unwrap().execute_batch(sql).unwrap();
    }
}

fn surroundings(clock: &Rc<Cell<u64>>, names: &Rc<RefCell<Names>>) -> Surroundings {
    Surroundings {
        clock: Box::new(SetClock(clock.clone())),
        randomness: Box::new(Counting(Cell::new(0))),
        names: Box::new(SharedNames(names.clone())),
    }
}

struct SetClock(Rc<Cell<u64>>);

impl Clock for SetClock {
    fn now(&self) -> UnixTime {
        UnixTime(self.0.get())
    }
}

/// Different bytes at every call, the same in every run.
struct Counting(Cell<u8>);

impl Randomness for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Unusable> {
        for byte in bytes {
            self.0.set(self.0.get().wrapping_mul(5).wrapping_add(17));
            *byte = self.0.get();
        }
        Ok(())
    }
}

/// A name service that ignores case, as some directories do.
pub struct Names {
    pub accounts: BTreeMap<String, u32>,
    /// The groups and their members.
    pub groups: BTreeMap<String, Vec<String>>,
    pub fails: bool,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            accounts: [("alice".into(), 1001), ("bob".into(), 1002)].into(),
            groups: BTreeMap::new(),
            fails: false,
        }
    }
}

struct SharedNames(Rc<RefCell<Names>>);

impl NameService for SharedNames {
    fn look_up(&self, name: &AccountName) -> Result<Option<SystemAccount>, Unusable> {
        let names = self.0.borrow();
        if names.fails {
            return Err(Unusable::NameService { account: name.clone(), detail: "no answer".into() });
        }
        let canonical = name.as_str().to_ascii_lowercase();
        let uid = names.accounts.get(&canonical);
        Ok(uid.map(|uid| SystemAccount { name: canonical.parse().unwrap(), uid: *uid }))
    }

    fn membership(&self, name: &AccountName, group: &str) -> Membership {
        let canonical = name.as_str().to_ascii_lowercase();
        match self.0.borrow().groups.get(group) {
            Some(members) if members.contains(&canonical) => Membership::Member,
            Some(_) => Membership::NotMember,
            None => Membership::UnknownGroup,
        }
    }

    fn groups(&self, _: &AccountName) -> Option<Vec<String>> {
        None
    }
}

/// A key fob in somebody's hand.
pub struct Token {
    pub serial: SerialNumber,
    secret: Vec<u8>,
}

impl Token {
    pub fn new(serial: &str, seed: u8) -> Self {
        Self { serial: serial.parse().unwrap(), secret: (seed..seed + 20).collect() }
    }

    pub fn imported(&self) -> ImportedDevice {
        let moving_factor = MovingFactor::Time { period: Period::THIRTY_SECONDS, t0: UnixTime(0) };
        ImportedDevice {
            serial: self.serial.clone(),
            secret: Secret::new(self.secret.clone().into()).unwrap(),
            parameters: Parameters { moving_factor, algorithm: Algorithm::Sha1, digits: Digits::SIX },
            position: Position::default(),
            manufacturer: Some("Feitian".into()),
            model: None,
            expires: None,
        }
    }

    /// What it shows at a time.
    pub fn code(&self, time: u64) -> String {
        totp_custom::<Sha1>(30, 6, &self.secret, time)
    }

    /// What it would show at a counter, with so many digits: HOTP is TOTP with steps of a second since 1970.
    pub fn counter_code(&self, counter: u64, digits: u32) -> String {
        totp_custom::<Sha1>(1, digits, &self.secret, counter)
    }

    /// A code that none of the steps around a time shows.
    pub fn wrong_code(&self, time: u64) -> String {
        let near: Vec<String> = (0..41).map(|step| self.code(time + step * 30 - 600)).collect();
        (987_654..1_000_000).map(|number| format!("{number:06}")).find(|code| !near.contains(code)).unwrap()
    }

    pub fn pair(&self, time1: u64, time2: u64) -> Submission {
        self.submission(&self.code(time1), &self.code(time2))
    }

    pub fn submission(&self, code1: &str, code2: &str) -> Submission {
        Submission {
            serial: self.serial.clone(),
            code1: Code::parse(code1).unwrap(),
            code2: Code::parse(code2).unwrap(),
        }
    }
}

pub fn name(name: &str) -> AccountName {
    name.parse().unwrap()
}

/// Ask for a code of six digits.
pub fn ask() -> Begin {
    Begin::Ask(Ask { digits: vec![Digits::SIX], offer_resync: false })
}

/// The same, and offer to resynchronise.
pub fn ask_or_resync() -> Begin {
    Begin::Ask(Ask { digits: vec![Digits::SIX], offer_resync: true })
}

pub fn command_line() -> Caller {
    Caller { door: Door::CommandLine, remote: None, uid: 0 }
}

pub fn sshd() -> Caller {
    Caller { door: Door::Pam { service: "sshd".into() }, remote: Some("192.0.2.7".into()), uid: 0 }
}

/// At a PAM service, from somewhere.
pub fn pam(service: &str, remote: &str, uid: u32) -> Caller {
    Caller { door: Door::Pam { service: service.into() }, remote: Some(remote.into()), uid }
}

#[track_caller]
pub fn refused<T>(result: Result<T, Error>) -> Refused {
    match result {
        Err(Error::Refused(refused)) => refused,
        Err(Error::Unusable(unusable)) => panic!("unusable: {unusable}"),
        Ok(_) => panic!("not refused"),
    }
}

#[track_caller]
pub fn unusable<T>(result: Result<T, Error>) -> Unusable {
    match result {
        Err(Error::Unusable(unusable)) => unusable,
        Err(Error::Refused(refused)) => panic!("only refused: {refused}"),
        Ok(_) => panic!("not unusable"),
    }
}
