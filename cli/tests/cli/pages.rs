//! Man pages and completions, which are generated from the same definitions as the parser.

use std::fs;

use crate::site::{KEYFOB, Site, run};

/// The help of `keyfob`, of its commands, and of theirs.
fn helps(path: &[&str], found: &mut Vec<(String, String)>) {
    let mut command = std::process::Command::new(KEYFOB);
    let help = run(
        {
            command.args(path).arg("--help");
            command
        },
        "",
    )
    .done();
    let commands: Vec<String> = section(&help, "Commands:").map(ToOwned::to_owned).collect();
    found.push(([&["keyfob"], path].concat().join("-"), help));
    for command in commands.iter().filter(|command| *command != "help") {
        helps(&[path, &[command]].concat(), found);
    }
}

/// The first words of a section's lines.
fn section<'a>(help: &'a str, heading: &str) -> impl Iterator<Item = &'a str> {
    let lines =
        help.lines().skip_while(move |line| *line != heading).skip(1).take_while(|line| !line.is_empty());
    lines.filter_map(|line| line.split_whitespace().next()).collect::<Vec<_>>().into_iter()
}

/// The flags that a help describes.
fn flags(help: &str) -> impl Iterator<Item = &str> {
    let described = help.lines().filter(|line| line.trim_start().starts_with('-'));
    described.flat_map(str::split_whitespace).filter(|word| word.starts_with("--"))
}

/// The tagged paragraphs' tags: what a page describes. In man(7), and in mdoc(7) for a page that is written by hand.
fn tags(page: &str) -> Vec<String> {
    let lines: Vec<_> = page.lines().collect();
    let generated = lines.windows(2).filter(|pair| pair[0] == ".TP").map(|pair| pair[1].to_owned());
    let by_hand = lines.iter().filter_map(|line| line.strip_prefix(".It "));
    generated.chain(by_hand.map(|tag| tag.replace("Fl ", "-"))).collect()
}

#[test]
fn every_command_has_a_page_with_each_of_its_flags() {
    let site = Site::empty();
    let folder = site.path("");
    assert_eq!(site.keyfob(&["man", folder.to_str().unwrap()]).done(), "");
    let mut commands = Vec::new();
    helps(&[], &mut commands);
    assert_eq!(commands.len(), 26);
    for (name, help) in &commands {
        let page = fs::read_to_string(folder.join(format!("{name}.8"))).unwrap().replace("\\-", "-");
        let tags = tags(&page);
        let is_missing = |flag: &&str| !tags.iter().any(|tag| tag.contains(flag));
        let missing: Vec<_> = flags(help).filter(is_missing).collect();
        assert!(
            missing.is_empty() && flags(help).any(|flag| flag == "--store"),
            "{name}: {missing:?} not in {page}"
        );
        for command in section(help, "Commands:").filter(|command| *command != "help") {
            assert!(page.contains(&format!("{name}-{command}(8)")), "{name}: {command} not in {page}");
        }
    }
    assert_eq!(
        fs::read_dir(&folder).unwrap().count(),
        commands.len(),
        "a page of a command that the help doesn't show"
    );
}

/// The pages that are written by hand: file name and text.
fn by_hand() -> Vec<(String, String)> {
    let folder = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/man")).unwrap();
    let page = |path: std::path::PathBuf| {
        (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap())
    };
    folder.map(|entry| page(entry.unwrap().path())).collect()
}

#[test]
fn the_daemons_page_is_the_one_that_is_written_by_hand() {
    let site = Site::empty();
    site.keyfob(&["man", site.path("").to_str().unwrap()]).done();
    let clashes: Vec<_> = by_hand().into_iter().filter(|(name, _)| site.path(name).exists()).collect();
    assert_eq!(clashes.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["keyfob-daemon.8"]);
    assert_eq!(fs::read_to_string(site.path("keyfob-daemon.8")).unwrap(), clashes[0].1);
}

#[test]
fn pages_that_are_written_by_hand_refer_to_pages_that_exist() {
    let site = Site::empty();
    site.keyfob(&["man", site.path("").to_str().unwrap()]).done();
    let pages = by_hand();
    let mut references = 0;
    for (name, text) in &pages {
        for reference in text.lines().filter_map(|line| line.split("Xr ").nth(1)) {
            let mut words = reference.split_whitespace();
            let referred = [words.next().unwrap(), words.next().unwrap()].join(".");
            if referred.contains("keyfob") {
                let exists = pages.iter().any(|(name, _)| *name == referred) || site.path(&referred).exists();
                assert!(exists, "{name} refers to {referred}");
                references += 1;
            }
        }
    }
    assert!(references > 10, "{references}");
}

#[test]
fn pages_end_with_exit_codes_examples_and_json_names_as_they_are_written() {
    let site = Site::empty();
    let folder = site.path("");
    site.keyfob(&["man", folder.to_str().unwrap()]).done();
    let page = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let overview = page("keyfob.8");
    for heading in [".SH EXAMPLES", ".SH \"EXIT CODES\"", "iam\\-userenablemfadevice"] {
        assert!(overview.contains(heading), "{heading} not in {overview}");
    }
    assert!(
        page("keyfob-enable.8").contains(r"printf \*(Aq%s\\n\*(Aq 123456 654321"),
        "{}",
        page("keyfob-enable.8")
    );
    assert!(page("keyfob-log.8").contains(".SH JSON\n"), "{}", page("keyfob-log.8"));
}

#[test]
fn a_folder_that_is_missing_is_named() {
    let site = Site::empty();
    let missing = site.path("missing");
    let page = missing.join("keyfob.8");
    let answer = site.keyfob(&["man", missing.to_str().unwrap()]);
    answer.refused(&format!(
        "the file {} can't be written: No such file or directory (os error 2)",
        page.display()
    ));
}

#[test]
fn every_shell_gets_completions() {
    let site = Site::empty();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = site.keyfob(&["completions", shell]).done();
        assert!(script.contains("recovery-codes") && script.contains("skip-rejects"), "{shell}: {script}");
    }
}
