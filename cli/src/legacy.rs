use std::ffi::{OsStr, OsString};
use std::path::Path;

/// Where the program was called by one of the first IAM command-line names (as a link to it), the same call
/// of `keyfob`: `iam-userenablemfadevice -u U -s S -c1 C -c2 C` becomes `keyfob enable --user=U --serial=S
/// --code1=C --code2=C`. Any other call stays as it is.
pub fn rewrite(arguments: Vec<OsString>) -> Vec<OsString> {
    let Some(command) = arguments.first().and_then(|name| command_of(name)) else { return arguments };
    let mut rest = arguments.into_iter().skip(1);
    let mut rewritten = vec!["keyfob".into(), command.into()];
    while let Some(argument) = rest.next() {
        match long_flag_of(&argument) {
            Some(flag) => rewritten.push(with_value(flag, rest.next())),
            None => rewritten.push(argument),
        }
    }
    rewritten
}

fn command_of(called_by: &OsStr) -> Option<&'static str> {
    match Path::new(called_by).file_name()?.to_str()? {
        "iam-userenablemfadevice" => Some("enable"),
        "iam-userresyncmfadevice" => Some("resync"),
        "iam-userdeactivatemfadevice" => Some("disable"),
        "iam-userlistmfadevices" => Some("list-mfa-devices"),
        _ => None,
    }
}

fn long_flag_of(argument: &OsStr) -> Option<&'static str> {
    match argument.to_str()? {
        "-u" => Some("--user"),
        "-s" => Some("--serial"),
        "-c1" => Some("--code1"),
        "-c2" => Some("--code2"),
        _ => None,
    }
}

/// In one argument, so that a value is never taken for a flag; a flag without its value is left for the
/// parser to name.
fn with_value(flag: &str, value: Option<OsString>) -> OsString {
    let mut argument = OsString::from(flag);
    if let Some(value) = value {
        argument.push("=");
        argument.push(value);
    }
    argument
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(call: &str) -> String {
        let arguments = call.split(' ').map(OsString::from).collect();
        let words: Vec<_> =
            rewrite(arguments).into_iter().map(|word| word.into_string().unwrap_or_default()).collect();
        words.join(" ")
    }

    #[test]
    fn the_four_names_become_commands() {
        for (old, new) in [
            (
                "/usr/bin/iam-userenablemfadevice -u alice -s GAHT1 -c1 123456 -c2 234567",
                "keyfob enable --user=alice --serial=GAHT1 --code1=123456 --code2=234567",
            ),
            ("iam-userresyncmfadevice -c1 1 -c2 2", "keyfob resync --code1=1 --code2=2"),
            ("iam-userdeactivatemfadevice -u alice -s GAHT1", "keyfob disable --user=alice --serial=GAHT1"),
            ("iam-userlistmfadevices -u alice", "keyfob list-mfa-devices --user=alice"),
        ] {
            assert_eq!(rewritten(old), new);
        }
    }

    #[test]
    fn a_value_is_never_a_flag_and_a_missing_one_stays_missing() {
        assert_eq!(rewritten("iam-userlistmfadevices -u -s"), "keyfob list-mfa-devices --user=-s");
        assert_eq!(rewritten("iam-userlistmfadevices -u"), "keyfob list-mfa-devices --user");
    }

    #[test]
    fn keyfob_itself_is_left_alone() {
        assert_eq!(rewritten("/usr/bin/keyfob enable -u alice"), "/usr/bin/keyfob enable -u alice");
    }
}
