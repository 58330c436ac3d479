//! The other modules, each set up as its manual has it, and the limits.

use std::{
    fmt::Write as _,
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use keyfob_tests::{Driver, Result, Token, build, scratch::Scratch, site::OTHER, token::Kind};

use crate::{
    apart::HOLDERS,
    codes::Codes,
    way::{Account, Service, Way},
};

/// How many users the long file has.
const MANY: usize = 100_000;
/// The long file takes so long that it is measured in fewer rounds.
const MANY_EVERY: usize = 5;

/// Their folder.
#[derive(Debug)]
pub struct Peers {
    folder: Scratch,
    driver: Driver,
}

impl Peers {
    pub fn new() -> Result<Self> {
        let folder = Scratch::new()?;
        let driver = Driver::compile(folder.path())?;
        let services = folder.path().join("pam.d");
        fs::create_dir(&services)?;
        // As ours have it: libpam loads its module with each service's.
        fs::write(services.join("other"), OTHER)?;
        Ok(Self { folder, driver })
    }

    pub fn ways(&self) -> Result<Vec<Way>> {
        Ok(vec![
            self.permit()?,
            self.one_flush()?,
            self.oath("pam_oath, 10 users", HOLDERS.len(), 1)?,
            self.oath("pam_oath, 100,000 users", MANY, MANY_EVERY)?,
            self.google_authenticator(
                "pam_google_authenticator, TOTP, DISALLOW_REUSE",
                Kind::Totp { period: 30 },
            )?,
            self.google_authenticator("pam_google_authenticator, HOTP", Kind::Hotp)?,
        ])
    }

    fn permit(&self) -> Result<Way> {
        self.without_codes("pam_permit", "permit", "pam_permit.so")
    }

    fn one_flush(&self) -> Result<Way> {
        let folder = self.folder.path();
        let module = folder.join("pam_one_flush.so");
        build::compile("pam_one_flush.c", &module, &["-shared", "-fPIC"])?;
        let flushed = folder.join("flushed");
        fs::write(&flushed, [0; 4096])?;
        let line = format!("{} {}", module.display(), flushed.display());
        self.without_codes("one write and one fdatasync: the limit", "flush", &line)
    }

    fn without_codes(&self, name: &'static str, service: &str, module: &str) -> Result<Way> {
        let service = self.service(service, module)?;
        Ok(Way { name, service, right: Vec::new(), wrong: None, every: 1, in_rates: true })
    }

    fn service(&self, name: &str, module: &str) -> Result<Service> {
        let folder = self.folder.path().join("pam.d");
        fs::write(folder.join(name), format!("auth required {module}\n"))?;
        Ok(Service { driver: self.driver.clone(), folder, name: name.to_owned() })
    }

    fn oath(&self, name: &'static str, users: usize, every: usize) -> Result<Way> {
        let service = format!("oath-{users}");
        let folder = self.own_folder(&service)?;
        let file = folder.join("users.oath");
        write_secret(&file, &users_file(users))?;
        let module = format!("pam_oath.so usersfile={} window=10 digits=6", file.display());
        let accounts = HOLDERS.map(|user| account(user, &token(user, Kind::Hotp), 0, None));
        self.way(name, &service, &module, accounts, every)
    }

    fn google_authenticator(&self, name: &'static str, kind: Kind) -> Result<Way> {
        let service = if kind == Kind::Hotp { "google-hotp" } else { "google-totp" };
        let folder = self.own_folder(service)?;
        let accounts = HOLDERS.map(|user| google_account(&folder, user, kind));
        let module =
            format!("pam_google_authenticator.so nullok user=root secret={}/${{USER}}", folder.display());
        self.way(name, service, &module, accounts, 1)
    }

    fn own_folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder.path().join(name);
        fs::create_dir(&folder)?;
        Ok(folder)
    }

    fn way(
        &self,
        name: &'static str,
        service: &str,
        module: &str,
        accounts: [Result<Account>; HOLDERS.len()],
        every: usize,
    ) -> Result<Way> {
        // Not those whose file is long or set back before each sign-in: that would count, too.
        let in_rates = every == 1 && accounts.iter().flatten().all(|account| account.reset.is_none());
        let service = self.service(service, module)?;
        let mut right = accounts.into_iter().collect::<Result<Vec<Account>>>()?;
        let wrong = right.pop();
        Ok(Way { name, service, right, wrong, every, in_rates })
    }
}

fn account(user: &str, token: &Token, first: u64, reset: Option<(PathBuf, String)>) -> Result<Account> {
    Ok(Account { user: user.to_owned(), codes: Codes::new(token, first)?, reset })
}

fn token(user: &str, kind: Kind) -> Token {
    Token::new(&format!("bench-{user}"), kind)
}

/// Ours stand at equal distances.
fn users_file(users: usize) -> String {
    let apart = users / HOLDERS.len();
    let mut text = String::new();
    for (number, user) in HOLDERS.into_iter().enumerate() {
        // Writing to a string does not fail.
        for other in 1..apart {
            let _ = writeln!(text, "HOTP u{number}n{other} - {number:020x}{other:020x}");
        }
        let _ = writeln!(text, "HOTP {user} - {}", token(user, Kind::Hotp).key);
    }
    text
}

fn google_account(folder: &Path, user: &str, kind: Kind) -> Result<Account> {
    let (token, file) = (token(user, kind), folder.join(user));
    let state = if kind == Kind::Hotp { "HOTP_COUNTER 1" } else { "TOTP_AUTH\n\" DISALLOW_REUSE" };
    let text = format!("{}\n\" {state}\n", base32(&token)?);
    write_secret(&file, &text)?;
    // A time step has one code: what has been used is forgotten before each sign-in.
    let reset = (kind != Kind::Hotp).then_some((file, text));
    account(user, &token, 1, reset)
}

/// As oathtool has it.
fn base32(token: &Token) -> Result<String> {
    let mut oathtool = token.oathtool();
    let said = keyfob_tests::command::run(oathtool.arg("--verbose").arg(&token.key))?;
    let line = said.lines().find_map(|line| line.strip_prefix("Base32 secret: "));
    Ok(line.ok_or("oathtool shows no secret in base32")?.to_owned())
}

fn write_secret(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text)?;
    Ok(fs::set_permissions(path, Permissions::from_mode(0o600))?)
}
