//! How large the package may be.

use std::{fs, path::Path, process::Command};

use keyfob_tests::{Result, command};

/// A file of the package, and the most bytes it may have as it is and compressed.
struct Budget {
    file: &'static str,
    raw: usize,
    compressed: usize,
}

/// The main module's are what a page may be made to wait for; the others keep their files from growing.
const BUDGETS: [Budget; 5] = [
    Budget { file: "keyfob_bg.wasm", raw: 61_440, compressed: 22_528 },
    Budget { file: "keyfob_simd_bg.wasm", raw: 61_440, compressed: 25_300 },
    Budget { file: "keyfob.js", raw: usize::MAX, compressed: 2_900 },
    Budget { file: "tokens_bg.wasm", raw: usize::MAX, compressed: 120_000 },
    Budget { file: "tokens.js", raw: usize::MAX, compressed: 4_000 },
];

/// Shows the sizes.
///
/// # Errors
/// Every file that is larger than its budget.
pub fn check(generated: &Path) -> Result<()> {
    let mut mistakes = Vec::new();
    for budget in &BUDGETS {
        let path = generated.join(budget.file);
        let (raw, compressed) = (fs::read(&path)?.len(), compressed(&path)?);
        println!("{}: {raw} bytes, {compressed} compressed", budget.file);
        mistakes.extend(budget.mistake(raw, compressed));
    }
    if mistakes.is_empty() { Ok(()) } else { Err(mistakes.join("; ").into()) }
}

impl Budget {
    fn mistake(&self, raw: usize, compressed: usize) -> Option<String> {
        let Self { file, raw: most, compressed: most_compressed } = self;
        (raw > *most || compressed > *most_compressed).then(|| {
            format!("{file} has {raw} bytes, {compressed} compressed: at most {most} and {most_compressed} are allowed")
        })
    }
}

fn compressed(path: &Path) -> Result<usize> {
    let mut gzip = Command::new("gzip");
    Ok(command::output(gzip.args(["--best", "--stdout", "--no-name"]).arg(path))?.stdout.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET: Budget = Budget { file: "x", raw: 100, compressed: 50 };

    #[test]
    fn a_file_may_be_as_large_as_its_budget() {
        assert_eq!(BUDGET.mistake(100, 50), None);
    }

    #[test]
    fn a_larger_file_is_named() {
        for (raw, compressed) in [(101, 50), (100, 51)] {
            assert!(BUDGET.mistake(raw, compressed).is_some_and(|mistake| mistake.starts_with("x has")));
        }
    }
}
