use keyfob_tokens::{ReadError, UnknownFormat};
use serde::Serialize;
use thiserror::Error;
use wasm_bindgen::JsValue;

/// Thrown as an `Error` that has the code as its name; `package/tokens-api.js` makes a `KeyfobError` of it.
#[derive(Debug, PartialEq, Eq, Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    SeedFile(#[from] ReadError),
    #[error(transparent)]
    Format(#[from] UnknownFormat),
    #[error("no device of the seed file has this serial number: take one of its preview")]
    UnknownSerialNumber,
    #[error("the text does not fit into a QR code: shorten it")]
    QrCodeTooLong,
    #[error("errorCorrection has to be 'L', 'M', 'Q' or 'H'")]
    ErrorCorrection,
}

impl Failure {
    /// For programs; the message is for people.
    fn code(&self) -> &'static str {
        match self {
            Self::SeedFile(error) => code_of(error),
            Self::Format(UnknownFormat) => "unknown-format",
            Self::UnknownSerialNumber => "unknown-serial-number",
            Self::QrCodeTooLong => "qr-code-too-long",
            Self::ErrorCorrection => "out-of-range",
        }
    }
}

fn code_of(error: &ReadError) -> &'static str {
    match error {
        ReadError::Empty => "seed-file-empty",
        ReadError::TooLarge => "seed-file-too-large",
        ReadError::NotUtf8 { .. } => "seed-file-not-utf8",
        ReadError::NotRecognised => "seed-file-not-recognised",
        ReadError::NoRecords => "seed-file-without-records",
        ReadError::TooManyRejects => "seed-file-too-many-rejects",
        ReadError::MalformedXml { .. } => "seed-file-malformed-xml",
        ReadError::TruncatedXml => "seed-file-truncated",
        ReadError::DocumentType => "seed-file-document-type",
        ReadError::ExcessiveXml => "seed-file-excessive-xml",
        ReadError::NotPskc(_) => "seed-file-not-pskc",
        ReadError::UnsupportedVersion(_) => "seed-file-unsupported-version",
        ReadError::NoHeader => "seed-file-without-header",
        ReadError::UnknownColumn(_) => "seed-file-unknown-column",
        ReadError::RepeatedColumn(_) => "seed-file-repeated-column",
        // Errors may be added; this code is for all that have none yet.
        _ => "seed-file-unreadable",
    }
}

impl From<Failure> for JsValue {
    fn from(failure: Failure) -> Self {
        let error = js_sys::Error::new(&failure.to_string());
        error.set_name(failure.code());
        error.into()
    }
}

/// Objects for structures, a bigint for each `u64` and `i64`, and nothing where a value is missing.
pub(crate) fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_large_number_types_as_bigints(true);
    value.serialize(&serializer).map_err(Into::into)
}
