use std::{
    io::{self, Write},
    process::Command,
};

use keyfob_tests::{Record, Result, Token, build, command, pam::Running};

use super::{Demo, folder};

/// The person associates the token and signs in, as often as they like.
pub fn run(demo: &Demo) -> Result<()> {
    let token = demo.folder.token()?;
    println!(
        "\n3. Your token {}: run this in a second terminal, it shows the code of the moment",
        token.serial
    );
    println!("   $ cd {} && watch -n1 {}", quoted_checkout(), codes(&token));
    println!(
        "\n4. Associate it with the account {}: type the code that it shows, then the one that it shows next",
        demo.user
    );
    associate(demo, &token)?;
    println!(
        "\n5. Sign in through libpam with the token's next code. Then try the same one again, and a wrong one."
    );
    demo.folder.show_service()?;
    sign_in_repeatedly(demo)?;
    demo.sign_in_without_device(6)?;
    demo.show_log(7)
}

fn quoted_checkout() -> String {
    command::quoted(&build::checkout().to_string_lossy())
}

fn codes(token: &Token) -> String {
    command::shown(token.oathtool().arg(&token.key))
}

fn associate(demo: &Demo, token: &Token) -> Result<()> {
    let mut enable = demo.folder.keyfob();
    enable.args(["enable", "--user", &demo.user, "--serial", &token.serial]);
    folder::show_command(&enable);
    succeed(&mut enable)
}

fn succeed(command: &mut Command) -> Result<()> {
    if command.status()?.success() {
        Ok(())
    } else {
        Err("the token is not associated: start the demo again".into())
    }
}

fn sign_in_repeatedly(demo: &Demo) -> Result<()> {
    let mut let_in = 0;
    println!("   Here you see what you type. An empty line ends.");
    while let Some(record) = sign_in(demo.folder.sign_in(&demo.user).start()?)? {
        println!("{}\n", folder::indented(&record.to_string()));
        let_in += u32::from(record.outcome() == "PAM_SUCCESS");
    }
    if let_in == 0 { Err("you were never let in".into()) } else { Ok(()) }
}

/// One sign-in with what the person answers; `None` once they want no more.
fn sign_in(mut running: Running) -> Result<Option<Record>> {
    while let Some(line) = running.next_line()? {
        let Some(prompt) = line.strip_prefix("prompt echo_off ") else { continue };
        print!("   {prompt}");
        io::stdout().flush()?;
        let mut answer = String::new();
        io::stdin().read_line(&mut answer)?;
        if answer.trim().is_empty() {
            return Ok(None);
        }
        running.give(answer.trim())?;
    }
    Ok(Some(running.finish()?.0))
}
