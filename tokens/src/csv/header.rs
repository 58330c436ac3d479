use crate::{Excerpt, ReadError, csv::fields::Fields};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Serial,
    Secret,
    SecretHex,
    SecretBase32,
    Type,
    Algorithm,
    Digits,
    Period,
    Counter,
    Manufacturer,
    Model,
    /// Who has the token, as some vendors' tables say: association does that.
    Owner,
}

/// The first line of a table.
pub(crate) struct Header {
    pub(crate) delimiter: char,
    pub(crate) columns: Vec<Column>,
}

impl Header {
    const DELIMITERS: [char; 3] = [',', ';', '\t'];
    /// More than there are meanings.
    const MAX_COLUMNS: usize = 64;

    pub(crate) fn parse(line: &str) -> Result<Self, ReadError> {
        let (delimiter, names) = Self::DELIMITERS
            .into_iter()
            .filter_map(|delimiter| Some((delimiter, names(line, delimiter)?)))
            .find(|(_, names)| is_table(names))
            .ok_or(ReadError::NoHeader)?;
        let mut columns = Vec::with_capacity(names.len());
        for name in names {
            let column =
                Column::named(&name).ok_or_else(|| ReadError::UnknownColumn(Excerpt::of_name(&name)))?;
            if columns.iter().any(|earlier: &Column| earlier.name() == column.name()) {
                return Err(ReadError::RepeatedColumn(column.name()));
            }
            columns.push(column);
        }
        Ok(Self { delimiter, columns })
    }
}

/// The names of the columns, or `None` where the line can't be split so.
fn names(line: &str, delimiter: char) -> Option<Vec<String>> {
    let trimmed = |name: Result<std::borrow::Cow<str>, _>| name.ok().map(|name| name.trim().to_owned());
    Fields::of(line, delimiter).take(Header::MAX_COLUMNS).map(trimmed).collect()
}

fn is_table(names: &[String]) -> bool {
    let has = |meaning: &str| {
        names.iter().filter_map(|name| Column::named(name)).any(|column| column.name() == meaning)
    };
    has(Column::Serial.name()) && has(Column::Secret.name())
}

impl Column {
    /// The column of that name: letters and digits count, their case doesn't.
    fn named(name: &str) -> Option<Self> {
        let name: String =
            name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        Some(match name.as_str() {
            "serial" | "serialnumber" | "serialno" | "sn" | "tokenserial" | "tokenserialnumber" => {
                Self::Serial
            }
            "type" | "otptype" | "tokentype" => Self::Type,
            "algorithm" | "hash" | "hashalgorithm" => Self::Algorithm,
            "digits" | "otplength" | "codelength" => Self::Digits,
            "period" | "interval" | "timeinterval" | "timestep" | "step" => Self::Period,
            "counter" | "eventcounter" | "nextcounter" => Self::Counter,
            "manufacturer" | "vendor" => Self::Manufacturer,
            "model" | "tokenmodel" => Self::Model,
            "upn" | "user" | "username" | "owner" => Self::Owner,
            name => Self::secret(name)?,
        })
    }

    fn secret(name: &str) -> Option<Self> {
        let is_secret = |name: &&str| matches!(*name, "secret" | "secretkey" | "seed" | "key" | "tokenseed");
        let written =
            |encoding| name.strip_suffix(encoding).or_else(|| name.strip_prefix(encoding)).filter(is_secret);
        written("hex")
            .map(|_| Self::SecretHex)
            .or_else(|| written("base32").map(|_| Self::SecretBase32))
            .or_else(|| is_secret(&name).then_some(Self::Secret))
    }

    /// What it means; columns of one name exclude each other.
    const fn name(self) -> &'static str {
        match self {
            Self::Serial => "serial number",
            Self::Secret | Self::SecretHex | Self::SecretBase32 => "secret",
            Self::Type => "type",
            Self::Algorithm => "algorithm",
            Self::Digits => "digits",
            Self::Period => "period",
            Self::Counter => "counter",
            Self::Manufacturer => "manufacturer",
            Self::Model => "model",
            Self::Owner => "owner",
        }
    }
}
