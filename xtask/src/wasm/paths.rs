//! The paths of the machine that builds: they stand in the places of panics, and are nobody else's business.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use keyfob_tests::{Result, build};

/// The folders whose names a module must not tell, and what it tells instead.
///
/// # Errors
/// One can't be found.
pub fn of_this_machine() -> Result<[(String, &'static str); 2]> {
    let checkout = build::checkout().canonicalize()?;
    Ok([(cargo_home()?.display().to_string(), "cargo"), (checkout.display().to_string(), "keyfob")])
}

#[allow(clippy::disallowed_methods, reason = "where cargo keeps the sources of crates")]
fn cargo_home() -> Result<PathBuf> {
    let home = || env::var_os("HOME").map(|home| Path::new(&home).join(".cargo"));
    let folder = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(home);
    Ok(folder.ok_or("neither CARGO_HOME nor HOME is set")?)
}

/// # Errors
/// Every module that tells such a path.
pub fn check(generated: &Path) -> Result<()> {
    let folders = of_this_machine()?;
    let mut mistakes = Vec::new();
    for file in fs::read_dir(generated)? {
        let path = file?.path();
        let content = fs::read(&path)?;
        let told = folders.iter().filter(|(folder, _)| contains(&content, folder));
        mistakes.extend(told.map(|(folder, _)| format!("{} contains {folder}", path.display())));
    }
    if mistakes.is_empty() { Ok(()) } else { Err(mistakes.join("; ").into()) }
}

fn contains(content: &[u8], text: &str) -> bool {
    content.windows(text.len()).any(|window| window == text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_found_anywhere() {
        assert!(contains(b"\0\x01/home/anna/.cargo/registry", "/home/anna/.cargo"));
        assert!(!contains(b"cargo/registry", "/home/anna/.cargo"));
    }
}
