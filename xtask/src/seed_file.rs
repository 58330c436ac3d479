//! A token's secret as it stands in a PSKC file (RFC 6030), read without Keyfob's own reader: the demo's codes are to come from elsewhere.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use keyfob_tests::{
    Result, Token,
    token::{self, Kind},
};

/// The file's first TOTP token with time steps of 30 seconds.
///
/// # Errors
/// There is none.
pub fn first_token(pskc: &str) -> Result<Token> {
    let mut all = pskc.split("<KeyPackage>").skip(1).filter_map(Found::in_package);
    let found =
        all.find(|found| found.period == 30).ok_or("the seed file has no TOTP token of 30 seconds")?;
    let Found { serial, secret, period, digits } = found;
    Ok(Token { serial, key: token::hex(&base64(&secret)?), kind: Kind::Totp { period }, digits })
}

struct Found {
    serial: String,
    secret: String,
    period: u64,
    digits: u8,
}

impl Found {
    fn in_package(package: &str) -> Option<Self> {
        Some(Self {
            serial: element(package, "SerialNo")?,
            secret: element(after(package, "<Secret>")?, "PlainValue")?,
            period: element(after(package, "<TimeInterval>")?, "PlainValue")?.parse().ok()?,
            digits: after(package, "Length=\"")?.split('"').next()?.parse().ok()?,
        })
    }
}

fn element(text: &str, name: &str) -> Option<String> {
    let content = after(text, &format!("<{name}>"))?.split('<').next()?;
    Some(content.trim().to_owned())
}

fn after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    text.split_once(mark).map(|(_, rest)| rest)
}

fn base64(text: &str) -> Result<Vec<u8>> {
    let mut decoder =
        Command::new("base64").arg("--decode").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    decoder.stdin.take().ok_or("no pipe")?.write_all(text.as_bytes())?;
    let output = decoder.wait_with_output()?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err("the seed file's secret is no base64".into())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const PSKC: &str = r#"<KeyContainer>
        <KeyPackage><SerialNo>1</SerialNo><ResponseFormat Length="6"/>
            <Secret><PlainValue>AAAA</PlainValue></Secret><Counter><PlainValue>0</PlainValue></Counter></KeyPackage>
        <KeyPackage><SerialNo>2</SerialNo><ResponseFormat Length="8" Encoding="DECIMAL"/>
            <Secret> <PlainValue> MTIz </PlainValue></Secret>
            <Time><PlainValue>0</PlainValue></Time><TimeInterval><PlainValue>60</PlainValue></TimeInterval></KeyPackage>
        <KeyPackage><SerialNo>3</SerialNo><ResponseFormat Length="8" Encoding="DECIMAL"/>
            <Secret> <PlainValue> MTIz </PlainValue></Secret>
            <TimeInterval><PlainValue>30</PlainValue></TimeInterval></KeyPackage>"#;

    #[test]
    fn finds_the_first_token_of_30_seconds() {
        let token = first_token(PSKC).unwrap();
        assert_eq!((token.serial.as_str(), token.key.as_str(), token.digits), ("3", "313233", 8));
        assert_eq!(token.kind, Kind::Totp { period: 30 });
    }

    #[test]
    fn says_that_there_is_none() {
        let error = first_token("<KeyContainer/>").unwrap_err().to_string();
        assert_eq!(error, "the seed file has no TOTP token of 30 seconds");
    }
}
