//! A place apart: a mount namespace with accounts of its own, so that the system's are left alone.

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    process::{Command, ExitStatus},
};

use keyfob_tests::{Result, command, namespace, scratch::Scratch};

/// Accounts with a device; their names stand far from each other in an index.
pub const HOLDERS: [&str; 10] =
    ["alice", "carol", "erin", "heidi", "judy", "mallory", "olivia", "quentin", "trent", "victor"];
/// An account without a device.
pub const WITHOUT_DEVICE: &str = "walter";
/// How many accounts of a kind the comparison of refusals has: each has fewer tries than lock it.
pub const OF_A_KIND: usize = 25;

/// The accounts with a device, or without, whose refusals are compared; or names that no account has.
pub fn names(kind: &str) -> impl Iterator<Item = String> {
    (0..OF_A_KIND).map(move |number| format!("{kind}{number:02}"))
}

/// The users are looked up in the file alone: another source of names has a speed of its own.
const NAME_SERVICE: &str = "passwd: files\ngroup: files\nshadow: files\n";

const SET_UP: &str = r#"
mount --bind "$1/passwd" /etc/passwd
mount --bind "$1/nsswitch.conf" /etc/nsswitch.conf
shift
exec "$@"
"#;

/// Runs this program again, inside.
///
/// # Errors
/// This is not root, or a tool is missing.
pub fn run(arguments: &[String]) -> Result<ExitStatus> {
    if !namespace::is_root()? {
        return Err(
            "run this as root: the accounts that sign in belong to a mount namespace of their own".into()
        );
    }
    let folder = Scratch::new()?;
    fs::write(folder.path().join("passwd"), passwd())?;
    fs::write(folder.path().join("nsswitch.conf"), NAME_SERVICE)?;
    Ok(inside(folder.path(), arguments)?.status()?)
}

/// Before all other work, so that it disturbs little. A run that is killed leaves nothing behind.
fn inside(folder: &Path, arguments: &[String]) -> Result<Command> {
    let mut unshare = command::tied("nice");
    unshare.args(["-n", "-20", "unshare"]);
    unshare.args(["--mount", "--propagation", "private", "sh", "-euc", SET_UP, "sh"]).arg(folder);
    unshare.arg(std::env::current_exe()?).arg("--inside").args(arguments);
    Ok(unshare)
}

/// The file is read from its start up to the name, and to its end for a name that nobody has: those whose refusals are compared stand at the end,
/// in turn, as near to each other as can be.
fn passwd() -> String {
    let mut text = "root:x:0:0::/root:/bin/sh\n".to_owned();
    let ours = HOLDERS.into_iter().chain([WITHOUT_DEVICE]).map(str::to_owned);
    let compared = names("with").zip(names("without")).flat_map(|(with, without)| [with, without]);
    for (name, uid) in ours.chain(compared).zip(20_001..) {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{name}:x:{uid}:{uid}::/nonexistent:/usr/sbin/nologin");
    }
    text
}
