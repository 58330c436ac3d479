use keyfob_core::{
    Algorithm, Digits, Drift, ImportedDevice, MovingFactor, Parameters, Period, Position, SerialNumber,
    UnixTime,
};
use roxmltree::Node;

use super::{
    Container,
    data::{COUNTER, Data, TIME, TIME_DRIFT, TIME_INTERVAL},
    element::{attribute, child_text, name_in, only_child},
    policy,
};
use crate::{Excerpt, RejectReason, values};

/// One key of a package (RFC 6030 §4.1).
#[derive(Clone, Copy)]
pub(crate) struct Key<'a, 'input> {
    node: Node<'a, 'input>,
    /// `DeviceInfo` of its package.
    info: Option<Node<'a, 'input>>,
    container: Container<'a, 'input>,
}

/// The key's Id to show, unless it is longer than any serial number.
pub(crate) fn short_id(node: Node<'_, '_>) -> Option<String> {
    id(node).filter(|id| id.len() <= SerialNumber::MAX_LENGTH).map(str::to_owned)
}

fn id<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    attribute(node, &["Id", "KeyId"]).filter(|id| !id.is_empty())
}

impl<'a, 'input> Key<'a, 'input> {
    pub(crate) fn find(
        node: Node<'a, 'input>,
        package: Node<'a, 'input>,
        container: Container<'a, 'input>,
    ) -> Result<Self, RejectReason> {
        if name_in(package, container.root).is_none() || name_in(node, package).is_none() {
            return Err(RejectReason::ForeignNamespace);
        }
        Ok(Self { node, info: only_child(package, &["DeviceInfo", "DeviceId"])?, container })
    }

    /// `SerialNo`, or else the key's Id, which vendors set to the same.
    pub(crate) fn serial(self) -> Result<SerialNumber, RejectReason> {
        let serial = self.about_device(&["SerialNo"])?.filter(|serial| !serial.is_empty());
        Ok(serial.or_else(|| id(self.node)).ok_or(RejectReason::MissingSerial)?.parse()?)
    }

    pub(crate) fn device(self) -> Result<ImportedDevice, RejectReason> {
        let serial = self.serial()?;
        let kind = self.kind()?;
        policy::check(self.node)?;
        let (algorithm, digits) = self.algorithm_parameters()?;
        let data = Data { key: self.node, container: self.container };
        let secret = data.secret()?;
        let (moving_factor, position) = match kind {
            Kind::Hotp => (MovingFactor::Counter, next_counter(data)?),
            Kind::Totp => time_steps(data)?,
        };
        Ok(ImportedDevice {
            serial,
            secret,
            parameters: Parameters { moving_factor, algorithm, digits },
            position,
            manufacturer: values::label(self.about_device(&["Manufacturer"])?, "Manufacturer")?,
            model: values::label(self.about_device(&["Model"])?, "Model")?,
            expires: self.expires()?,
        })
    }

    /// The device's own date or the key's (RFC 6030 §4.2.1, §5), whichever comes first.
    fn expires(self) -> Result<Option<UnixTime>, RejectReason> {
        let dates = [self.about_device(&["ExpiryDate"])?, policy::expiry_date(self.node)?];
        let times = dates.into_iter().flatten().map(|date| values::date_time(date, "ExpiryDate"));
        Ok(times.collect::<Result<Vec<_>, _>>()?.into_iter().min())
    }

    fn about_device(&self, names: &'static [&'static str]) -> Result<Option<&str>, RejectReason> {
        self.info.map_or(Ok(None), |info| child_text(info, names))
    }

    fn kind(self) -> Result<Kind, RejectReason> {
        let uri = attribute(self.node, &["Algorithm", "KeyAlgorithm"]).ok_or(RejectReason::MissingType)?;
        Kind::of_uri(uri).ok_or_else(|| RejectReason::UnsupportedType(Excerpt::of_name(uri)))
    }

    /// The hash and the length of the codes (RFC 6030 §4.3.4), which must be decimal and without a check digit.
    fn algorithm_parameters(self) -> Result<(Algorithm, Digits), RejectReason> {
        let parameters =
            only_child(self.node, &["AlgorithmParameters", "Usage"])?.ok_or(RejectReason::MissingDigits)?;
        let suite = child_text(parameters, &["Suite"])?;
        let format = only_child(parameters, &["ResponseFormat"])?.ok_or(RejectReason::MissingDigits)?;
        Ok((values::algorithm(suite)?, response_format(format)?))
    }
}

/// The two algorithm profiles that are read.
enum Kind {
    Hotp,
    Totp,
}

impl Kind {
    /// By the profile's URI (RFC 6030 §10) in any of the forms in use; the first draft had a bare name.
    fn of_uri(uri: &str) -> Option<Self> {
        const PREFIXES: [&str; 4] = [
            "urn:ietf:params:xml:ns:keyprov:pskc:",
            "urn:ietf:params:xml:ns:keyprov:pskc#",
            "http://www.ietf.org/keyprov/pskc#",
            "",
        ];
        let uri = uri.to_ascii_lowercase();
        PREFIXES.iter().filter_map(|prefix| uri.strip_prefix(prefix)).find_map(|name| match name {
            "hotp" => Some(Self::Hotp),
            "totp" => Some(Self::Totp),
            _ => None,
        })
    }
}

fn response_format(format: Node<'_, '_>) -> Result<Digits, RejectReason> {
    let encoding = attribute(format, &["Encoding", "Format", "format"]).unwrap_or("DECIMAL");
    if !encoding.eq_ignore_ascii_case("DECIMAL") {
        return Err(RejectReason::UnsupportedEncoding(Excerpt::of_name(encoding)));
    }
    let check_digits = attribute(format, &["CheckDigits", "CheckDigit"]).unwrap_or("false");
    if check_digits != "0" && !check_digits.eq_ignore_ascii_case("false") {
        return Err(RejectReason::CheckDigits);
    }
    values::digits(attribute(format, &["Length", "length"]).ok_or(RejectReason::MissingDigits)?, "Length")
}

/// The counter of the next code (RFC 6030 §10.1: required).
fn next_counter(data: Data<'_, '_>) -> Result<Position, RejectReason> {
    data.unsigned(COUNTER)?.map(Position::before_counter).ok_or(RejectReason::MissingCounter)
}

/// Time steps since 1970, and how far the device's clock is off.
fn time_steps(data: Data<'_, '_>) -> Result<(MovingFactor, Position), RejectReason> {
    if data.unsigned(TIME)?.is_some_and(|time| time != 0) {
        return Err(RejectReason::NonZeroTime);
    }
    let seconds = data.unsigned(TIME_INTERVAL)?.map(u32::try_from).transpose();
    let moving_factor =
        values::time_steps(seconds.map_err(|_| RejectReason::MalformedNumber(TIME_INTERVAL[0]))?)?;
    let drift = match (moving_factor, data.signed(TIME_DRIFT)?) {
        (MovingFactor::Time { period, .. }, Some(steps)) => drift(steps, period)?,
        _ => Drift::default(),
    };
    Ok((moving_factor, Position { drift, ..Position::default() }))
}

/// `TimeDrift` counts time steps, negative where the device's clock is behind (RFC 6030 §4.1).
fn drift(steps: i64, period: Period) -> Result<Drift, RejectReason> {
    const MAX_SECONDS: u64 = 24 * 60 * 60;
    let seconds = steps.checked_mul(i64::from(period.seconds())).ok_or(RejectReason::ExcessiveDrift)?;
    if seconds.unsigned_abs() > MAX_SECONDS {
        Err(RejectReason::ExcessiveDrift)
    } else {
        Ok(Drift { seconds, entry_delay: 0 })
    }
}
