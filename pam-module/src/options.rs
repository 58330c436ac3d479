use std::ffi::CStr;
use std::path::PathBuf;

use thiserror::Error;

/// The module's arguments, as they stand behind its name in the PAM service's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// `prompt=`: what is asked.
    pub prompt: String,
    /// `echo_code`: whether the code shows while it is typed.
    pub echo_code: bool,
    /// `store=`: another store than the system's.
    pub store: Option<PathBuf>,
    /// `config=`: another policy than the system's; the master key stands beside it.
    pub config: Option<PathBuf>,
    /// `debug`: whether decisions are logged.
    pub debug: bool,
}

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
    /// Longest prompt, in bytes; applications may cut messages at 512 (`PAM_MAX_MSG_SIZE`).
    pub const MAX_PROMPT_BYTES: usize = 256;

    /// Reads the arguments.
    ///
    /// # Errors
    /// All mistakes at once: a sign-in is refused rather than done otherwise than it was configured.
    pub fn parse(arguments: &[&CStr]) -> Result<Self, Vec<Mistake>> {
        let mut given = Given::default();
        let mistakes: Vec<_> = arguments.iter().filter_map(|argument| given.add(argument).err()).collect();
        if mistakes.is_empty() { Ok(given.into()) } else { Err(mistakes) }
    }
}

/// What was read so far.
#[derive(Default)]
struct Given {
    prompt: Option<String>,
    echo_code: Option<()>,
    store: Option<PathBuf>,
    config: Option<PathBuf>,
    debug: Option<()>,
}

impl Given {
    fn add(&mut self, argument: &CStr) -> Result<(), Mistake> {
        let text =
            argument.to_str().map_err(|_| Mistake::NotText(argument.to_string_lossy().into_owned()))?;
        match text.split_once('=') {
            Some(("prompt", value)) => set(&mut self.prompt, "prompt=", prompt(value)?),
            Some(("store", value)) => set(&mut self.store, "store=", absolute("store=", value)?),
            Some(("config", value)) => set(&mut self.config, "config=", absolute("config=", value)?),
            None if text == "echo_code" => set(&mut self.echo_code, "echo_code", ()),
            None if text == "debug" => set(&mut self.debug, "debug", ()),
            _ => Err(Mistake::Unknown(text.into())),
        }
    }
}

impl From<Given> for Options {
    fn from(given: Given) -> Self {
        Self {
            prompt: given.prompt.unwrap_or_else(|| Self::PROMPT.into()),
            echo_code: given.echo_code.is_some(),
            store: given.store,
            config: given.config,
            debug: given.debug.is_some(),
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
            echo_code: false,
            store: None,
            config: None,
            debug: false,
        };
        assert_eq!(Options::parse(&[]).unwrap(), defaults);
    }

    #[test]
    fn all_are_read() {
        let given = [c"prompt=Code=? ", c"echo_code", c"store=/a b/s.db", c"config=/c.toml", c"debug"];
        let options = Options {
            prompt: "Code=? ".into(),
            echo_code: true,
            store: Some("/a b/s.db".into()),
            config: Some("/c.toml".into()),
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
        let given = [c"promt=x", c"store=relative", c"debug", c"debug", c"prompt=", c"config=", c"nullok"];
        let expected = [
            Mistake::Unknown("promt=x".into()),
            Mistake::NotAbsolute("store="),
            Mistake::Twice("debug"),
            Mistake::Prompt,
            Mistake::NotAbsolute("config="),
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
            (c"echo_code", c"echo_code", "echo_code"),
            (c"debug", c"debug", "debug"),
        ] {
            assert_eq!(mistakes(&[first, second]), [Mistake::Twice(name)]);
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
        for option in ["prompt= Ns Ar text", "echo_code", "store= Ns Ar path", "config= Ns Ar path", "debug"]
        {
            assert!(page.contains(&format!("\n.It Cm {option}\n")), "{option}");
        }
        assert!(page.contains("1 to 256 bytes") && page.contains(".Dq Authentication Code: \\& .\n"));
    }
}
