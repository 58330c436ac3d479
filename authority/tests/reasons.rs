//! The words for why something is refused are the same in the code, the handbook and the pages.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

const CODE: &str = include_str!("../src/reason.rs");
const HANDBOOK: &str = include_str!("../../docs/service.md");
const PACKAGE: &str = include_str!("../../wasm/src/reason.rs");
const PAGES: &str = include_str!("../../www/src/problem.ts");

/// What stands between two such marks, from here to there.
fn words<'a>(text: &'a str, mark: char, (from, to): (&str, &str)) -> BTreeSet<&'a str> {
    let part = text.split_once(from).unwrap().1.split(to).next().unwrap();
    part.split(mark).skip(1).step_by(2).collect()
}

#[test]
fn reasons_are_told_in_the_same_words_everywhere() {
    let known = words(CODE, '"', ("impl Refused", "\0"));
    assert!(known.len() > 30 && known.contains("wrong-code"), "{known:?}");
    let table = HANDBOOK.split_once("## Reasons").unwrap().1.split("\n## ").next().unwrap();
    let first_column: String =
        table.lines().filter_map(|row| row.strip_prefix('|')?.split('|').next()).collect();
    assert_eq!(words(&first_column, '`', ("Reason", "\0")), known);
    let mut of_package = words(PACKAGE, '"', ("impl Reason for Refusal", "impl Reason for Mistake"));
    // Who verifies a code in the package has its device, and may know.
    assert!(of_package.remove("wrong-length"));
    assert!(of_package.len() > 4 && of_package.is_subset(&known), "{:?}", &of_package - &known);
    let of_pages = words(PAGES, '\'', ("REASONS = [", "]"));
    assert!(!of_pages.is_empty() && of_pages.is_subset(&known), "{:?}", &of_pages - &known);
}
