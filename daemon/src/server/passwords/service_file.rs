use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::SERVICE;

/// The module that the service must not contain: the daemon asks for the code itself.
const OWN_MODULE: &str = "pam_keyfob";

/// As deep as libpam follows what files include.
const MAX_DEPTH: usize = 16;

/// What is asked of the service. A type that it has no line of is taken from `other` by libpam.
const TYPES: [&str; 2] = ["auth", "account"];

/// The file of the PAM service, and the folders where libpam looks for it, in its order.
pub struct ServiceFile {
    folders: Vec<PathBuf>,
}

/// What is wrong with it.
#[derive(Debug, Error)]
pub enum Fault {
    /// It, or what it includes.
    #[error("the PAM service {SERVICE} needs a file {0} in /etc/pam.d, and there is none: install it")]
    Missing(String),
    /// It, or what it includes.
    #[error("the file {0} of the PAM service {SERVICE} can't be read: {1}")]
    Unreadable(PathBuf, io::Error),
    /// A second question, which nobody would answer.
    #[error(
        "the PAM service {SERVICE} must not ask for a code: take {OWN_MODULE} out of {0}, or do not include that"
    )]
    AsksForCode(String),
    /// A loop, or as good as one.
    #[error("the PAM service {SERVICE} includes files more than {MAX_DEPTH} deep: take out the loop")]
    TooDeep,
    /// A part that libpam would take from elsewhere.
    #[error("the PAM service {SERVICE} has no {0} line, so that `other` would decide: add one")]
    LacksType(&'static str),
}

impl Default for ServiceFile {
    fn default() -> Self {
        Self::in_folders(&["/etc/pam.d", "/usr/lib/pam.d"].map(Path::new))
    }
}

impl ServiceFile {
    pub fn in_folders(folders: &[&Path]) -> Self {
        Self { folders: folders.iter().map(|folder| folder.to_path_buf()).collect() }
    }

    /// Is it there, and complete, and free of our own module?
    pub fn check(&self) -> Result<(), Fault> {
        let mut found = Vec::new();
        self.look_at(SERVICE, "", MAX_DEPTH, &mut found)?;
        let is_lacking = |wanted: &&str| !found.iter().any(|found| found.eq_ignore_ascii_case(wanted));
        match TYPES.into_iter().find(is_lacking) {
            Some(lacking) => Err(Fault::LacksType(lacking)),
            None => Ok(()),
        }
    }

    /// Adds the types of a file's lines, and of what it includes; of one type only, unless that is empty.
    fn look_at(&self, file: &str, only: &str, depth: usize, found: &mut Vec<String>) -> Result<(), Fault> {
        let depth = depth.checked_sub(1).ok_or(Fault::TooDeep)?;
        // A line that ends with a backslash goes on with the next.
        for line in self.read(file)?.replace("\\\n", " ").lines() {
            let words: Vec<_> = line.split_whitespace().collect();
            let Some(first) = words.first().filter(|first| !first.starts_with('#')) else { continue };
            let of_type = first.trim_start_matches('-');
            if first.eq_ignore_ascii_case("@include") {
                self.look_at(words.get(1).unwrap_or(&""), only, depth, found)?;
            } else if !only.is_empty() && !of_type.eq_ignore_ascii_case(only) {
                // Not included.
            } else if words.get(1).is_some_and(|control| is_include(control)) {
                self.look_at(words.get(2).unwrap_or(&""), of_type, depth, found)?;
            } else if line.contains(OWN_MODULE) {
                return Err(Fault::AsksForCode(file.to_owned()));
            } else {
                found.push(of_type.to_owned());
            }
        }
        Ok(())
    }

    /// An absolute path is read as it is.
    fn read(&self, file: &str) -> Result<String, Fault> {
        for folder in &self.folders {
            let path = folder.join(file);
            match fs::read(&path) {
                Ok(bytes) => return Ok(String::from_utf8_lossy(&bytes).into_owned()),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(Fault::Unreadable(path, error)),
            }
        }
        Err(Fault::Missing(file.to_owned()))
    }
}

fn is_include(control: &str) -> bool {
    ["include", "substack"].iter().any(|word| control.eq_ignore_ascii_case(word))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    const PLAIN: &str = "auth required pam_unix.so\naccount required pam_unix.so\n";

    fn check(files: &[(&str, &str)]) -> Result<(), Fault> {
        let root = TempDir::new().unwrap();
        let folders = ["etc", "usr"].map(|name| root.path().join(name));
        for folder in &folders {
            fs::create_dir(folder).unwrap();
        }
        for (path, text) in files {
            fs::write(root.path().join(path), text).unwrap();
        }
        ServiceFile::in_folders(&folders.each_ref().map(PathBuf::as_path)).check()
    }

    #[test]
    fn a_service_of_its_own_is_good_in_either_folder() {
        check(&[("etc/keyfob", PLAIN)]).unwrap();
        check(&[("usr/keyfob", PLAIN)]).unwrap();
        check(&[("etc/keyfob", PLAIN), ("usr/keyfob", "auth required pam_keyfob.so\n")]).unwrap();
        let shipped = include_str!("../../../pam.d/keyfob");
        check(&[("etc/keyfob", shipped)]).unwrap();
    }

    #[test]
    fn a_missing_one_would_be_other() {
        assert!(matches!(check(&[("etc/other", PLAIN)]), Err(Fault::Missing(file)) if file == "keyfob"));
        let including = "@include common-auth\naccount required pam_unix.so\n";
        assert!(
            matches!(check(&[("etc/keyfob", including)]), Err(Fault::Missing(file)) if file == "common-auth")
        );
        check(&[("etc/keyfob", including), ("usr/common-auth", "auth required pam_unix.so\n")]).unwrap();
    }

    #[test]
    fn so_would_be_what_it_says_nothing_of() {
        for (text, lacking) in [
            ("", "auth"),
            ("# auth required pam_unix.so\naccount required pam_unix.so\n", "auth"),
            ("auth required pam_unix.so\nsession required pam_unix.so\n", "account"),
            ("auth include keyfob-both\n", "account"),
        ] {
            let outcome = check(&[("etc/keyfob", text), ("etc/keyfob-both", PLAIN)]);
            assert!(matches!(outcome, Err(Fault::LacksType(found)) if found == lacking), "{text:?}");
        }
    }

    #[test]
    fn our_own_module_is_found_wherever_it_stands() {
        for line in [
            "auth required pam_keyfob.so",
            "-AUTH [success=1 default=ignore] /usr/lib/security/pam_keyfob.so no_warn",
            "auth required \\\n pam_keyfob.so",
            "@include other",
            "auth include other",
            "account\tsubstack\tother",
            "auth include /nowhere/../etc/other",
        ] {
            let text = format!("{PLAIN}{line}\n");
            let other = "auth optional pam_keyfob.so\naccount optional pam_keyfob.so\n";
            let outcome = check(&[("etc/keyfob", &text), ("etc/other", other)]);
            if line.contains("/nowhere") {
                assert!(matches!(outcome, Err(Fault::Missing(_))), "{line}");
            } else {
                assert!(matches!(outcome, Err(Fault::AsksForCode(_))), "{line}: {outcome:?}");
            }
        }
    }

    #[test]
    fn what_is_not_included_does_not_matter() {
        let text = format!("# no pam_keyfob.so here\n{PLAIN}account include other\n");
        check(&[("etc/keyfob", &text), ("etc/other", "auth required pam_keyfob.so\n")]).unwrap();
    }

    #[test]
    fn a_loop_is_an_error() {
        for text in ["@include keyfob\n", "auth substack keyfob\n", "@include second\n"] {
            let outcome = check(&[("etc/keyfob", text), ("etc/second", text)]);
            assert!(matches!(outcome, Err(Fault::TooDeep)), "{text}");
        }
    }

    #[test]
    fn what_can_t_be_read_is_not_passed_over() {
        let [root, next] = [TempDir::new().unwrap(), TempDir::new().unwrap()];
        fs::create_dir(root.path().join(SERVICE)).unwrap();
        fs::write(next.path().join(SERVICE), PLAIN).unwrap();
        let outcome = ServiceFile::in_folders(&[root.path(), next.path()]).check();
        assert!(matches!(outcome, Err(Fault::Unreadable(..))));
    }
}
