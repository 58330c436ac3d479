use std::{
    fs::{self, DirBuilder},
    io::{self, ErrorKind},
    os::unix::fs::{DirBuilderExt, symlink},
    path::{Path, PathBuf},
    process::Command,
};

use keyfob_tests::{Driver, Result, SignIn, Token, build, command};

use crate::seed_file;

/// The seed file, laid out as the vendor of a common token sends it.
pub const SEED_FILE: &str = "tokens/tests/files/feitian-c200.xml";

const SERVICE: &str = "keyfob-demo";

/// The demo's own folder, new each time, and the programs it uses.
pub struct Folder {
    path: PathBuf,
    keyfob: PathBuf,
    driver: Driver,
}

impl Folder {
    pub fn new(keyfob: &Path, module: &Path) -> Result<Self> {
        let path = build::target()?.join("demo");
        make_anew(&path).map_err(|error| format!("{} can't be made anew: {error}", path.display()))?;
        let folder = Self { keyfob: near(keyfob), driver: Driver::compile(&near(&path))?, path };
        folder.write_service(module)?;
        Ok(folder)
    }

    /// Its path as a person in the checkout types it.
    pub fn shown(&self) -> String {
        near(&self.path).display().to_string()
    }

    fn write_service(&self, module: &Path) -> Result<()> {
        let installed = self.path.join("pam_keyfob.so");
        symlink(module, &installed)?;
        let service = format!(
            "auth required pam_permit.so\nauth required [{}] [store={}] [config={}]\n",
            in_brackets(&installed),
            in_brackets(&self.path.join("keyfob.db")),
            in_brackets(&self.path.join("keyfob.toml")),
        );
        fs::create_dir(self.path.join("pam.d"))?;
        Ok(fs::write(self.service_file(), service)?)
    }

    fn service_file(&self) -> PathBuf {
        self.path.join("pam.d").join(SERVICE)
    }

    /// Shows the PAM service's file.
    pub fn show_service(&self) -> Result<()> {
        println!(
            "   (pam_permit.so stands in for the password check; a delay is in microseconds, and not waited for here)"
        );
        run(Command::new("cat").arg(near(&self.service_file()))).map(drop)
    }

    /// The command line on the demo's store.
    pub fn keyfob(&self) -> Command {
        let mut keyfob = Command::new(&self.keyfob);
        keyfob.arg("--store").arg(near(&self.path.join("keyfob.db")));
        keyfob.arg("--config").arg(near(&self.path.join("keyfob.toml")));
        keyfob
    }

    /// The first token of the seed file. Its secret stands in a file, so that it shows in no process list.
    pub fn token(&self) -> Result<Token> {
        let mut token = seed_file::first_token(&fs::read_to_string(build::checkout().join(SEED_FILE))?)?;
        let secret = self.path.join("secret.hex");
        fs::write(&secret, &token.key)?;
        token.key = format!("@{}", near(&secret).display());
        Ok(token)
    }

    /// A sign-in of an account to the demo's PAM service.
    pub fn sign_in(&self, user: &str) -> SignIn {
        SignIn::new(&self.driver, &[], SERVICE, user, &near(&self.path.join("pam.d")))
    }
}

fn make_anew(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => DirBuilder::new().mode(0o700).create(path),
    }
}

/// Shows a command line, runs it and shows what it writes.
pub fn run(command: &mut Command) -> Result<String> {
    show_command(command);
    let output = command::run(command)?;
    println!("{}", indented(&output));
    Ok(output)
}

/// Shows a command line.
pub fn show_command(command: &Command) {
    println!("   $ {}", command::shown(command));
}

/// Lines under a step's title.
pub fn indented(text: &str) -> String {
    text.lines().map(|line| format!("     {line}")).collect::<Vec<_>>().join("\n")
}

/// A path as seen from the checkout, where it is in there.
fn near(path: &Path) -> PathBuf {
    path.strip_prefix(build::checkout()).unwrap_or(path).to_path_buf()
}

/// Between brackets, PAM takes white space in a word; a closing bracket ends it.
fn in_brackets(path: &Path) -> String {
    path.display().to_string().replace(']', "\\]")
}
