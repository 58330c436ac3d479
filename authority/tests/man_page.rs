//! keyfob.toml(5) and the policy file say the same.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use keyfob_authority::DEFAULT_POLICY;

const PAGE: &str = include_str!("../../docs/man/keyfob.toml.5");

/// What starts a setting's entry.
const ENTRY: &str = ".It Cm ";

/// Each setting with its section, and its default.
fn settings() -> BTreeMap<(String, String), String> {
    let mut section = String::new();
    let mut settings = BTreeMap::new();
    for line in DEFAULT_POLICY.lines() {
        if line.starts_with('[') {
            line.clone_into(&mut section);
        } else if let Some((name, default)) = line.strip_prefix('#').and_then(|line| line.split_once(" = ")) {
            settings.insert((section.clone(), name.to_owned()), default.to_owned());
        }
    }
    settings
}

/// Each setting that the page describes with its section, and how.
fn described() -> BTreeMap<(String, String), String> {
    let mut described = BTreeMap::new();
    for text in PAGE.split("\n.Ss ").skip(1) {
        let (section, text) = text.split_once('\n').unwrap();
        let text = text.split("\n.El").next().unwrap();
        for entry in text.split(ENTRY).skip(1) {
            let (name, text) = entry.split_once('\n').unwrap();
            described.insert((section.to_owned(), name.to_owned()), text.to_owned());
        }
    }
    described
}

#[test]
fn every_setting_stands_in_the_man_page_and_no_other() {
    let (settings, described) = (settings(), described());
    assert!(settings.len() >= 12, "{settings:?}");
    assert_eq!(settings.keys().collect::<Vec<_>>(), described.keys().collect::<Vec<_>>());
}

#[test]
fn the_man_page_tells_the_defaults() {
    for (setting, default) in settings() {
        let shown = match default.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
            Some("") => r"default is .Qq \&".to_owned(),
            Some(text) => format!("default is .Qq {text}"),
            None => format!("default is {default}."),
        };
        let text = described().remove(&setting).unwrap_or_default().replace('\n', " ");
        assert!(text.contains(&shown), "{setting:?}: {shown}: {text}");
    }
}
