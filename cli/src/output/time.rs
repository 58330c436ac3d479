use jiff::Timestamp;
use jiff::tz::TimeZone;
use keyfob_core::UnixTime;

const DAY: u64 = 24 * 60 * 60;

/// RFC 3339, in UTC. Times past the year 9999 show as its last second.
pub fn rfc3339(time: UnixTime) -> String {
    timestamp(time).to_string()
}

/// `2026-11-24 12:31:05`, in the local time zone.
pub fn local(time: UnixTime) -> String {
    in_local_zone(time, "%Y-%m-%d %H:%M:%S")
}

/// How long to wait, and until when: `25 seconds (until 12:31:05)`.
pub fn until(time: UnixTime, now: UnixTime) -> String {
    let wait = time.seconds_since(now);
    let end = if wait < DAY { in_local_zone(time, "%H:%M:%S") } else { local(time) };
    format!("{} (until {end})", duration(wait))
}

/// `25 seconds`, `5 minutes`, `3 hours`, `400 days`: rounded to the nearest, from two of a unit on.
pub fn duration(seconds: u64) -> String {
    let (unit, name) = match seconds {
        0..120 => (1, "second"),
        120..7_200 => (60, "minute"),
        7_200..172_800 => (60 * 60, "hour"),
        _ => (DAY, "day"),
    };
    let number = seconds.saturating_add(unit / 2) / unit;
    format!("{number} {name}{}", if number == 1 { "" } else { "s" })
}

fn in_local_zone(time: UnixTime, format: &str) -> String {
    timestamp(time).to_zoned_datetime(TimeZone::system()).strftime(format).to_string()
}

fn timestamp(time: UnixTime) -> Timestamp {
    i64::try_from(time.0)
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rfc_3339_in_utc() {
        assert_eq!(rfc3339(UnixTime(0)), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(UnixTime(1_111_111_109)), "2005-03-18T01:58:29Z");
        assert!(rfc3339(UnixTime(u64::MAX)).starts_with("9999-12-"));
    }

    #[test]
    fn durations_are_words() {
        for (seconds, words) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (119, "119 seconds"),
            (120, "2 minutes"),
            (299, "5 minutes"),
            (3_600, "60 minutes"),
            (7_200, "2 hours"),
            (43_100, "12 hours"),
            (172_800, "2 days"),
        ] {
            assert_eq!(duration(seconds), words);
        }
        assert!(duration(u64::MAX).ends_with(" days"));
    }
}
