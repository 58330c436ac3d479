use keyfob_tokens::ReadError;
use serde::Serialize;
use wasm_bindgen::JsValue;

/// What is thrown, until `tokens.js` makes a `KeyfobError` of it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Failure {
    /// For programs.
    pub(crate) code: &'static str,
    /// For people.
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn new(code: &'static str, message: &(impl ToString + ?Sized)) -> Self {
        Self { code, message: message.to_string() }
    }
}

impl From<Failure> for JsValue {
    fn from(failure: Failure) -> Self {
        to_js(&failure).unwrap_or_else(|_| Self::from_str(&failure.message))
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        let code = match error {
            ReadError::Empty => "seed-file-empty",
            ReadError::TooLarge => "seed-file-too-large",
            ReadError::NotUtf8 { .. } => "seed-file-not-utf8",
            ReadError::NotRecognised => "seed-file-not-recognised",
            ReadError::NoRecords => "seed-file-without-records",
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
        };
        Self::new(code, &error)
    }
}

/// Objects for structures, a bigint for each `u64` and `i64`, and nothing where a value is missing.
pub(crate) fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_large_number_types_as_bigints(true);
    value.serialize(&serializer).map_err(Into::into)
}
