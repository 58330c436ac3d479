//! A test that runs itself again in a process of its own, to play another part.
#![allow(dead_code, reason = "each test file uses a part")]

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const STORE: &str = "KEYFOB_TEST_STORE";
const SAID: &str = "said: ";

/// The store that this process was started for; `None` in the test itself.
#[allow(clippy::disallowed_methods, reason = "a test harness takes no arguments of its own")]
pub fn store() -> Option<PathBuf> {
    env::var_os(STORE).map(PathBuf::from)
}

/// Tells the test something.
#[allow(clippy::print_stdout)]
pub fn say(text: impl std::fmt::Display) {
    println!("{SAID}{text}");
}

/// The test of that name again, under other programs and for a store.
pub fn again(under: &[&str], test: &str, store: &Path) -> Command {
    let this = env::current_exe().unwrap();
    let mut command = match under {
        [] => Command::new(this),
        [program, arguments @ ..] => {
            let mut command = Command::new(program);
            command.args(arguments).arg(this);
            command
        }
    };
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env(STORE, store);
    command
}

/// What a child that ended well has said, line by line.
pub fn said(output: &Output) -> Vec<String> {
    assert!(output.status.success(), "{output:?}");
    lines(&output.stdout)
}

/// What was said in an output.
pub fn lines(output: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(output).unwrap();
    text.lines().filter_map(|line| line.split_once(SAID)).map(|(_, said)| said.to_owned()).collect()
}

/// Programs under which root, too, is held to a file's mode.
pub fn held_to_modes() -> &'static [&'static str] {
    if nix::unistd::geteuid().is_root() {
        &["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
    } else {
        &[]
    }
}

/// Programs that give the store's folder a small disk of its own, 4 MiB, which nobody else sees.
pub fn on_a_small_disk() -> Vec<&'static str> {
    const MOUNT: &str =
        r#"mount -t tmpfs -o size=4m,mode=700 none "$(dirname "$KEYFOB_TEST_STORE")" && exec "$0" "$@""#;
    let mut under = vec!["unshare", "--mount"];
    if !nix::unistd::geteuid().is_root() {
        under.extend(["--user", "--map-root-user"]);
    }
    under.extend(["sh", "-c", MOUNT]);
    under
}
