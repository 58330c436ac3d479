//! `cargo xtask demo`: from a vendor's seed file to a sign-in, told step by step and checked.

mod folder;
mod served;
mod typed;

pub use served::serve;

use keyfob_tests::{Record, Result, SignIn, Token, build, site};

use crate::packages;
use folder::{Folder, SEED_FILE};

/// Runs the demo in `target/demo`; `interactive`: the person types the codes.
///
/// # Errors
/// Something could not be done, or came out otherwise than it should.
pub fn run(interactive: bool) -> Result<()> {
    packages::install(&packages::DEMO)?;
    println!("Building the command line and the PAM module as they ship. The first time takes some minutes.");
    let demo = Demo { folder: Folder::new(&build::keyfob()?, &build::pam_module()?)?, user: site::me() };
    demo.make_store()?;
    demo.import()?;
    if interactive { typed::run(&demo) } else { demo.sign_in_by_itself() }
}

/// A store of its own, and the account that a token is for.
struct Demo {
    folder: Folder,
    user: String,
}

impl Demo {
    fn make_store(&self) -> Result<()> {
        println!(
            "\n1. A store, its master key and a policy, in a folder of their own ({})",
            self.folder.shown()
        );
        self.keyfob(&["init"])
    }

    fn import(&self) -> Result<()> {
        println!(
            "\n2. The seed file that the vendor sends with the tokens: serial numbers and secrets (PSKC, RFC 6030)"
        );
        self.keyfob(&["device", "import", SEED_FILE])
    }

    fn sign_in_by_itself(&self) -> Result<()> {
        let token = self.folder.token()?;
        let step = token.step_now()?;
        let codes = read_codes(&token, step)?;
        let [first, second, third] = codes.as_slice() else {
            return Err("oathtool did not show three codes".into());
        };
        println!(
            "\n4. Associate the token {} with the account {}: two consecutive codes",
            token.serial, self.user
        );
        self.keyfob(&[
            "enable",
            "--user",
            &self.user,
            "--serial",
            &token.serial,
            "--code1",
            first,
            "--code2",
            second,
        ])?;
        println!("\n5. Sign in through libpam with the token's next code");
        self.folder.show_service()?;
        expect(&show(&self.sign_in(&self.user).answer(third))?, "PAM_SUCCESS", 1, "let in")?;
        println!("\n6. The same code a second time");
        expect(
            &show(&self.sign_in(&self.user).answer(third))?,
            "PAM_AUTH_ERR",
            1,
            "refused: a code signs in once",
        )?;
        println!("\n7. A wrong code");
        expect(
            &show(&self.sign_in(&self.user).answer(&token.wrong_code(step)?))?,
            "PAM_AUTH_ERR",
            1,
            "refused",
        )?;
        self.sign_in_without_device(8)?;
        self.show_log(9)
    }

    fn sign_in_without_device(&self, number: u32) -> Result<()> {
        let user = site::somebody_else();
        println!("\n{number}. An account without a device: {user}");
        expect(&show(&self.sign_in(user))?, "PAM_SUCCESS", 0, "nothing asked, the password is all")
    }

    fn show_log(&self, number: u32) -> Result<()> {
        println!("\n{number}. What the audit log tells");
        self.keyfob(&["log"])?;
        println!("\nDone. All of it is in {}, which goes away with `cargo clean`.", self.folder.shown());
        Ok(())
    }

    fn keyfob(&self, arguments: &[&str]) -> Result<()> {
        folder::run(self.folder.keyfob().args(arguments)).map(drop)
    }

    fn sign_in(&self, user: &str) -> SignIn {
        self.folder.sign_in(user)
    }
}

/// The code of the step before this one, of this one, and of the next one, which is good a step early.
fn read_codes(token: &Token, step: u64) -> Result<Vec<String>> {
    println!(
        "\n3. Read three codes off the token. Ours is oathtool, an implementation of its own, with the secret from the seed file"
    );
    let mut oathtool = token.oathtool();
    oathtool.arg(token.at(step.saturating_sub(1))).arg("--window=2").arg(&token.key);
    let output = folder::run(&mut oathtool)?;
    Ok(output.lines().map(str::to_owned).collect())
}

/// Signs in and shows what the person sees.
fn show(sign_in: &SignIn) -> Result<Record> {
    println!("   $ {}", sign_in.shown());
    let record = sign_in.run()?;
    println!("{}", folder::indented(&record.to_string()));
    Ok(record)
}

fn expect(record: &Record, outcome: &str, prompts: usize, meaning: &str) -> Result<()> {
    if record.outcome() != outcome || record.prompts().len() != prompts {
        return Err(format!("expected {outcome} after {prompts} prompts ({meaning}), got: {record}").into());
    }
    println!("   → {meaning}");
    Ok(())
}
