use keyfob_core::{Digits, ImportedDevice, MovingFactor, Parameters, Position, SerialNumber};
use std::borrow::Cow;

use super::{
    fields::Fields,
    header::{Column, Header},
    secret::{self, SecretEncoding},
};
use crate::{Excerpt, RejectReason, values};

/// A line of the table.
pub(crate) struct Row<'a> {
    header: &'a Header,
    fields: Vec<Cow<'a, str>>,
}

impl<'a> Row<'a> {
    pub(crate) fn parse(line: &'a str, header: &'a Header) -> Result<Self, RejectReason> {
        let expected = header.columns.len();
        let mut remaining = Fields::of(line, header.delimiter);
        let fields = remaining.by_ref().take(expected).collect::<Result<Vec<_>, _>>()?;
        let found = fields.len() + remaining.count();
        if found == expected {
            Ok(Self { header, fields })
        } else {
            Err(RejectReason::FieldCount { expected, found })
        }
    }

    /// The field's text; `None` where there is no such column or nothing in it.
    pub(crate) fn get(&self, wanted: Column) -> Option<&str> {
        let at = self.header.columns.iter().position(|column| *column == wanted)?;
        self.fields.get(at).map(|field| field.trim()).filter(|field| !field.is_empty())
    }

    /// The serial number, unless it is so long that it could be a secret under the wrong heading.
    pub(crate) fn serial_to_show(&self) -> Option<String> {
        const MAX_SHOWN: usize = 20;
        let serial = self.serial().ok()?;
        (serial.as_str().len() <= MAX_SHOWN).then(|| serial.as_str().to_owned())
    }

    /// `either`: how a secret is read that can be read as hexadecimal and as base32.
    pub(crate) fn device(&self, either: Option<SecretEncoding>) -> Result<ImportedDevice, RejectReason> {
        let serial = self.serial()?;
        let (moving_factor, position) = self.moving_factor()?;
        let algorithm = values::algorithm(self.get(Column::Algorithm))?;
        let digits =
            self.get(Column::Digits).map_or(Ok(Digits::SIX), |text| values::digits(text, "digits"))?;
        Ok(ImportedDevice {
            serial,
            secret: secret::read(self, either)?,
            parameters: Parameters { moving_factor, algorithm, digits },
            position,
            manufacturer: values::label(self.get(Column::Manufacturer), "manufacturer")?,
            model: values::label(self.get(Column::Model), "model")?,
            expires: None,
        })
    }

    fn serial(&self) -> Result<SerialNumber, RejectReason> {
        Ok(self.get(Column::Serial).ok_or(RejectReason::MissingSerial)?.parse()?)
    }

    fn moving_factor(&self) -> Result<(MovingFactor, Position), RejectReason> {
        match (self.get(Column::Type), self.get(Column::Counter), self.get(Column::Period)) {
            (Some(kind), ..) if kind.eq_ignore_ascii_case("HOTP") => self.counter(),
            (Some(kind), ..) if kind.eq_ignore_ascii_case("TOTP") => self.time_steps(),
            (Some(kind), ..) => Err(RejectReason::UnsupportedType(Excerpt::of_cell(kind))),
            (None, Some(_), Some(_)) => Err(RejectReason::MissingType),
            (None, Some(_), None) => self.counter(),
            (None, None, _) => self.time_steps(),
        }
    }

    fn counter(&self) -> Result<(MovingFactor, Position), RejectReason> {
        let text = self.get(Column::Counter).ok_or(RejectReason::MissingCounter)?;
        let counter = values::decimal(text).ok_or(RejectReason::MalformedNumber("counter"))?;
        Ok((MovingFactor::Counter, Position::before_counter(counter)))
    }

    fn time_steps(&self) -> Result<(MovingFactor, Position), RejectReason> {
        let seconds = |text| values::decimal(text).ok_or(RejectReason::MalformedNumber("period"));
        let seconds = self.get(Column::Period).map(seconds).transpose()?;
        Ok((values::time_steps(seconds)?, Position::default()))
    }
}
