//! The module's options, alone and combined: a table in `data/pam-options.txt`, each line of it a sign-in through the real libpam.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use std::fs;

use keyfob_tests::{
    Enrolled, Record, Site, Token, build,
    site::{me, somebody_else},
    token::Kind,
};

const TABLE: &str = include_str!("data/pam-options.txt");

/// The options that can be combined.
const OPTIONS: [&str; 7] = [
    "echo_code",
    "try_first_pass",
    "use_first_pass",
    "forward_pass",
    "use_forwarded_code",
    "after_publickey",
    "prompt=",
];

/// The accounts that are not this process's.
const IS_OTHERS: [&str; 3] = ["no", "required", "eight"];

/// One line of the table.
struct Row {
    line: &'static str,
    stack: &'static str,
    account: &'static str,
    before: &'static str,
    public_key: &'static str,
    answers: &'static str,
    result: &'static str,
    prompts: usize,
    after: &'static str,
}

fn rows() -> Vec<Row> {
    let lines = TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(row).collect()
}

fn row(line: &'static str) -> Row {
    let columns: Vec<_> = line.split('|').map(str::trim).collect();
    let [stack, account, before, public_key, answers, result, prompts, after] = columns[..] else {
        unreachable!("a line without 8 columns: {line}")
    };
    let prompts = prompts.parse().unwrap();
    Row { line, stack, account, before, public_key, answers, result, prompts, after }
}

/// A site with a token, recovery codes and the stand-in for the password's module.
struct Bench {
    site: Site,
    policy: String,
    fob: Enrolled,
    used: String,
    recovery_codes: Vec<String>,
    last_code: String,
    /// The device with longer codes, while somebody has it.
    other: Option<Enrolled>,
    others: u32,
}

impl Bench {
    fn new() -> Self {
        let site = Site::new();
        let policy = fs::read_to_string(site.policy()).unwrap();
        // The third wrong code brings the offer to resynchronise, the fourth the throttle.
        let policy = policy.replace("#free_failures = 3\n", "free_failures = 4\n");
        assert!(policy.contains("\nfree_failures = 4\n"));
        fs::write(site.policy(), &policy).unwrap();
        let stand_in = site.path("pam_password.so");
        build::compile("pam_password.c", &stand_in, &["-shared", "-fPIC"]).unwrap();
        let fob = site.enroll(&me(), "T1", Kind::Hotp);
        let recovery_codes = site.keyfob_done(&["recovery-codes", "--user", &me()]);
        Self {
            used: fob.token.code(fob.next - 1).unwrap(),
            recovery_codes: recovery_codes.lines().map(str::to_owned).collect(),
            last_code: String::new(),
            other: None,
            others: 0,
            policy,
            site,
            fob,
        }
    }

    /// Signs in as a line says; the second is what `PAM_AUTHTOK` was.
    fn run(&mut self, row: &Row) -> (Record, String) {
        self.site.write_service("table", &self.service(row.stack));
        self.prepare(row.account);
        let user = if IS_OTHERS.contains(&row.account) { somebody_else().to_owned() } else { me() };
        let mut sign_in = self.site.sign_in_to("table", &user);
        let before = self.typed(row.before);
        if row.before != "-" {
            sign_in = sign_in.option("--variable").option(&format!("PASSWORD={before}"));
        }
        if row.public_key != "-" {
            sign_in = sign_in.option("--variable").option(&format!("SSH_AUTH_INFO_0={}", row.public_key));
        }
        for answer in row.answers.split(',').filter(|answer| *answer != "-") {
            sign_in = match answer {
                "NULL" => sign_in.option("--null-answer"),
                "FAIL" => sign_in.option("--fail"),
                answer => sign_in.answer(&self.typed(answer)),
            };
        }
        (sign_in.run().unwrap(), before)
    }

    fn service(&self, stack: &str) -> String {
        let stand_in = self.site.path("pam_password.so");
        let lines =
            ["optional password set"].into_iter().chain(stack.split(';')).chain(["optional password note"]);
        let written = lines.map(|line| {
            let mut words = line.trim().splitn(3, ' ');
            let (control, module) = (words.next().unwrap(), words.next().unwrap());
            let options = words.next().unwrap_or_default();
            match module {
                "keyfob" => format!("auth {control} {}\n", self.site.module_line(options)),
                "password" => format!("auth {control} {} {options}\n", stand_in.display()),
                _ => unreachable!("{line}"),
            }
        });
        written.collect()
    }

    fn prepare(&mut self, account: &str) {
        let wrong_codes = match account {
            "yes" | "no" | "required" | "two" | "eight" => 0,
            "offered" => 3,
            "throttled" => 4,
            _ => unreachable!("{account}"),
        };
        match account {
            "two" => self.give_other(&me()),
            "eight" => self.give_other(somebody_else()),
            "required" => {
                let policy = "[sign_in]\nrequired = \"everybody\"\n[throttle]\ndelay_seconds = 0\n";
                fs::write(self.site.policy(), policy).unwrap();
            }
            _ => {}
        }
        for _ in 0..wrong_codes {
            let record = self.site.sign_in(&me()).answer(&self.fob.wrong_code()).run().unwrap();
            assert_eq!(record.summary(), (1, "PAM_AUTH_ERR"));
        }
    }

    /// Gives an account a device with longer codes: a new one each time, so that its first codes are good.
    fn give_other(&mut self, user: &str) {
        self.others += 1;
        let token = Token { digits: 8, ..Token::new(&format!("T2-{}", self.others), Kind::Hotp) };
        self.site.import(std::slice::from_ref(&token));
        self.other = Some(self.site.enable(user, &token));
    }

    /// After a sign-in: no state of an account is left for the next one, and the first one's device still signs in.
    fn settle(&mut self) {
        if let Some(Enrolled { user, token, .. }) = self.other.take() {
            self.site.keyfob_done(&["user", "unlock", &user]);
            self.site.keyfob_done(&["disable", "--user", &user, "--serial", &token.serial]);
        }
        fs::write(self.site.policy(), &self.policy).unwrap();
        self.site.keyfob_done(&["user", "unlock", &me()]);
        let record = self.site.sign_in(&me()).answer(&self.fob.code()).run().unwrap();
        assert_eq!(record.outcome(), "PAM_SUCCESS", "{record}");
    }

    /// What is typed together.
    fn typed(&mut self, parts: &str) -> String {
        parts.split('+').map(|part| self.part(part)).collect()
    }

    fn part(&mut self, part: &str) -> String {
        match part {
            "CODE" => {
                self.last_code = self.fob.code();
                self.last_code.clone()
            }
            "EIGHT" => self.other.as_mut().unwrap().code(),
            "SAME" => self.last_code.clone(),
            "USED" => self.used.clone(),
            "WRONG" => self.fob.wrong_code(),
            "PAIR" => format!("{} {}", self.fob.code(), self.fob.code()),
            "RECOVERY" => self.recovery_codes.pop().unwrap(),
            "DUMMY" => "\u{8}\n\r\u{7f}INCORRECT".into(),
            "LONG" => "1".repeat(600),
            "SPACE" => " ".into(),
            "-" | "EMPTY" => String::new(),
            text => text.into(),
        }
    }

    /// The line that the stand-in writes down about `PAM_AUTHTOK`; none where the stack ended before.
    fn noted(&mut self, row: &Row, before: &str) -> Option<String> {
        match row.after {
            "?" => None,
            "-" => Some("no password".into()),
            "before" => Some(format!("password {}", escaped(before))),
            parts => Some(format!("password {}", escaped(&self.typed(parts)))),
        }
    }
}

fn escaped(text: &str) -> String {
    let escape = |c: char| {
        if matches!(c, ' '..='~') && c != '\\' { c.to_string() } else { format!("\\x{:02x}", u32::from(c)) }
    };
    text.chars().map(escape).collect()
}

#[test]
fn each_line_comes_true() {
    let mut bench = Bench::new();
    for row in rows() {
        let (record, before) = bench.run(&row);
        let noted = record.0.iter().find(|line| line.starts_with("password ") || *line == "no password");
        assert_eq!(record.summary(), (row.prompts, row.result), "{}\n{record}", row.line);
        assert_eq!(noted.cloned(), bench.noted(&row, &before), "{}\n{record}", row.line);
        if row.account != "no" {
            bench.settle();
        }
    }
}

#[test]
fn each_option_and_each_pair_of_them_stands_in_a_line() {
    let stacks: Vec<_> = rows().iter().flat_map(|row| row.stack.split(';')).collect();
    let has = |line: &str, option: &str| line.split(' ').any(|word| word.starts_with(option));
    for one in OPTIONS {
        for other in OPTIONS {
            assert!(stacks.iter().any(|line| has(line, one) && has(line, other)), "{one} {other}");
        }
    }
}
