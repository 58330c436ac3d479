use jiff::Timestamp;
use keyfob_core::UnixTime;

/// RFC 3339 in UTC. Times past the year 9999 show as its last second.
pub fn rfc3339(time: UnixTime) -> String {
    let seconds = i64::try_from(time.0).unwrap_or(i64::MAX);
    let last = Timestamp::MAX.as_second();
    Timestamp::from_second(seconds.min(last)).unwrap_or(Timestamp::MAX).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_whole_seconds_in_utc() {
        assert_eq!(rfc3339(UnixTime(1_795_488_092)), "2026-11-24T02:41:32Z");
        assert_eq!(rfc3339(UnixTime(u64::MAX)), "9999-12-30T22:00:00Z");
    }
}
