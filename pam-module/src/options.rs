use std::ffi::CStr;
use std::path::{Path, PathBuf};

use keyfob_daemon::SOCKET;
use thiserror::Error;

/// The module's arguments, as they stand behind its name in the PAM service's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// `prompt=`: what is asked.
    pub prompt: String,
    /// Where the code comes from.
    pub code_source: CodeSource,
    /// `after_publickey`: whether an account without a device needs a public key instead.
    pub after_publickey: bool,
    /// `echo_code`: whether the code shows while it is typed.
    pub echo_code: bool,
    /// `store=`: another store than the system's.
    pub store: Option<PathBuf>,
    /// `config=`: another policy than the system's; the master key stands beside it.
    pub config: Option<PathBuf>,
    /// `socket=`: another socket of the daemon than the system's.
    pub socket: Option<PathBuf>,
    /// `debug`: whether decisions are logged.
    pub debug: bool,
}

/// Where the code comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CodeSource {
    /// It is asked for.
    #[default]
    Prompt,
    /// `try_first_pass`: what a module before asked for, then it is asked for.
    TryFirstPass,
    /// `use_first_pass`: what a module before asked for, and nothing else.
    UseFirstPass,
    /// `forward_pass`: it is asked for together with the password, and kept for a later line.
    ForwardPass,
    /// `use_forwarded_code`: the one that `forward_pass` kept.
    UseForwardedCode,
}

/// The options that have no value.
const FLAGS: [&str; 7] = [
    "echo_code",
    "try_first_pass",
    "use_first_pass",
    "forward_pass",
    "use_forwarded_code",
    "after_publickey",
    "debug",
];

/// Options of which only one can be meant.
const EXCLUSIVE: [(&str, &str); 10] = [
    ("try_first_pass", "use_first_pass"),
    ("forward_pass", "try_first_pass"),
    ("forward_pass", "use_first_pass"),
    ("forward_pass", "use_forwarded_code"),
    ("forward_pass", "after_publickey"),
    ("forward_pass", "echo_code"),
    ("use_forwarded_code", "try_first_pass"),
    ("use_forwarded_code", "use_first_pass"),
    ("use_forwarded_code", "prompt="),
    ("use_forwarded_code", "echo_code"),
];

/// An argument that is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Mistake {
    /// No such option.
    #[error("there is no option {0}: pam_keyfob(8) lists the options")]
    Unknown(String),
    /// Bytes that are no text.
    #[error("the option {0} is not UTF-8: write it in UTF-8")]
    NotText(String),
    /// One option, two values.
    #[error("the option {0} stands twice: remove one")]
    Twice(&'static str),
    /// Two options, of which only one can be meant.
    #[error("the options {0} and {1} exclude each other: remove one")]
    Together(&'static str, &'static str),
    /// A prompt that can't be shown.
    #[error(
        "the option prompt= needs 1 to {max} bytes without control characters: write it as [prompt=Code: ]",
        max = Options::MAX_PROMPT_BYTES
    )]
    Prompt,
    /// A path whose meaning would depend on the application's working directory.
    #[error("the option {0} needs an absolute path: begin it with /")]
    NotAbsolute(&'static str),
}

impl Options {
    /// What is asked where `prompt=` is not given.
    pub const PROMPT: &str = "Authentication Code: ";
    /// What is asked with `forward_pass`.
    pub const PASSWORD_PROMPT: &str = "Password & Authentication Code: ";
    /// Longest prompt, in bytes; applications may cut messages at 512 (`PAM_MAX_MSG_SIZE`).
    pub const MAX_PROMPT_BYTES: usize = 256;

    /// Where the daemon is asked, if it is there. A store or policy that was named without a socket is not the daemon's.
    pub fn daemon(&self) -> Option<&Path> {
        match (&self.socket, &self.store, &self.config) {
            (Some(socket), _, _) => Some(socket),
            (None, None, None) => Some(Path::new(SOCKET)),
            _ => None,
        }
    }

    /// Reads the arguments.
    ///
    /// # Errors
    /// All mistakes at once: a sign-in is refused rather than done otherwise than it was configured.
    pub fn parse(arguments: &[&CStr]) -> Result<Self, Vec<Mistake>> {
        let mut given = Given::default();
        let mut mistakes: Vec<_> =
            arguments.iter().filter_map(|argument| given.add(argument).err()).collect();
        mistakes.extend(given.contradictions());
        if mistakes.is_empty() { Ok(given.into()) } else { Err(mistakes) }
    }
}

/// What was read so far.
#[derive(Default)]
struct Given {
    prompt: Option<String>,
    store: Option<PathBuf>,
    config: Option<PathBuf>,
    socket: Option<PathBuf>,
    flags: Vec<&'static str>,
}

impl Given {
    fn add(&mut self, argument: &CStr) -> Result<(), Mistake> {
        let text =
            argument.to_str().map_err(|_| Mistake::NotText(argument.to_string_lossy().into_owned()))?;
        match text.split_once('=') {
            Some(("prompt", value)) => set(&mut self.prompt, "prompt=", prompt(value)?),
            Some(("store", value)) => set(&mut self.store, "store=", absolute("store=", value)?),
            Some(("config", value)) => set(&mut self.config, "config=", absolute("config=", value)?),
            Some(("socket", value)) => set(&mut self.socket, "socket=", absolute("socket=", value)?),
            _ => self.add_flag(text),
        }
    }

    fn add_flag(&mut self, text: &str) -> Result<(), Mistake> {
        let flag =
            FLAGS.into_iter().find(|flag| *flag == text).ok_or_else(|| Mistake::Unknown(text.into()))?;
        if self.has(flag) {
            return Err(Mistake::Twice(flag));
        }
        self.flags.push(flag);
        Ok(())
    }

    fn has(&self, option: &str) -> bool {
        self.flags.contains(&option) || (option == "prompt=" && self.prompt.is_some())
    }

    fn contradictions(&self) -> impl Iterator<Item = Mistake> {
        let together = EXCLUSIVE.into_iter().filter(|(one, other)| self.has(one) && self.has(other));
        together.map(|(one, other)| Mistake::Together(one, other))
    }

    fn code_source(&self) -> CodeSource {
        let sources = [
            ("try_first_pass", CodeSource::TryFirstPass),
            ("use_first_pass", CodeSource::UseFirstPass),
            ("forward_pass", CodeSource::ForwardPass),
            ("use_forwarded_code", CodeSource::UseForwardedCode),
        ];
        sources.into_iter().find(|(flag, _)| self.has(flag)).map(|(_, source)| source).unwrap_or_default()
    }
}

impl From<Given> for Options {
    fn from(given: Given) -> Self {
        let code_source = given.code_source();
        let default_prompt =
            if code_source == CodeSource::ForwardPass { Self::PASSWORD_PROMPT } else { Self::PROMPT };
        Self {
            code_source,
            after_publickey: given.has("after_publickey"),
            echo_code: given.has("echo_code"),
            debug: given.has("debug"),
            prompt: given.prompt.unwrap_or_else(|| default_prompt.into()),
            store: given.store,
            config: given.config,
            socket: given.socket,
        }
    }
}

fn set<T>(place: &mut Option<T>, option: &'static str, value: T) -> Result<(), Mistake> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(Mistake::Twice(option)),
    }
}

fn prompt(value: &str) -> Result<String, Mistake> {
    let fits = (1..=Options::MAX_PROMPT_BYTES).contains(&value.len());
    if fits && !value.chars().any(char::is_control) { Ok(value.into()) } else { Err(Mistake::Prompt) }
}

fn absolute(option: &'static str, value: &str) -> Result<PathBuf, Mistake> {
    if value.starts_with('/') { Ok(value.into()) } else { Err(Mistake::NotAbsolute(option)) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::ffi::CString;

    use super::*;

    fn mistakes(arguments: &[&CStr]) -> Vec<Mistake> {
        Options::parse(arguments).unwrap_err()
    }

    #[test]
    fn none_are_needed() {
        let defaults = Options {
            prompt: "Authentication Code: ".into(),
            code_source: CodeSource::Prompt,
            after_publickey: false,
            echo_code: false,
            store: None,
            config: None,
            socket: None,
            debug: false,
        };
        assert_eq!(Options::parse(&[]).unwrap(), defaults);
    }

    #[test]
    fn all_are_read() {
        let given = [
            c"prompt=Code=? ",
            c"echo_code",
            c"store=/a b/s.db",
            c"config=/c.toml",
            c"socket=/s.sock",
            c"debug",
            c"try_first_pass",
            c"after_publickey",
        ];
        let options = Options {
            prompt: "Code=? ".into(),
            code_source: CodeSource::TryFirstPass,
            after_publickey: true,
            echo_code: true,
            store: Some("/a b/s.db".into()),
            config: Some("/c.toml".into()),
            socket: Some("/s.sock".into()),
            debug: true,
        };
        assert_eq!(Options::parse(&given).unwrap(), options);
    }

    #[test]
    fn unknown_ones_are_refused() {
        for unknown in
            [c"nullok", c"Debug", c"debug=", c"debug=1", c"echo_code=no", c"prompt", c"store", c"=", c""]
        {
            let expected = Mistake::Unknown(unknown.to_str().unwrap().into());
            assert_eq!(mistakes(&[unknown]), [expected], "{unknown:?}");
        }
    }

    #[test]
    fn all_mistakes_are_told_at_once() {
        let given = [
            c"promt=x",
            c"store=relative",
            c"debug",
            c"debug",
            c"prompt=",
            c"config=",
            c"socket=s",
            c"nullok",
        ];
        let expected = [
            Mistake::Unknown("promt=x".into()),
            Mistake::NotAbsolute("store="),
            Mistake::Twice("debug"),
            Mistake::Prompt,
            Mistake::NotAbsolute("config="),
            Mistake::NotAbsolute("socket="),
            Mistake::Unknown("nullok".into()),
        ];
        assert_eq!(mistakes(&given), expected);
    }

    #[test]
    fn each_may_stand_once() {
        for (first, second, name) in [
            (c"prompt=a", c"prompt=b", "prompt="),
            (c"store=/a", c"store=/b", "store="),
            (c"config=/a", c"config=/b", "config="),
            (c"socket=/a", c"socket=/b", "socket="),
            (c"echo_code", c"echo_code", "echo_code"),
            (c"debug", c"debug", "debug"),
            (c"try_first_pass", c"try_first_pass", "try_first_pass"),
        ] {
            assert_eq!(mistakes(&[first, second]), [Mistake::Twice(name)]);
        }
    }

    #[test]
    fn the_code_has_one_source() {
        for (option, source, prompt) in [
            (c"try_first_pass", CodeSource::TryFirstPass, "Authentication Code: "),
            (c"use_first_pass", CodeSource::UseFirstPass, "Authentication Code: "),
            (c"forward_pass", CodeSource::ForwardPass, "Password & Authentication Code: "),
            (c"use_forwarded_code", CodeSource::UseForwardedCode, "Authentication Code: "),
        ] {
            let options = Options::parse(&[option]).unwrap();
            assert_eq!((options.code_source, options.prompt.as_str()), (source, prompt));
        }
        assert_eq!(Options::parse(&[c"forward_pass", c"prompt=Both: "]).unwrap().prompt, "Both: ");
    }

    #[test]
    fn contradictions_are_told_at_once() {
        let given = [
            c"try_first_pass",
            c"echo_code",
            c"use_forwarded_code",
            c"nullok",
            c"after_publickey",
            c"forward_pass",
            c"prompt=a",
            c"use_first_pass",
        ];
        let mut expected = vec![Mistake::Unknown("nullok".into())];
        expected.extend(EXCLUSIVE.map(|(one, other)| Mistake::Together(one, other)));
        assert_eq!(mistakes(&given), expected);
        assert_eq!(
            Mistake::Together("a", "b").to_string(),
            "the options a and b exclude each other: remove one"
        );
    }

    #[test]
    fn each_pair_of_flags_is_either_allowed_or_named() {
        let allowed = |one, other| !EXCLUSIVE.contains(&(one, other)) && !EXCLUSIVE.contains(&(other, one));
        for (place, one) in FLAGS.into_iter().enumerate() {
            for other in FLAGS.into_iter().skip(place + 1) {
                let arguments = [one, other].map(|flag| CString::new(flag).unwrap());
                let parsed = Options::parse(&[&arguments[0], &arguments[1]]);
                assert_eq!(parsed.is_ok(), allowed(one, other), "{one} {other}");
            }
        }
    }

    #[test]
    fn a_prompt_has_limits() {
        let prompt = |text: &str| CString::new(format!("prompt={text}")).unwrap();
        assert!(Options::parse(&[&prompt(&"x".repeat(256))]).is_ok());
        assert!(Options::parse(&[&prompt("Código: ")]).is_ok());
        for bad in [&"x".repeat(257), "", "two\nlines", "\u{1b}[2J"] {
            assert_eq!(mistakes(&[&prompt(bad)]), [Mistake::Prompt], "{bad:?}");
        }
    }

    #[test]
    fn what_is_not_text_is_refused() {
        assert_eq!(mistakes(&[c"store=/\xff"]), [Mistake::NotText("store=/\u{fffd}".into())]);
    }

    #[test]
    fn each_stands_in_the_man_page() {
        let page = include_str!("../../docs/man/pam_keyfob.8");
        let with_values =
            ["prompt= Ns Ar text", "store= Ns Ar path", "config= Ns Ar path", "socket= Ns Ar path"];
        for option in with_values.into_iter().chain(FLAGS) {
            assert!(page.contains(&format!("\n.It Cm {option}\n")), "{option}");
        }
        assert!(page.contains("1 to 256 bytes") && page.contains(".Dq Authentication Code: \\& .\n"));
        assert!(page.contains(".Dq Password & Authentication Code: \\& .\n"));
    }
}
