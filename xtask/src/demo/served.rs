//! `cargo xtask demo --serve`: the pages, to be looked at.

use std::io;

use keyfob_tests::{
    Pages, Result, Token, command,
    host::{Network, PASSWORD},
    namespace,
    token::Kind,
};

use crate::{packages, pages};

const LISTEN: &str = "127.0.0.1:8080";

/// An administrator, and a sign-in that asks for a code in place of the password.
const SET_UP: &str = r#"
useradd --create-home --shell /bin/bash --password "$(getent shadow alice | cut -d: -f2)" --groups sudo dana
"#;

/// Serves the pages with accounts and tokens of their own, until the person presses Enter.
///
/// # Errors
/// Something can't be built, or the service does not start.
pub fn serve() -> Result<()> {
    if !namespace::is_root()? {
        return Err("the demo's accounts need namespaces of their own: run it as root".into());
    }
    packages::install(&packages::SERVED_DEMO)?;
    println!(
        "Building the package for web frontends, the pages, and the programs as they ship. The first time takes some minutes."
    );
    let served = Pages::serve(&pages::build()?, Network::Machines, LISTEN)?;
    served.host().sh(SET_UP);
    served.host().ask_for_code("su", "");
    let tokens = tokens();
    served.host().import(&tokens);
    tell(&served, &tokens);
    io::stdin().read_line(&mut String::new())?;
    Ok(())
}

/// Two that follow the time, and one that follows its button.
fn tokens() -> [Token; 3] {
    let totp = Kind::Totp { period: 30 };
    [("GAHT10000001", totp), ("GAHT10000002", totp), ("HOTP10000001", Kind::Hotp)]
        .map(|(serial, kind)| Token::new(serial, kind))
}

fn tell(served: &Pages, tokens: &[Token]) {
    println!("\nThe pages are on {}", served.url());
    println!("Its accounts and its store are its own: those of this machine stay as they are.\n");
    println!("Sign in with the password \"{PASSWORD}\" as");
    println!("  alice, bob or carol   people who associate their own device");
    println!("  dana                  an administrator");
    println!("  root                  the owner\n");
    println!("Nobody has these tokens yet. To read a code off one:");
    for token in tokens {
        println!("  {}   {}", token.serial, shown(token));
    }
    println!("  (the one of HOTP: a counter more for each press of its button)\n");
    println!("Once alice has a device, su asks her for its code after the password:");
    println!("  {} runuser -u bob -- su alice -c id\n", served.host().entering().join(" "));
    println!("Press Enter to end it.");
}

fn shown(token: &Token) -> String {
    let mut oathtool = token.oathtool();
    if token.kind == Kind::Hotp {
        oathtool.arg("--counter=0");
    }
    oathtool.arg(&token.key);
    command::shown(&oathtool)
}
