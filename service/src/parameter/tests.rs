use super::*;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn query(body: &str) -> Result<Query, QueryError> {
    Query::parse(body.as_bytes())
}

/// What is said about a request whose parameters are these.
fn complaint<T, E: Display>(body: &str, read: impl Fn(&Query) -> Result<T, E>) -> String {
    query(body).map_or_else(
        |error| error.to_string(),
        |query| read(&query).err().map_or_else(String::new, |error| error.to_string()),
    )
}

fn of(value: &str, member: &str, constraint: &str) -> String {
    format!(
        "1 validation error detected: Value {value}at '{member}' failed to satisfy constraint: Member must {constraint}"
    )
}

#[test]
fn a_user_name_is_checked_as_aws_does() {
    let pattern = r"satisfy regular expression pattern: [\w+=,.@-]+";
    let long = "a".repeat(129);
    let cases = [
        ("", of("null ", "userName", "not be null")),
        ("UserName=", of("'' ", "userName", "have length greater than or equal to 1")),
        (
            &format!("UserName={long}"),
            of(&format!("'{long}' "), "userName", "have length less than or equal to 128"),
        ),
        ("UserName=a/b", of("'a/b' ", "userName", pattern)),
        ("UserName=a%00", of(r"'a\u{0}' ", "userName", pattern)),
        ("UserName=%D8%B9%D8%A8%D8%AF", String::new()),
        ("UserName=DIRECTORY%5Calice", String::new()),
        ("UserName=a&UserName=a", "the parameter UserName stands twice: send it once".into()),
        (&format!("UserName={}", "a".repeat(128)), String::new()),
    ];
    for (body, expected) in cases {
        assert_eq!(complaint(body, user_name), expected, "{body}");
    }
}

#[test]
fn a_serial_number_is_checked() {
    let pattern = r"satisfy regular expression pattern: [\w+=/:,.@-]+";
    assert_eq!(complaint("", serial_number), of("null ", "serialNumber", "not be null"));
    assert_eq!(complaint("SerialNumber=a%20b", serial_number), of("'a b' ", "serialNumber", pattern));
    let long = format!("SerialNumber={}", "1".repeat(257));
    assert!(complaint(&long, serial_number).ends_with("length less than or equal to 256"));
    assert_eq!(complaint("SerialNumber=arn:aws:iam::000000000000:mfa/x", serial_number), "");
}

#[test]
fn codes_keep_leading_zeros_and_are_never_shown() -> Outcome {
    let [code1, code2] = codes(&query("AuthenticationCode1=000001&AuthenticationCode2=12345678")?)?;
    assert_eq!((code1.reveal(), code2.reveal()), ("000001".into(), "12345678".into()));
    for (code, constraint) in [
        ("", "have length greater than or equal to 6"),
        ("12345", "have length greater than or equal to 6"),
        ("12345678901", "have length less than or equal to 10"),
        ("abcdef", r"satisfy regular expression pattern: [\d]+"),
        ("12+456", r"satisfy regular expression pattern: [\d]+"),
    ] {
        let body = format!("AuthenticationCode1=123456&AuthenticationCode2={code}");
        assert_eq!(complaint(&body, codes), of("", "authenticationCode2", constraint), "{code}");
    }
    assert_eq!(
        complaint("AuthenticationCode2=123456", codes),
        of("null ", "authenticationCode1", "not be null")
    );
    Ok(())
}

#[test]
fn pages_have_1_to_1000_items() -> Outcome {
    assert_eq!(paging(&query("")?)?, Paging { marker: None, max_items: 100 });
    assert_eq!(
        paging(&query("MaxItems=1000&Marker=x")?)?,
        Paging { marker: Some("x".into()), max_items: 1000 }
    );
    assert_eq!(
        complaint("MaxItems=0", paging),
        of("'0' ", "maxItems", "have value greater than or equal to 1")
    );
    for number in ["1001", "99999999999999999999"] {
        let expected = of(&format!("'{number}' "), "maxItems", "have value less than or equal to 1000");
        assert_eq!(complaint(&format!("MaxItems={number}"), paging), expected);
    }
    assert_ne!(complaint("MaxItems=%2B5", paging), "");
    assert_ne!(complaint("MaxItems=", paging), "");
    assert_ne!(complaint("Marker=", paging), "");
    assert_ne!(complaint(&format!("Marker={}", "x".repeat(321)), paging), "");
    Ok(())
}

#[test]
fn a_session_lasts_15_minutes_to_36_hours() -> Outcome {
    assert_eq!(duration_seconds(&query("")?)?, 43_200);
    assert_eq!(complaint("DurationSeconds=900", duration_seconds), "");
    assert_ne!(complaint("DurationSeconds=899", duration_seconds), "");
    assert_ne!(complaint("DurationSeconds=129601", duration_seconds), "");
    Ok(())
}

#[test]
fn a_device_path_fits_into_a_serial_number() -> Outcome {
    assert_eq!(device_path(&query("VirtualMFADeviceName=phone")?)?, "/phone");
    assert_eq!(device_path(&query("VirtualMFADeviceName=phone&Path=/a/b/")?)?, "/a/b/phone");
    for path in ["a", "/a", "a/", "//", ""] {
        assert_ne!(complaint(&format!("VirtualMFADeviceName=phone&Path={path}"), device_path), "", "{path}");
    }
    assert_ne!(complaint(&format!("VirtualMFADeviceName=phone&Path=/{}/", "a".repeat(250)), device_path), "");
    Ok(())
}

#[test]
fn tags_have_one_key_each() -> Outcome {
    let body = "Tags.member.2.Key=b&Tags.member.2.Value=&Tags.member.1.Key=a+c&Tags.member.1.Value=x";
    assert_eq!(tags(&query(body)?)?, [("a c".into(), "x".into()), ("b".into(), String::new())]);
    let doubled = "Tags.member.1.Key=a&Tags.member.1.Value=x&Tags.member.2.Key=A&Tags.member.2.Value=y";
    assert!(complaint(doubled, tags).starts_with("Duplicate tag keys"));
    assert_eq!(complaint("Tags.member.1.Key=a", tags), of("null ", "tags.1.member.value", "not be null"));
    assert_eq!(complaint("", required_tags), of("null ", "tags", "not be null"));
    assert_eq!(complaint("", tag_keys), of("null ", "tagKeys", "not be null"));
    let many: Vec<_> = (1..=51).map(|n| format!("TagKeys.member.{n}=k{n}")).collect();
    assert!(complaint(&many.join("&"), tag_keys).ends_with("length less than or equal to 50"));
    Ok(())
}

#[test]
fn the_assignment_status_is_one_of_three() -> Outcome {
    assert_eq!(assignment_status(&query("AssignmentStatus=Unassigned")?)?, Some(false));
    assert_eq!(assignment_status(&query("")?)?, None);
    assert!(complaint("AssignmentStatus=any", assignment_status).ends_with("[Assigned, Unassigned, Any]"));
    Ok(())
}
