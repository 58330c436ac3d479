//! What has happened to an account, in words for its owner.

use keyfob_authority::{Notice, NoticeKind};
use keyfob_core::{UnixTime, escape};

/// How much is shown of a remote host, in characters: the longest name of the domain name system fits.
const SHOWN_REMOTE: usize = 253;

/// One line, harmless on a terminal.
pub fn line(notice: &Notice, now: UnixTime) -> String {
    let when = ago(now.seconds_since(notice.time));
    let Notice { serial, door, count, .. } = notice;
    let device = serial.as_ref().map_or_else(|| "A device".into(), |serial| format!("Device {serial}"));
    let door = door.strip_prefix("pam:").unwrap_or(door);
    let from = from(notice.remote.as_deref());
    let text = match (notice.kind, count) {
        (NoticeKind::Associated, _) => format!("{device} was associated with your account {when}{from}."),
        (NoticeKind::Deactivated, _) => format!("{device} was taken from your account {when}{from}."),
        (NoticeKind::Resynchronised, _) => format!("{device} was resynchronised {when}{from}."),
        (NoticeKind::RecoveryCodeUsed, 0..=1) => {
            format!("A recovery code of yours signed in at {door} {when}{from}.")
        }
        (NoticeKind::RecoveryCodeUsed, _) => {
            format!("{count} recovery codes of yours signed in, the last at {door} {when}{from}.")
        }
        (NoticeKind::CodesRefused, 0..=1) => {
            format!("{door} refused a wrong code since your last sign-in, {when}{from}.")
        }
        (NoticeKind::CodesRefused, _) => {
            format!("{door} refused {count} wrong codes since your last sign-in, the last {when}{from}.")
        }
    };
    escape(&text)
}

fn from(remote: Option<&str>) -> String {
    remote.map_or_else(String::new, |remote| {
        format!(" from {}", remote.chars().take(SHOWN_REMOTE).collect::<String>())
    })
}

/// How long ago, in the unit that people count it in, never longer than it is.
fn ago(seconds: u64) -> String {
    match seconds {
        0..60 => "just now".into(),
        60..3600 => ago_in(seconds / 60, "minute"),
        3600..86400 => ago_in(seconds / 3600, "hour"),
        _ => ago_in(seconds / 86400, "day"),
    }
}

fn ago_in(number: u64, unit: &str) -> String {
    if number == 1 { format!("1 {unit} ago") } else { format!("{number} {unit}s ago") }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime(1_000_000);

    fn notice(kind: NoticeKind, count: u32) -> Notice {
        Notice {
            kind,
            time: UnixTime(NOW.0 - 3 * 3600),
            serial: Some("GAHT123".parse().unwrap()),
            door: "pam:sshd".into(),
            remote: None,
            count,
        }
    }

    #[test]
    fn each_kind_has_its_line() {
        use NoticeKind::{Associated, CodesRefused, Deactivated, RecoveryCodeUsed, Resynchronised};
        for (kind, count, told) in [
            (Associated, 1, "Device GAHT123 was associated with your account 3 hours ago."),
            (Deactivated, 1, "Device GAHT123 was taken from your account 3 hours ago."),
            (Resynchronised, 1, "Device GAHT123 was resynchronised 3 hours ago."),
            (RecoveryCodeUsed, 1, "A recovery code of yours signed in at sshd 3 hours ago."),
            (RecoveryCodeUsed, 2, "2 recovery codes of yours signed in, the last at sshd 3 hours ago."),
            (CodesRefused, 1, "sshd refused a wrong code since your last sign-in, 3 hours ago."),
            (CodesRefused, 4, "sshd refused 4 wrong codes since your last sign-in, the last 3 hours ago."),
        ] {
            assert_eq!(line(&notice(kind, count), NOW), told);
        }
    }

    #[test]
    fn what_others_choose_is_made_harmless() {
        let mut refused = notice(NoticeKind::CodesRefused, 4);
        refused.remote = Some("192.0.2.7".into());
        assert!(line(&refused, NOW).ends_with("the last 3 hours ago from 192.0.2.7."));
        refused.remote = Some(format!("h\u{1b}[2J{}", "x".repeat(1000)));
        refused.door = "pam:a\nb".into();
        let line = line(&refused, NOW);
        assert!(line.starts_with("a\\u{a}b refused 4 wrong codes"), "{line}");
        assert!(line.contains("from h\\u{1b}[2Jxxx") && line.len() < 400, "{line}");
    }

    #[test]
    fn times_are_told_in_the_unit_that_fits() {
        for (seconds, told) in [
            (0, "just now"),
            (59, "just now"),
            (60, "1 minute ago"),
            (3599, "59 minutes ago"),
            (3600, "1 hour ago"),
            (86399, "23 hours ago"),
            (86400, "1 day ago"),
            (10 * 86400, "10 days ago"),
        ] {
            assert_eq!(ago(seconds), told);
        }
    }

    #[test]
    fn a_clock_that_was_set_back_is_no_harm() {
        let mut later = notice(NoticeKind::Associated, 1);
        later.time = NOW.after(100);
        assert_eq!(line(&later, NOW), "Device GAHT123 was associated with your account just now.");
    }
}
