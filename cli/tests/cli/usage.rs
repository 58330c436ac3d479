//! Commands that can't be understood, and what the help says.

use std::fs::File;
use std::process::{Command, Stdio};

use crate::oathtool::TOTP;
use crate::site::{KEYFOB, Site, USER, run};

#[test]
fn what_cannot_be_understood_is_named() {
    let site = Site::new(&[]);
    for (arguments, expected) in [
        (&["frobnicate"][..], "unrecognized subcommand 'frobnicate'"),
        (&["enable", "--user", USER, "--code1", "123456"], "--code2 <CODE>"),
        (&["enable", "--serial", "S-1"], "--user <USER>"),
        (&["disable", "--user", USER], "--serial <SERIAL>"),
        (&["verify", "--user", "", "--code", "123456"], "the user name is empty"),
        (
            &["verify", "--user", "a b", "--code", "123456"],
            "the user name has a character that no account name has",
        ),
        (&["device", "show", "S 1"], "a serial number has only letters, digits and"),
        (&["device", "import", "x", "--format", "xls"], "[possible values: pskc, csv, otpauth]"),
        (&["completions", "tcsh"], "[possible values: bash,"),
    ] {
        let message = site.keyfob(arguments).misunderstood();
        assert!(message.contains(expected), "{arguments:?}: {message}");
    }
    assert_eq!(site.keyfob(&["log"]).done(), "");
}

#[test]
fn without_a_terminal_the_serial_number_has_to_be_given() {
    let site = Site::new(&[TOTP]);
    let message = site.keyfob_fed("123456\n234567\n", &["enable", "--user", USER]).misunderstood();
    assert!(message.starts_with(
        "keyfob: --serial <SERIAL> is required where the codes are not asked for on a terminal\n"
    ));
}

#[test]
fn control_characters_are_refused_and_never_shown() {
    let site = Site::new(&[]);
    for (name, shown) in [
        ("ali\u{1b}[2Jce", r"ali\u{1b}[2Jce"),
        ("ali\u{7}ce\n", r"ali\u{7}ce\u{a}"),
        ("ecila\u{202e}", r"ecila\u{202e}"),
    ] {
        let message = site.keyfob(&["user", "add", name]).misunderstood();
        assert!(message.contains(&format!("'{shown}'")), "{message:?}");
        assert!(!message.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{message:?}");
    }
    let message = site.keyfob(&["--frob\u{1b}nicate", "init"]).misunderstood();
    assert!(message.contains(r"--frob\u{1b}nicate") && !message.contains('\u{1b}'), "{message:?}");
}

#[test]
fn help_and_version_go_to_standard_output() {
    for arguments in
        [&["--help"][..], &["help"], &["-h"], &["enable", "--help"], &["help", "device", "import"]]
    {
        let help = run(command(arguments), "").done();
        assert!(help.contains("Usage: keyfob"), "{help}");
    }
    assert_eq!(run(command(&["--version"]), "").done(), format!("keyfob {}\n", env!("CARGO_PKG_VERSION")));
    let nothing = run(command(&[]), "");
    assert_eq!((nothing.code, nothing.out.as_str()), (Some(2), ""));
    assert!(nothing.err.starts_with("Put hardware one-time-code tokens"), "{nothing:?}");
}

#[test]
fn the_help_says_that_codes_show_in_the_process_list_and_where_files_are() {
    for act in ["enable", "resync", "verify"] {
        let help = run(command(&[act, "--help"]), "").done().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            help.contains("in the process list") && help.contains("`-` reads it from standard input"),
            "{help}"
        );
        assert!(
            help.contains("[default: /var/lib/keyfob/keyfob.db]")
                && help.contains("[default: /etc/keyfob/keyfob.toml]")
        );
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(KEYFOB);
    command.args(arguments);
    command
}

#[test]
fn a_reader_that_leaves_is_no_failure_and_a_full_disk_is_one() {
    let mut left =
        command(&["completions", "bash"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(left.stdout.take());
    let left = left.wait_with_output().unwrap();
    assert_eq!((left.status.code(), left.stderr.as_slice()), (Some(0), &b""[..]));

    let full = File::options().write(true).open("/dev/full").unwrap();
    let full = command(&["completions", "bash"]).stdout(full).stderr(Stdio::piped()).output().unwrap();
    let expected = "keyfob: the output can't be written: No space left on device (os error 28)\n";
    assert_eq!((full.status.code(), String::from_utf8(full.stderr).unwrap().as_str()), (Some(1), expected));
}
